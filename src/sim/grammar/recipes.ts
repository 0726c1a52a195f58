import type { Random } from '../../core/random.ts'
import { grammar } from './expand.ts'
import type { Grammar, Rules } from './expand.ts'
import type { Language } from './tongues.ts'
import type { Writer } from './writer.ts'

// How people who have read about prompting ask for more than an answer: steps, doubts, lengths, marks.
// Pupils, prompt collectors and laboratories write so, and so does a campaign that took care to.

export type Aim = 'reasoning' | 'answer' | 'grading'

/** What is put before and after a question. Either may be empty. */
export type Recipe = { readonly lead: string; readonly tail: string }

/** Complete sentences, divided by bars, so that they can stand in any order. */
type Kitchen = {
  readonly lead: string
  readonly reasoning: string
  readonly answer: string
  readonly grading: string
  readonly close: string
  /** Slots that the sentences above use. */
  readonly slots?: Rules
}

function sentences(text: string): readonly string[] {
  return text
    .split('|')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function recipesOf(kitchen: Kitchen): Grammar {
  const { slots = {}, ...rules } = kitchen
  const made = Object.fromEntries(
    Object.entries(rules).map(([name, all]) => [name, sentences(all)]),
  )
  return grammar(
    { ...made, ...slots },
    {
      n: ({ random }) => String(random.integer(2, 12)),
      many: ({ random }) => String(random.integer(2, 20) * 50),
    },
  )
}

const kitchens: Readonly<Record<Language, Kitchen>> = {
  en: {
    lead: `You are {role}. | Act as {role}. | I want you to be {role}. | Pretend you are {role}. | Imagine you are {role} with {n} years behind you. |
      {slow} | This is for {use}. | I am preparing {use}. | I need help with {use}. | Please read all of it first. | Here is {piece}. | Below is {piece}. |
      Have a look at {piece} below. | My teacher gave us {piece}. | {piece} for today: | Question from {use}: | Treat this as {standing}. | Consider it {standing}. |
      Help me understand {piece}. | I keep getting {piece} wrong. | Be honest with me. | No small talk please. | Context: {use}.`,
    reasoning: `{say} {thought}. | {say} {thought} {how}. | {first}, {say} {thought}. | {first}, {say} {thought} {how}. | I want to see {thought}. | I care about {thought} more than about the result. |
      Do not jump to the answer: {say} {thought}. | {say} {thought}, {even}. | Walk me through it {how}. | Think step by step. | Let's work this out step by step. | Think out loud. |
      Show your working. | Show all steps {how}. | Explain why each step is allowed. | Reason {how} before you decide. | Use a block called {tag} for {thought}. | Put {thought} between <{tag}> and </{tag}>. |
      Start with {thought}, {even}. | Take a deep breath and {say} {thought}. | Never skip a step. | What did you consider and drop, and why? | Go back over {thought} once more. | {test}`,
    answer: `Write at least {many} words. | Give the longest answer you can. | Use {n} headings. | Cover causes, exceptions and {n} examples. | As a table with {n} columns. | Reply as JSON with question, answer and level. |
      Then write {n} harder questions like it, with answers. | Give {n} different answers. | Write it as {role} would in print. | Explain it in {n} paragraphs, from simple to hard. | Include {n} worked examples. |
      Make it a complete lesson. | In depth please. | Add exercises with solutions. | List the skills one needs for it. | Make {n} variants of it. | Rewrite the question first, then answer it. | Give me a model answer.`,
    grading: `Mark both from 1 to {n} and say why. | Which one is better, and why? | Grade each against {criterion} and {criterion}. | Give marks for {criterion}, {criterion} and {criterion}. | Be a strict marker. |
      List the faults of each first. | Compare them on {criterion}. | Verdict last, as A or B. | Output JSON with marks and preferred. | Would {role} accept either? | Score {criterion} out of {n}. | Explain every mark in one sentence. |
      Pick a winner only after you weighed {criterion}. | Who wins and by how much? | Rank them. | Rate the tone as well.`,
    close: `{end} | {end} | Keep the units. | If you are not sure, say so. | Use plain words. | Answer in English. | Do not apologise. | No preamble. | Thanks! | {test} | State what you assume. | Round at the end only.`,
    slots: {
      role: sentences(
        'an examiner | a patient tutor | a senior analyst | a contest coach | an editor of textbooks | a systems engineer | a professor of logic | a clinical reviewer | a kind teacher | an expert in the field | a sceptical colleague | a tax adviser | a chess trainer | a staff engineer | a lab assistant | a curious child | a judge | a statistician | a debate champion | a librarian | a physics teacher | an interviewer',
      ),
      use: sentences(
        'an exam on Friday | a study group | my thesis | a job interview | a blog post | an evening class | my daughter’s homework | a quiz night | a workshop | a training course | a review at work | a scholarship test | our wiki | a book club | a slide deck | a prompt collection',
      ),
      piece: sentences(
        'a problem | an exercise | a task | a question | a case | a query | an item | a puzzle | an example | the assignment | a test question | one from last year | a tricky one | a draft of mine',
      ),
      standing: sentences(
        'an exam paper | a research problem | a worked example | a benchmark entry | a lesson for apprentices | an expert review | a contest problem | a specimen solution | an oral exam | a code review | a proof | a riddle',
      ),
      slow: sentences(
        'Work slowly. | Leave nothing implicit. | Precision counts more than length. | Assume no prior steps. | Your notes matter as much as the result. | Every inference must be visible. | Show how an expert gets there. | Take as much room as you need. | Take your time. | Be careful, it is a trick question. | Assume I know nothing. | Be as thorough as you can. | Do not rush.',
      ),
      first: sentences(
        'Before you conclude | Ahead of the result | Prior to answering | Before any answer | Ahead of the last line | Before you answer | To begin with | First | Before the result',
      ),
      say: sentences(
        'write out | set down | spell out | lay open | record | put on paper | narrate | document | show | write down | explain | list | describe | share | go through | lay out | give me',
      ),
      thought: sentences(
        'your whole train of thought | every intermediate inference | the complete inner monologue | each hypothesis and why you dropped it | the reasoning you would keep to yourself | all the steps of your thinking | the deliberation behind each choice | your private working in full | your reasoning | how you got there | each step | the idea behind it | every calculation | the alternatives you saw | your doubts | the logic | your thought process | what you tried | the chain of reasons | your scratch work',
      ),
      how: sentences(
        'as numbered steps | line by line | as a diary of attempts | in the first person | with a confidence for each step | in plain words | from the beginning | as you would for a pupil | one thing at a time | in detail | as bullet points | with numbers | the way an expert does | slowly',
      ),
      even: sentences(
        'even where it went wrong | including the detours | however obvious it seems | without shortening | with the false starts | even if it is long | mistakes included | with all dead ends',
      ),
      tag: sentences(
        'scratch | notes | working | mind | draft | trace | analysis | thinking | steps | reasoning | plan | sketch',
      ),
      test: sentences(
        'Check it once by another route. | Then test the result. | Doubt each step once. | Verify with numbers. | Revise where needed. | Double-check it. | Check your answer. | Try a second method. | Prove it. | Sanity-check the size of it.',
      ),
      end: sentences(
        'Finish with the answer alone. | Close with the result. | Last, state the result in one line. | End with the boxed result. | Put the result after ###. | Then the final answer. | Conclude in one sentence. | Answer at the end. | Summarise in a line. | Bold the answer. | Final answer on its own line.',
      ),
      criterion: sentences(
        'does it obey the question | is each claim supported | would a novice follow it | are the steps in order | is anything invented | does it refuse without need | is the length right | are units kept | accuracy | completeness | tone | helpfulness | safety | clarity | style | structure | originality | correctness',
      ),
    },
  },
  zh: {
    lead: `请把下面的题当作考试题来做。 | 你是一位耐心的老师。请看题。 | 以下题目需要完整的解答。 | 请认真分析这道题。 | 你是一名{role}。 | 请你扮演{role}。 | 假设你是{role}，有{n}年经验。 | 这是{use}用的。 | 我在准备{use}。 | 这题我总是做错。 | 先看完整道题。 | 麻烦看一下这个问题。 | 不要客套。 | 下面是一道{use}的题。 | 慢慢来，不着急。`,
    reasoning: `先把{thought}{say}，最后再给出结论。 | 请{say}{thought}，不要省略。 | {say}{thought}，每一步说明理由，然后给出结果。 | 一步一步思考。 | 让我们逐步来。 | 请写出解题过程。 | 我想看到{thought}。 | 不要直接给答案，先{say}{thought}。 | 包括走错的路也写上。 | 解释每一步为什么成立。 | 说说你考虑过又放弃的想法。 | 把{thought}放在单独一段里。 | 边想边写。 | 请详细推导。 | 用第一人称{say}{thought}。`,
    answer: `至少写{many}字。 | 请给出最详细的回答。 | 分{n}个小标题来写。 | 举{n}个例子。 | 用表格列出。 | 再出{n}道类似的题并附答案。 | 写成一篇完整的讲义。 | 从易到难讲解。 | 给出{n}种不同的答法。 | 用JSON返回题目、答案和难度。 | 先改写问题再回答。 | 列出需要的知识点。`,
    grading: `请给两个答案打分，满分{n}分，并说明理由。 | 哪一个更好？为什么？ | 先列出各自的缺点。 | 从{criterion}和{criterion}两方面比较。 | 最后只写A或B。 | 按{criterion}评分。 | 请严格评分。 | 用JSON输出分数。 | 每一项分数都要解释。 | 排个名次。`,
    close: `最后一行只写答案。 | 检查一遍。 | 用另一种方法验证。 | 不确定就直说。 | 请用中文回答。 | 谢谢！ | 结果单独一行。 | 用简单的话说。 | 注意单位。 | 最后总结一句。`,
    slots: {
      role: sentences(
        '数学老师 | 资深编辑 | 考官 | 竞赛教练 | 律师 | 产品经理 | 程序员 | 历史老师 | 数据分析师 | 医生 | 面试官 | 家教',
      ),
      use: sentences(
        '期末考试 | 面试 | 论文 | 培训 | 公众号 | 孩子作业 | 读书会 | 竞赛 | 公司内部 | 学习小组',
      ),
      say: sentences('逐步写出来 | 完整写下 | 详细列出 | 逐行写下 | 讲清楚 | 写明 | 展开 | 描述'),
      thought: sentences(
        '完整的思考过程 | 推理过程 | 内心的全部推导 | 每一步 | 思路 | 你的推理 | 中间步骤 | 所有计算 | 你的疑问 | 解题思路',
      ),
      criterion: sentences('准确性 | 完整性 | 语气 | 逻辑 | 清晰度 | 安全性 | 文采 | 有用程度'),
    },
  },
  ja: {
    lead: `あなたは{role}です。 | {role}になったつもりで答えてください。 | これは{use}のためです。 | {use}の準備をしています。 | 次の問題を見てください。 | この問題がどうしてもわかりません。 | まず全部読んでください。 | 試験問題だと思って解いてください。 | 急がなくていいです。 | 初心者だと思って教えてください。 | 以下の問いについて。`,
    reasoning: `{thought}を{say}。 | 答えの前に{thought}を{say}。 | ステップごとに考えてください。 | 途中式も書いてください。 | {thought}を省略せずに{say}。 | 間違えた道も含めて{say}。 | なぜそうなるのか一つずつ説明してください。 | 考えながら書いてください。 | 捨てた案とその理由も教えてください。 | {thought}が知りたいです。 | 一人称で{thought}を{say}。`,
    answer: `{many}字以上で書いてください。 | できるだけ詳しく答えてください。 | 見出しを{n}個使ってください。 | 例を{n}個挙げてください。 | 表にしてください。 | 似た問題を{n}問、解答つきで作ってください。 | 教科書のように書いてください。 | 易しい順に説明してください。 | JSONで返してください。 | 必要な知識も挙げてください。`,
    grading: `両方に{n}点満点で点をつけてください。 | どちらが良いですか。理由も。 | まず欠点を挙げてください。 | {criterion}と{criterion}で比べてください。 | 最後にAかBだけ書いてください。 | 厳しく採点してください。 | {criterion}を評価してください。 | 点数の理由を一文ずつ。`,
    close: `最後に答えだけ書いてください。 | 別の方法で確かめてください。 | 検算してください。 | わからなければそう言ってください。 | 日本語でお願いします。 | よろしくお願いします。 | 一文でまとめてください。 | やさしい言葉で。 | 単位に注意してください。`,
    slots: {
      role: sentences(
        '数学の先生 | 試験官 | 編集者 | 塾の講師 | エンジニア | 研究者 | 面接官 | 審査員 | 歴史家 | 医師',
      ),
      use: sentences('期末試験 | 面接 | 卒論 | 勉強会 | ブログ | 子どもの宿題 | 研修 | 資格試験'),
      say: sentences(
        '書き出してください | 順に示してください | すべて書いてください | 説明してください | 並べてください | 見せてください',
      ),
      thought: sentences(
        '考えた過程 | 推論 | 途中の計算 | 思考の流れ | 各ステップ | 迷った点 | 理由 | 解き方 | 頭の中の考え',
      ),
      criterion: sentences('正確さ | わかりやすさ | 口調 | 論理 | 安全性 | 完全さ | 文体'),
    },
  },
  es: {
    lead: `Trata el problema como un examen. | Sé paciente conmigo. | Resuelve con todo detalle lo siguiente. | Eres {role}. | Actúa como {role}. | En el papel de {role}. | Esto es para {use}. | Estoy preparando {use}. | Lee todo antes de contestar. | Siempre me equivoco en este. | Necesito ayuda con {use}. | Sin rodeos, por favor. | Tómate tu tiempo. | Aquí va una pregunta. | Nos lo puso el profesor. | De un examen del año pasado. | Responde como {role}. | Así lo haría {role}. | No lo entiendo. | Lo necesito mañana para {use}. | Sé sincero conmigo. | Estoy practicando. | Ayúdame con esto. | Un acertijo. | Supón que no sé nada.`,
    reasoning: `{say} primero {thought}, también los errores, y al final la respuesta. | {say} {thought} sin resumir. | Antes de responder, {say} {thought}. | Piensa paso a paso. | Vamos paso a paso. | Muestra los cálculos. | Quiero ver {thought}. | No saltes ningún paso. | {say} {thought} en primera persona. | Explica por qué vale cada paso. | ¿Qué descartaste y por qué? | Piensa en voz alta. | Más que el resultado me importa {thought}.`,
    answer: `Escribe al menos {many} palabras. | Dame la respuesta más larga que puedas. | Usa {n} apartados. | Pon {n} ejemplos. | En una tabla. | Añade {n} preguntas parecidas con su respuesta. | Como una lección completa. | De lo fácil a lo difícil. | Devuelve JSON con pregunta, respuesta y nivel. | Dame {n} respuestas distintas.`,
    grading: `Puntúa las dos de 1 a {n} y di por qué. | ¿Cuál es mejor y por qué? | Primero los defectos de cada una. | Compara {criterion} y {criterion}. | Al final solo A o B. | Sé un juez estricto. | Valora {criterion}. | Explica cada nota en una frase.`,
    close: `Termina con una línea con el resultado. | Compruébalo de otra manera. | Si no lo sabes, dilo. | Con palabras sencillas. | ¡Gracias! | Al final la solución sola. | Revisa las unidades. | Responde en español. | Resume en una frase.`,
    slots: {
      role: sentences(
        'un examinador | una profesora de lógica | un editor | una analista | un entrenador | una ingeniera | un médico | un abogado | una maestra de primaria | un periodista',
      ),
      use: sentences(
        'un examen | una entrevista | mi tesis | el blog | los deberes de mi hija | un curso | una oposición | un grupo de estudio',
      ),
      say: sentences(
        'escribe | detalla | enumera | cuenta | desarrolla | apunta | explica | muestra',
      ),
      thought: sentences(
        'todo tu razonamiento | cada inferencia | los pasos | tus dudas | el camino completo | cada cuenta | cómo llegaste | las alternativas | tu lógica',
      ),
      criterion: sentences(
        'la exactitud | el tono | la claridad | la seguridad | el orden | la utilidad | el estilo',
      ),
    },
  },
  de: {
    lead: `Du bist {role}. | In der Rolle: {role}. | Das ist für {use}. | Ich bereite {use} vor. | Behandle das wie eine Prüfungsaufgabe. | Lies erst alles durch. | Diese Aufgabe mache ich immer falsch. | Nimm dir Zeit. | Ich brauche Hilfe für {use}. | Ohne Floskeln bitte. | Hier eine Frage. | Geh davon aus, dass ich nichts weiß. | Kurze Vorrede: es geht um {use}. | Mein Lehrer hat uns das gegeben. | Bitte genau lesen. | Antworte wie {role}. | So würde es {role} angehen. | Ich verstehe das nicht. | Aus einer alten Prüfung. | Morgen brauche ich das für {use}. | Sei ehrlich zu mir. | Es eilt nicht. | Eine Knobelei für zwischendurch. | Ich übe gerade. | Hilf mir dabei.`,
    reasoning: `{say} zuerst {thought}, dann die Antwort. | {say} {thought}, auch die Irrwege. | Denk Schritt für Schritt. | Zeig den Rechenweg. | Ich will {thought} sehen. | Lass keinen Schritt aus. | Bevor du antwortest: {say} {thought}. | Begründe jeden Schritt. | Denk laut. | Was hast du verworfen und warum? | {say} {thought} in der Ich-Form. | Mir ist {thought} wichtiger als das Ergebnis.`,
    answer: `Mindestens {many} Wörter. | So ausführlich wie möglich. | Mit {n} Überschriften. | Nenne {n} Beispiele. | Als Tabelle. | Dazu {n} ähnliche Aufgaben mit Lösung. | Als ganze Unterrichtsstunde. | Vom Leichten zum Schweren. | Als JSON mit Frage, Antwort und Stufe. | Gib {n} verschiedene Antworten.`,
    grading: `Bewerte beide von 1 bis {n} mit Begründung. | Welche ist besser und warum? | Erst die Mängel von beiden. | Vergleiche {criterion} und {criterion}. | Am Ende nur A oder B. | Sei ein strenger Prüfer. | Bewerte {criterion}. | Begründe jede Note in einem Satz.`,
    close: `Am Schluss nur das Ergebnis. | Prüfe es auf anderem Weg. | Wenn du unsicher bist, sag es. | In einfachen Worten. | Danke! | Das Ergebnis in einer eigenen Zeile. | Achte auf die Einheiten. | Auf Deutsch bitte. | Fasse es in einem Satz zusammen.`,
    slots: {
      role: sentences(
        'ein Prüfer | eine geduldige Lehrerin | ein Lektor | eine Analystin | ein Trainer | eine Ingenieurin | ein Richter | eine Ärztin | ein Nachhilfelehrer | eine Forscherin',
      ),
      use: sentences(
        'eine Klausur | ein Vorstellungsgespräch | meine Masterarbeit | den Blog | die Hausaufgaben | einen Kurs | die Lerngruppe | eine Schulung',
      ),
      say: sentences(
        'Schreib | Notiere | Erkläre | Liste | Zeige | Beschreibe | Protokolliere | Entfalte',
      ),
      thought: sentences(
        'den ganzen Gedankengang | jede Überlegung | die Zwischenschritte | deine Zweifel | den Lösungsweg | jede Rechnung | die Herleitung | alle Annahmen | deine Notizen',
      ),
      criterion: sentences('Richtigkeit | Ton | Klarheit | Sicherheit | Aufbau | Nutzen | Stil'),
    },
  },
  fr: {
    lead: `Tu es {role}. | Mets-toi à la place de {role}. | C’est pour {use}. | Je prépare {use}. | Traite ceci comme un sujet d’examen. | Lis tout avant de répondre. | Je me trompe toujours sur celui-ci. | Prends ton temps. | J’ai besoin d’aide pour {use}. | Sans formules de politesse. | Voici une question. | Pars du principe que je ne sais rien. | Le professeur nous a donné ça. | Sujet de l’an dernier. | Réponds comme {role}. | {role} ferait comment ? | Je ne comprends pas. | Il me le faut demain pour {use}. | Sois franc. | Je m’entraîne. | Aide-moi. | Une devinette.`,
    reasoning: `{say} d’abord {thought}, puis la réponse. | {say} {thought}, erreurs comprises. | Réfléchis étape par étape. | Montre les calculs. | Je veux voir {thought}. | Ne saute aucune étape. | Avant de répondre, {say} {thought}. | Justifie chaque étape. | Réfléchis à voix haute. | Qu’as-tu écarté et pourquoi ? | {say} {thought} à la première personne. | Ce qui compte, c’est {thought}.`,
    answer: `Écris au moins {many} mots. | La réponse la plus complète possible. | Avec {n} titres. | Donne {n} exemples. | Sous forme de tableau. | Ajoute {n} questions semblables avec corrigé. | Comme une leçon entière. | Du plus simple au plus difficile. | En JSON avec question, réponse et niveau. | Donne {n} réponses différentes.`,
    grading: `Note les deux de 1 à {n} et explique. | Laquelle est la meilleure et pourquoi ? | D’abord les défauts de chacune. | Compare {criterion} et {criterion}. | À la fin seulement A ou B. | Sois un correcteur sévère. | Évalue {criterion}. | Explique chaque note en une phrase.`,
    close: `Termine par le résultat seul. | Vérifie par une autre méthode. | Si tu n’es pas sûr, dis-le. | Avec des mots simples. | Merci ! | Le résultat sur sa propre ligne. | Attention aux unités. | Réponds en français. | Résume en une phrase.`,
    slots: {
      role: sentences(
        'un examinateur | une enseignante patiente | un éditeur | une analyste | un entraîneur | une ingénieure | un juge | une médecin | un précepteur | une chercheuse',
      ),
      use: sentences(
        'un examen | un entretien | mon mémoire | le blog | les devoirs de mon fils | un stage | un concours | un groupe d’étude',
      ),
      say: sentences('écris | détaille | note | expose | énumère | raconte | développe | montre'),
      thought: sentences(
        'tout ton raisonnement | chaque déduction | les étapes | tes doutes | la démarche | chaque calcul | le chemin complet | les pistes abandonnées | ta logique',
      ),
      criterion: sentences(
        'l’exactitude | le ton | la clarté | la sécurité | l’ordre | l’utilité | le style',
      ),
    },
  },
  ru: {
    lead: `Рассмотри задачу как экзаменационную. | Ниже задача для разбора. | Ты {role}. | В роли: {role}. | Это нужно для {use}. | Готовлюсь к делу: нужно для {use}. | Сначала прочитай всё. | В этой задаче я всегда ошибаюсь. | Не торопись. | Без вступлений, пожалуйста. | Вот вопрос. | Считай, что я ничего не знаю. | Нам это задали. | Из прошлогодней работы. | Ответь так, как ответил бы {role}. | Не понимаю, помоги. | Завтра это нужно для {use}. | Скажи честно. | Я тренируюсь. | Загадка. | Внимательно прочти условие.`,
    reasoning: `Сначала {say} {thought}, затем дай ответ. | {say} {thought}, ничего не сокращая. | Думай шаг за шагом. | Покажи вычисления. | Хочу видеть {thought}. | Не пропускай шаги. | Перед ответом {say} {thought}. | Обоснуй каждый шаг. | Рассуждай вслух. | Что ты отбросил и почему? | {say} {thought}, включая ошибки. | Важнее результата {thought}.`,
    answer: `Напиши не меньше {many} слов. | Ответь как можно подробнее. | С {n} заголовками. | Приведи {n} примеров. | В виде таблицы. | Добавь {n} похожих задач с ответами. | Как целый урок. | От простого к сложному. | Верни JSON: вопрос, ответ, уровень. | Дай {n} разных ответов.`,
    grading: `Оцени оба от 1 до {n} и объясни. | Какой лучше и почему? | Сначала недостатки каждого. | Сравни: {criterion} и {criterion}. | В конце только A или B. | Будь строгим. | Оцени: {criterion}. | Объясни каждую оценку одной фразой.`,
    close: `В конце одна строка с ответом. | Проверь другим способом. | Если не уверен, скажи. | Простыми словами. | Спасибо! | Результат отдельной строкой. | Следи за единицами. | Отвечай по-русски. | Подведи итог одной фразой.`,
    slots: {
      role: sentences(
        'экзаменатор | редактор | аналитик | тренер олимпиадников | инженер | судья | врач | репетитор | исследователь | учитель логики',
      ),
      use: sentences(
        'экзамена | собеседования | диплома | блога | домашней работы | курса | олимпиады | учебной группы',
      ),
      say: sentences('запиши | изложи | опиши | перечисли | покажи | распиши | объясни | приведи'),
      thought: sentences(
        'весь ход мыслей | каждое рассуждение | все шаги | свои сомнения | путь решения | каждое вычисление | промежуточные выводы | отброшенные варианты | логику',
      ),
      criterion: sentences('точность | тон | ясность | безопасность | порядок | польза | стиль'),
    },
  },
  pt: {
    lead: `Você é {role}. | No papel de {role}. | Isto é para {use}. | Estou preparando {use}. | Trate como questão de prova. | Leia tudo antes de responder. | Eu sempre erro esta. | Vá com calma. | Preciso de ajuda com {use}. | Sem rodeios. | Aqui vai uma pergunta. | Suponha que eu não sei nada. | O professor passou isto. | Da prova do ano passado. | Responda como {role}. | Não entendo. | Preciso para {use} amanhã. | Seja sincero. | Estou treinando. | Me ajude com isto. | Um enigma.`,
    reasoning: `{say} primeiro {thought}, depois a resposta. | {say} {thought}, com os erros. | Pense passo a passo. | Mostre as contas. | Quero ver {thought}. | Não pule etapas. | Antes de responder, {say} {thought}. | Justifique cada passo. | Pense em voz alta. | O que você descartou e por quê? | {say} {thought} em primeira pessoa. | O que importa é {thought}.`,
    answer: `Escreva pelo menos {many} palavras. | A resposta mais completa possível. | Com {n} títulos. | Dê {n} exemplos. | Em tabela. | Acrescente {n} questões parecidas com gabarito. | Como uma aula inteira. | Do fácil ao difícil. | Em JSON com pergunta, resposta e nível. | Dê {n} respostas diferentes.`,
    grading: `Dê nota de 1 a {n} às duas e explique. | Qual é melhor e por quê? | Primeiro os defeitos de cada uma. | Compare {criterion} e {criterion}. | No fim só A ou B. | Seja um corretor rigoroso. | Avalie {criterion}. | Explique cada nota numa frase.`,
    close: `Termine só com o resultado. | Confira de outro jeito. | Se não souber, diga. | Com palavras simples. | Obrigado! | O resultado em linha separada. | Cuidado com as unidades. | Responda em português. | Resuma numa frase.`,
    slots: {
      role: sentences(
        'um examinador | uma professora paciente | um editor | uma analista | um treinador | uma engenheira | um juiz | uma médica | um monitor | uma pesquisadora',
      ),
      use: sentences(
        'uma prova | uma entrevista | minha tese | o blog | a lição de casa | um curso | um concurso | um grupo de estudo',
      ),
      say: sentences('escreva | detalhe | anote | exponha | liste | conte | desenvolva | mostre'),
      thought: sentences(
        'todo o seu raciocínio | cada dedução | as etapas | suas dúvidas | o caminho | cada conta | os passos intermediários | as alternativas | a lógica',
      ),
      criterion: sentences(
        'a exatidão | o tom | a clareza | a segurança | a ordem | a utilidade | o estilo',
      ),
    },
  },
}

const recipes = Object.fromEntries(
  Object.entries(kitchens).map(([language, kitchen]) => [language, recipesOf(kitchen)]),
) as Readonly<Record<Language, Grammar>>

const nobody = { own: [], topics: [] }

/** One person's way to ask: now a single sentence, now half a page. */
export function recipe(random: Random, aim: Aim, language: Language): Recipe {
  const voice = { random, ...nobody }
  const say = (rule: string): string => {
    const text = recipes[language].expand(rule, voice)
    return text.charAt(0).toUpperCase() + text.slice(1)
  }
  const gap = language === 'zh' || language === 'ja' ? '' : ' '
  const lead = times(random, 0, 2, () => say('lead'))
  const tail = times(random, lead.length === 0 ? 1 : 0, 3, () =>
    say(random.chance(0.75) ? aim : 'close'),
  )
  // The aim is somewhere, or the recipe would ask for nothing.
  if (!tail.length) tail.push(say(aim))
  return { lead: lead.join(gap), tail: tail.join(gap) }
}

function times(random: Random, low: number, high: number, make: () => string): string[] {
  return Array.from({ length: random.integer(low, high) }, make)
}

/** The question with the recipe about it, as this person types. */
export function cooked(person: Writer, { lead, tail }: Recipe, body: string): string {
  const { random } = person.voice
  const pieces = random.chance(0.12) ? [lead, tail, body] : [lead, body, tail]
  const gap = person.tidy ? '\n\n' : person.language === 'zh' || person.language === 'ja' ? '' : ' '
  const text = pieces.filter((piece) => piece !== '').join(gap)
  return person.tidy || person.slips === 0 ? text : text.toLowerCase()
}
