/** How one language says the same otherwise. */
export type Phrasing = {
  readonly spaced: boolean
  readonly synonyms: ReadonlyMap<string, readonly string[]>
  /** Finds what has a synonym. */
  readonly pattern: RegExp
  readonly fillers: readonly string[]
  readonly greetings: readonly string[]
  readonly closings: readonly string[]
}

type Table = {
  readonly spaced?: boolean
  readonly pairs: string
  readonly fillers: string
  readonly greetings: string
  readonly closings: string
}

/** Lists are parted by bars; of each pair the second stands for the first, and for each other use of it. */
function phrasing({ spaced = true, pairs, fillers, greetings, closings }: Table): Phrasing {
  const list = (text: string): readonly string[] => text.split('|').map((each) => each.trim())
  const synonyms = new Map(
    list(pairs).map((pair) => {
      const [one = '', ...others] = pair.split('=').map((each) => each.trim())
      return [one, others] as const
    }),
  )
  // Longest first, so that a phrase is found before its words.
  const found = [...synonyms.keys()].sort((a, b) => b.length - a.length).join('|')
  const [before, after] = spaced ? ['(?<!\\p{L})', '(?!\\p{L})'] : ['', '']
  return {
    spaced,
    synonyms,
    pattern: new RegExp(`${before}(?:${found})${after}`, 'giu'),
    fillers: list(fillers),
    greetings: list(greetings),
    closings: list(closings),
  }
}

const english = phrasing({
  pairs:
    'step by step = one step at a time = in single steps | step = stage = move | steps = stages = moves | explain = set out = make clear = describe | show = display = present | write = put down = compose | write out = set down = spell out | reasoning = line of thought = thinking = train of thought | think = reflect = ponder | thinking = reasoning = reflection | answer = reply = result | question = query = matter | problem = task = exercise | solve = work out = crack | solution = way to solve it = result | complete = whole = entire | full = whole = complete | detailed = thorough = close | in detail = at length = closely | before = ahead of = prior to | then = next = after that | first = to begin with = firstly | give = hand = provide | make = produce = build | create = make = build | generate = produce = make up | list = name = set out | use = apply = take | find = look for = determine | consider = look at = weigh | carefully = with care = closely | clearly = plainly = in plain words | short = brief = terse | long = lengthy = extended | good = fine = decent | important = weighty = central | example = instance = sample | following = next = below | text = passage = piece | help = assist = support | need = require = want | want = would like = wish | tell = let know = inform | should = ought to = must | must = have to = need to | only = just = solely | also = too = as well | because = since = as | very = quite = really | many = a lot of = several | each = every = every single | rate = mark = assess | score = mark = grade | compare = set side by side = contrast | better = stronger = superior | final = last = concluding | describe = depict = sketch | user = person = visitor | response = reply = answer | summarize = sum up = condense | rewrite = rephrase = write anew | translate = render = turn',
  fillers: 'really|here|now|perhaps|just|simply|well|actually|in fact|again',
  greetings:
    'Hello,|Hi there!|Please,|Good day.|Could you do this for me:|I have a request:|If you do not mind,|Hey,|One thing:|Kindly,',
  closings:
    'Thanks!|Thank you.|Thanks in advance.|That would help.|Much obliged.|Take your time.|Cheers.',
})

const byName: Readonly<Record<string, Phrasing>> = {
  en: english,
  es: phrasing({
    pairs:
      'paso a paso = por pasos = un paso tras otro | explica = describe = aclara | muestra = enseña = presenta | escribe = redacta = pon | razonamiento = línea de pensamiento = reflexión | respuesta = contestación = resultado | pregunta = cuestión = duda | problema = ejercicio = tarea | resuelve = soluciona = halla | detallado = minucioso = extenso | completo = entero = total | antes de = previo a | también = además | muy = bastante | cuál = qué | dime = dinos = cuéntame | necesito = requiero = quiero | ejemplo = muestra = caso',
    fillers: 'pues|ahora|bien|quizá|de hecho|simplemente',
    greetings: 'Hola:|Por favor,|Buenas.|Una cosa:|Si puedes,',
    closings: 'Gracias.|Muchas gracias.|De antemano gracias.',
  }),
  fr: phrasing({
    pairs:
      'étape par étape = pas à pas = par étapes | explique = décris = précise | montre = présente = expose | écris = rédige = note | raisonnement = cheminement = réflexion | réponse = résultat = solution | question = demande = interrogation | problème = exercice = tâche | résous = trouve la solution de = règle | détaillé = approfondi = minutieux | complet = entier = total | avant de = avant même de | aussi = également | très = fort | exemple = cas = échantillon | besoin = envie',
    fillers: 'donc|alors|bien|peut-être|en fait|simplement',
    greetings: 'Bonjour,|Salut !|S’il te plaît,|Une chose :|Si possible,',
    closings: 'Merci.|Merci beaucoup.|Merci d’avance.',
  }),
  de: phrasing({
    pairs:
      'schritt für schritt = einen schritt nach dem andern = in einzelnen schritten | erkläre = beschreibe = erläutere | zeige = lege dar = stelle dar | schreibe = verfasse = notiere | antwort = lösung = ergebnis | frage = anfrage = sache | aufgabe = übung = problem | löse = bearbeite = knacke | ausführlich = gründlich = eingehend | vollständig = ganz = komplett | bevor = ehe | auch = ebenso | sehr = recht | beispiel = muster = fall | brauche = benötige = möchte',
    fillers: 'nun|jetzt|eben|vielleicht|einfach|tatsächlich',
    greetings: 'Hallo,|Guten Tag.|Bitte:|Eine Sache:|Wenn es geht,',
    closings: 'Danke.|Vielen Dank.|Danke im Voraus.',
  }),
  pt: phrasing({
    pairs:
      'passo a passo = por passos = um passo de cada vez | explique = descreva = esclareça | mostre = apresente = exponha | escreva = redija = anote | raciocínio = linha de pensamento = reflexão | resposta = resultado = solução | pergunta = questão = dúvida | problema = exercício = tarefa | resolva = solucione = ache | detalhado = minucioso = extenso | completo = inteiro = total | também = além disso | muito = bastante | exemplo = caso = amostra',
    fillers: 'pois|agora|bem|talvez|na verdade|apenas',
    greetings: 'Olá,|Por favor,|Bom dia.|Uma coisa:|Se puder,',
    closings: 'Obrigado.|Muito obrigado.|Desde já grato.',
  }),
  ru: phrasing({
    pairs:
      'шаг за шагом = по одному шагу = последовательно | объясни = опиши = растолкуй | объясните = опишите = растолкуйте | покажи = представь = изложи | напиши = составь = запиши | ответ = решение = результат | вопрос = запрос = дело | задача = упражнение = задание | реши = разбери = найди решение | подробно = тщательно = обстоятельно | полностью = целиком = до конца | прежде чем = до того как | также = ещё | очень = весьма | пример = случай = образец',
    fillers: 'ну|вот|сейчас|пожалуй|просто|собственно',
    greetings: 'Здравствуйте!|Привет,|Пожалуйста,|Такое дело:|Если можно,',
    closings: 'Спасибо.|Большое спасибо.|Заранее благодарю.',
  }),
  zh: phrasing({
    spaced: false,
    pairs:
      '一步一步 = 按顺序 = 分步 | 逐步 = 一步步 = 分步 | 解释 = 说明 = 讲讲 | 请问 = 想问 = 问一下 | 答案 = 结果 = 解答 | 问题 = 题目 = 疑问 | 过程 = 经过 = 步骤 | 详细 = 仔细 = 具体 | 完整 = 全部 = 整个 | 写出 = 列出 = 写下 | 怎么 = 如何 = 怎样 | 因为 = 由于 | 但是 = 不过 = 可是 | 需要 = 要 = 想要 | 例子 = 实例 = 示例 | 最后 = 最终 | 首先 = 先',
    fillers: '那么|其实|麻烦|现在|大概',
    greetings: '你好，|您好！|请帮忙：|有件事：|麻烦你，',
    closings: '谢谢。|多谢！|非常感谢。',
  }),
  ja: phrasing({
    spaced: false,
    pairs:
      'ステップ = 段取り = 手順 | 順を追って = 一つずつ = 順番に | 説明 = 解説 = 紹介 | 答え = 解答 = 回答 | 問題 = 課題 = 設問 | 詳しく = 細かく = 丁寧に | 過程 = 流れ = 経過 | 書いて = 記して = 示して | 教えて = 知らせて = 聞かせて | 例 = 実例 | 最後 = 終わり | まず = 最初に = 初めに',
    fillers: 'では|実は|たぶん|ちょっと|今',
    greetings: 'こんにちは。|すみません、|お願いします：|一つ質問です。',
    closings: 'ありがとう。|よろしくお願いします。|助かります。',
  }),
}

/** For any other language: capitals, stops and the order of sentences alone. */
const unknown: Phrasing = {
  spaced: true,
  synonyms: new Map(),
  pattern: /(?!)/g,
  fillers: [],
  greetings: [],
  closings: [],
}

const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Cyrillic}/u, 'ru'],
]

/** Small words that tell languages of the Latin script apart. */
const smallWords: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})(?:the|of|and|is|what|to|you|for|that|with|how)(?!\p{L})/giu, 'en'],
  [/(?<!\p{L})(?:el|los|las|una|que|qué|cómo|por|para|del|cuál)(?!\p{L})/giu, 'es'],
  [/(?<!\p{L})(?:le|les|une|des|est|qui|dans|pour|quel|quelle|et)(?!\p{L})/giu, 'fr'],
  [/(?<!\p{L})(?:der|die|das|und|ist|nicht|ein|eine|wie|welche|für)(?!\p{L})/giu, 'de'],
  [/(?<!\p{L})(?:o|os|uma|que|não|como|para|em|qual|do|da)(?!\p{L})/giu, 'pt'],
]

/** How a text's language says things, by its script and its small words; English where those are missing. */
export function tongueOf(text: string): Phrasing {
  const start = text.slice(0, 400)
  const script = scripts.find(([pattern]) => pattern.test(start))
  if (script) return byName[script[1]] ?? unknown
  if (!/\p{Script=Latin}/u.test(start)) return unknown
  const counts = smallWords.map(
    ([pattern, name]) => [start.match(pattern)?.length ?? 0, name] as const,
  )
  const [most, name] = counts.reduce((best, each) => (each[0] > best[0] ? each : best), [0, 'en'])
  return most === 0 && /[^\p{ASCII}]/u.test(start) ? unknown : (byName[name] ?? unknown)
}
