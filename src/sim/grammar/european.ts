import { coinCyrillic, coinLatin } from './coin.ts'
import { phrases } from './expand.ts'
import { shortGrammar } from './tongue.ts'
import type { Lexicon, Tongue } from './tongue.ts'

// Short grammars. Things stand with their article and traits are phrases, so that nothing must agree.

const spanish: Lexicon = {
  things: phrases(
    'el contrato de alquiler|la receta de lentejas|el horario del taller|la bicicleta de mi prima|el informe de ventas|la caldera|el huerto|la clase de química|el viaje en tren|la factura de la luz|el perro adoptado|la guitarra|el código de la web|la beca|el examen de conducir|la boda de mi hermano|el armario de la entrada|la base de datos',
  ),
  acts: phrases(
    'arreglar|explicar|organizar|traducir|ahorrar con|preparar|comparar|resumir|cambiar|medir|vender|planificar|revisar|pintar|presentar',
  ),
  traits: phrases(
    'demasiado caro|a medias|sin garantía|muy lento|de segunda mano|fuera de plazo|difícil de entender|casi listo|lleno de errores|poco claro',
  ),
  units: phrases('horas|páginas|euros|kilos|personas|días|cajas|visitas|piezas|litros'),
  times: phrases(
    'antes del lunes|desde enero|cada semana|en verano|por la noche|sin coche|con poco dinero|después de las fiestas|en dos tardes|sin ayuda',
  ),
}

export const es: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{thing} de {own}',
        '{thing} en {coin}',
        '{thing} con {count} {unit}',
        '{thing} que nos dejó {coin}',
        '{thing} y {thing} de {coin}',
      ],
      ask: [
        'cómo puedo {act} {np} {time}',
        'qué hago si {np} está {trait} {time}',
        'me ayudas a {act} {np}',
        'es buena idea {act} {np} o mejor {act} {np}',
        'cuánto cuesta {act} {np} para {count} {unit}',
        'por qué {np} sale {trait}',
        'dame {small} ideas para {act} {np}.',
        'qué opinas de {np} {time}',
        'redacta un mensaje a {own} sobre {np}.',
        'quién se encarga de {act} {np} en {coin}',
      ],
      tell: [
        '{own} dice que {np} está {trait}',
        'tengo {count} {unit} y {np}',
        'ya intenté {act} {np} {time}',
        '{np} cambió {time}',
        'somos {count} {unit} y {own} no viene',
        'en {coin} lo hacen {time} con {np}',
      ],
      wish: [
        'en menos de {count} palabras',
        'sin mencionar {np}',
        'usa {coin} como ejemplo',
        'que lo entienda {own}',
        'solo {small} puntos sobre {np}',
      ],
      reply: [
        'Puedes {act} {np} {time}',
        'Lo importante es {np}, sobre todo {time}',
        'En {coin} suele hacerse con {count} {unit}',
        'Primero conviene {act} {np}',
        'Si {np} está {trait}, espera {small} días',
        'Calcula {count} {unit} para {np}',
        '{own} tiene razón: {np} parece {trait}',
      ],
      title: ['{thing} en {coin}', '{own} y {thing}'],
    },
    spanish,
    coinLatin,
  ),
  coin: coinLatin,
  stop: '.',
  query: '?',
  space: ' ',
  greetings: phrases('hola|buenas|buenos días|hola!|hola, una duda|buenas tardes'),
  thanks: phrases('gracias|muchas gracias|gracias!|vale, gracias|perfecto'),
  followUps: phrases(
    'explícalo otra vez|más corto por favor|por qué?|dame un ejemplo|sigue|estás seguro?|en una tabla|qué más?|con palabras más sencillas|tradúcelo al inglés',
  ),
  common: phrases(
    'cuál es la capital de Australia|cuéntame un chiste|cómo hacer tortilla de patatas|escribe un poema de amor|qué es la inflación|cómo adelgazar|traduce esto al inglés|qué es la fotosíntesis|ideas para regalar|corrige este texto|quién eres|cómo hacer un currículum',
  ),
  quoting: (word) => `qué quieres decir con "${word}"`,
}

const german: Lexicon = {
  things: phrases(
    'den Mietvertrag|die Heizung|das Hochbeet|den Monatsbericht|die Steuererklärung|das Fahrradschloss|den Umzug|die Bachelorarbeit|das Protokoll|den Sauerteig|die Datenbank|das Klassenfest|den Schuppen|die Gitarre|das Aquarium|den Zeitplan|die Reklamation|das Formular',
  ),
  acts: phrases(
    'reparieren|erklären|planen|übersetzen|kürzen|vergleichen|prüfen|vorbereiten|verkaufen|messen|sortieren|verschieben|abdichten|bewerten|beantragen',
  ),
  traits: phrases(
    'zu teuer|halb fertig|kaum lesbar|undicht|ohne Garantie|viel zu langsam|gebraucht|verspätet|voller Fehler|schwer zu verstehen',
  ),
  units: phrases('Stunden|Seiten|Euro|Kilo|Leute|Tage|Kisten|Besuche|Teile|Liter'),
  times: phrases(
    'bis Montag|seit Januar|jede Woche|im Sommer|am Abend|ohne Auto|mit wenig Geld|nach den Feiertagen|an zwei Nachmittagen|ohne Hilfe',
  ),
}

export const de: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{thing} von {own}',
        '{thing} in {coin}',
        '{thing} mit {count} {unit}',
        '{thing} für {coin}',
        '{thing} und {thing} aus {coin}',
      ],
      ask: [
        'wie kann ich {np} {time} {act}',
        'was tun, wenn wir {np} nicht {act} können',
        'kannst du {np} für mich {act}',
        'lohnt es sich, {np} zu {act}, oder lieber {np}',
        'wer darf in {coin} {np} {act}',
        'nenne mir {small} Ideen, um {np} zu {act}.',
        'was kostet es, {np} für {count} {unit} zu {act}',
        'schreib {own} eine Nachricht über {np}.',
        'warum finden alle {np} {trait}',
        'muss ich {np} {time} {act}',
      ],
      tell: [
        '{own} findet {np} {trait}',
        'ich habe {count} {unit} und {np}',
        'wir wollten {np} {time} {act}',
        '{time} war alles {trait}, auch bei {own}',
        'es sind {count} {unit} und {own} wartet',
        'in {coin} macht man das {time}',
      ],
      wish: [
        'bitte unter {count} Wörtern',
        'ohne {np} zu erwähnen',
        'nimm {coin} als Beispiel',
        'so, dass {own} es versteht',
        'nur {small} Punkte zu {coin}',
      ],
      reply: [
        'Du kannst {np} {time} {act}',
        'Wichtig ist vor allem {coin}, denn vieles bleibt {trait}',
        'In {coin} rechnet man mit {count} {unit}',
        'Zuerst solltest du {np} {act}',
        'Plane {count} {unit} für {own} ein',
        'Wer {np} {act} will, braucht {small} Tage',
        '{own} hat recht, das wirkt {trait}',
      ],
      title: ['{own} in {coin}', '{coin} und {count} {unit}'],
    },
    german,
    coinLatin,
  ),
  coin: coinLatin,
  stop: '.',
  query: '?',
  space: ' ',
  greetings: phrases('hallo|hi|guten Morgen|moin|hallo, kurze Frage|guten Tag'),
  thanks: phrases('danke|vielen Dank|danke!|super, danke|ok danke'),
  followUps: phrases(
    'erklär das nochmal|kürzer bitte|warum?|gib mir ein Beispiel|weiter|bist du sicher?|als Tabelle|was noch?|in einfachen Worten|auf Englisch bitte',
  ),
  common: phrases(
    'was ist die Hauptstadt von Australien|erzähl mir einen Witz|schreib eine Bewerbung|was ist Inflation|wie koche ich Reis|korrigiere diesen Text|was ist künstliche Intelligenz|wer bist du|Geschenkideen für meine Mutter|wie schreibt man eine Kündigung|was bedeutet BIP|wie funktioniert Photosynthese',
  ),
  quoting: (word) => `was meinst du mit "${word}"`,
}

const french: Lexicon = {
  things: phrases(
    'le bail|la chaudière|le potager|le rapport de stage|la facture d’eau|le vélo de ma sœur|la recette du cassoulet|le planning|la base de clients|le déménagement|la dissertation|le contrat d’assurance|la guitare|le dossier de bourse|la terrasse|le chien du voisin|la présentation|le fichier de paie',
  ),
  acts: phrases(
    'réparer|expliquer|organiser|traduire|résumer|comparer|préparer|vendre|mesurer|corriger|déplacer|peindre|vérifier|financer|annuler',
  ),
  traits: phrases(
    'trop cher|à moitié fini|sans garantie|très lent|d’occasion|hors délai|difficile à lire|presque prêt|plein d’erreurs|peu clair',
  ),
  units: phrases('heures|pages|euros|kilos|personnes|jours|cartons|visites|pièces|litres'),
  times: phrases(
    'avant lundi|depuis janvier|chaque semaine|en été|le soir|sans voiture|avec un petit budget|après les fêtes|en deux après-midi|sans aide',
  ),
}

export const fr: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{thing} de {own}',
        '{thing} à {coin}',
        '{thing} avec {count} {unit}',
        '{thing} pour {coin}',
        '{thing} et {thing} de {coin}',
      ],
      ask: [
        'comment {act} {np} {time}',
        'que faire si {np} semble {trait}',
        'peux-tu m’aider à {act} {np}',
        'vaut-il mieux {act} {np} ou {act} {np}',
        'combien coûte {np} pour {count} {unit}',
        'pourquoi {np} reste {trait} {time}',
        'donne-moi {small} idées pour {act} {np}.',
        'écris un message à {own} au sujet de {np}.',
        'qui doit {act} {np} à {coin}',
        'faut-il {act} {np} {time}',
      ],
      tell: [
        '{own} trouve que {np} est {trait}',
        'j’ai {count} {unit} et {np}',
        'on a déjà essayé de {act} {np} {time}',
        '{np} a changé {time}',
        'nous sommes {count} et {own} ne vient pas',
        'à {coin} on fait ça {time}',
      ],
      wish: [
        'en moins de {count} mots',
        'sans parler de {np}',
        'prends {coin} comme exemple',
        'pour que {own} comprenne',
        'seulement {small} points sur {np}',
      ],
      reply: [
        'Tu peux {act} {np} {time}',
        'L’essentiel est {np}, surtout {time}',
        'À {coin} on compte {count} {unit}',
        'Il faut d’abord {act} {np}',
        'Si {np} paraît {trait}, attends {small} jours',
        'Prévois {count} {unit} pour {np}',
        '{own} a raison : {np} semble {trait}',
      ],
      title: ['{thing} à {coin}', '{own} et {thing}'],
    },
    french,
    coinLatin,
  ),
  coin: coinLatin,
  stop: '.',
  query: ' ?',
  space: ' ',
  greetings: phrases('bonjour|salut|coucou|bonsoir|bonjour, une question'),
  thanks: phrases('merci|merci beaucoup|merci !|parfait merci|ok merci'),
  followUps: phrases(
    'explique encore|plus court|pourquoi ?|donne un exemple|continue|tu es sûr ?|en tableau|quoi d’autre ?|avec des mots simples|en anglais',
  ),
  common: phrases(
    'quelle est la capitale de l’Australie|raconte une blague|écris une lettre de motivation|c’est quoi l’inflation|comment faire des crêpes|corrige ce texte|qui es-tu|idées de cadeaux|comment maigrir|explique la photosynthèse|écris un poème d’amour',
  ),
  quoting: (word) => `que veux-tu dire par « ${word} »`,
}

const portuguese: Lexicon = {
  things: phrases(
    'o contrato de aluguel|a receita de feijoada|o relatório de vendas|a horta|o horário da oficina|a bicicleta da minha prima|o imposto de renda|a aula de química|a viagem de ônibus|a conta de luz|o cachorro adotado|o violão|o site da loja|a bolsa de estudos|o casamento do meu irmão|o armário da cozinha|a planilha|a mudança',
  ),
  acts: phrases(
    'consertar|explicar|organizar|traduzir|resumir|comparar|preparar|vender|medir|revisar|planejar|pintar|apresentar|trocar|cancelar',
  ),
  traits: phrases(
    'caro demais|pela metade|sem garantia|muito lento|de segunda mão|atrasado|difícil de entender|quase pronto|cheio de erros|pouco claro',
  ),
  units: phrases('horas|páginas|reais|quilos|pessoas|dias|caixas|visitas|peças|litros'),
  times: phrases(
    'antes de segunda|desde janeiro|toda semana|no verão|à noite|sem carro|com pouco dinheiro|depois das festas|em duas tardes|sem ajuda',
  ),
}

export const pt: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{thing} de {own}',
        '{thing} em {coin}',
        '{thing} com {count} {unit}',
        '{thing} que {coin} deixou',
        '{thing} e {thing} de {coin}',
      ],
      ask: [
        'como posso {act} {np} {time}',
        'o que fazer se {np} ficar {trait}',
        'me ajuda a {act} {np}',
        'vale a pena {act} {np} ou é melhor {act} {np}',
        'quanto custa {act} {np} para {count} {unit}',
        'por que {np} está {trait}',
        'me dá {small} ideias para {act} {np}.',
        'escreve uma mensagem para {own} sobre {np}.',
        'quem pode {act} {np} em {coin}',
        'preciso {act} {np} {time}',
      ],
      tell: [
        '{own} acha que {np} está {trait}',
        'tenho {count} {unit} e {np}',
        'já tentei {act} {np} {time}',
        '{np} mudou {time}',
        'somos {count} e {own} não vem',
        'em {coin} fazem isso {time}',
      ],
      wish: [
        'em menos de {count} palavras',
        'sem falar de {np}',
        'usa {coin} como exemplo',
        'para {own} entender',
        'só {small} pontos sobre {np}',
      ],
      reply: [
        'Você pode {act} {np} {time}',
        'O mais importante é {np}, principalmente {time}',
        'Em {coin} costuma levar {count} {unit}',
        'Primeiro vale {act} {np}',
        'Se {np} estiver {trait}, espere {small} dias',
        'Reserve {count} {unit} para {np}',
        '{own} tem razão: {np} parece {trait}',
      ],
      title: ['{thing} em {coin}', '{own} e {thing}'],
    },
    portuguese,
    coinLatin,
  ),
  coin: coinLatin,
  stop: '.',
  query: '?',
  space: ' ',
  greetings: phrases('oi|olá|bom dia|boa tarde|oi, tudo bem?'),
  thanks: phrases('obrigado|obrigada|valeu|muito obrigado|ok, obrigada'),
  followUps: phrases(
    'explica de novo|mais curto|por quê?|me dá um exemplo|continua|tem certeza?|em tabela|o que mais?|com palavras simples|em inglês',
  ),
  common: phrases(
    'qual é a capital da Austrália|conta uma piada|como fazer pão de queijo|escreve um poema de amor|o que é inflação|corrige esse texto|quem é você|ideias de presente|como emagrecer|o que é fotossíntese|faz um currículo',
  ),
  quoting: (word) => `o que você quer dizer com "${word}"`,
}

const russian: Lexicon = {
  things: phrases(
    'договор аренды|отчёт за месяц|рецепт борща|расписание занятий|велосипед|грядку|курсовую работу|счёт за воду|базу клиентов|переезд|гитару|аквариум|презентацию|заявление|балкон|список гостей|таблицу|скрипт сборки',
  ),
  acts: phrases(
    'починить|объяснить|перевести|сократить|сравнить|проверить|подготовить|продать|измерить|перенести|покрасить|оформить|посчитать|исправить|показать',
  ),
  traits: phrases(
    'слишком дорого|наполовину готово|без гарантии|очень медленно|с ошибками|поздно|непонятно|почти готово|сыро|ненадёжно',
  ),
  units: phrases('часов|страниц|рублей|килограммов|человек|дней|коробок|строк|деталей|литров'),
  times: phrases(
    'до понедельника|с января|каждую неделю|летом|вечером|без машины|на маленький бюджет|после праздников|за два дня|без помощи',
  ),
}

export const ru: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{thing} для {coin}',
        '{thing} ({own})',
        '{thing} на {count} {unit}',
        '{thing} и {thing} от {coin}',
        '{thing}, как в {coin}',
      ],
      ask: [
        'как {act} {np} {time}',
        'что делать, если {np} не удаётся {act}',
        'помоги {act} {np}.',
        'стоит ли {act} {np} или лучше {act} {np}',
        'сколько стоит {act} {np}',
        'почему {act} {np} выходит {trait}',
        'дай {small} идей, как {act} {np}.',
        'напиши сообщение про {np}.',
        'кто в {coin} может {act} {np}',
        'можно ли {act} {np} {time}',
      ],
      tell: [
        '{own} говорит, что это {trait}',
        'у меня {count} {unit} и надо {act} {np}',
        'мы уже пробовали {act} {np} {time}',
        '{time} всё вышло {trait}, остался {coin}',
        'нас {count} человек, {own} не придёт',
        'в {coin} это делают {time}',
      ],
      wish: [
        'не больше {count} слов',
        'без упоминания {coin}',
        'возьми {coin} как пример',
        'чтобы понял {own}',
        'только {small} пунктов про {coin}',
      ],
      reply: [
        'Можно {act} {np} {time}',
        'Главное здесь {coin}: иначе выйдет {trait}',
        'В {coin} на это уходит {count} {unit}',
        'Сначала стоит {act} {np}',
        'Если получается {trait}, подождите {small} дней',
        'Заложите {count} {unit}, чтобы {act} {np}',
        '{own} прав: пока {trait}',
      ],
      title: ['{coin} и {count} {unit}', '{own} в {coin}'],
    },
    russian,
    coinCyrillic,
  ),
  coin: coinCyrillic,
  stop: '.',
  query: '?',
  space: ' ',
  greetings: phrases('привет|здравствуйте|добрый день|привет!|доброе утро'),
  thanks: phrases('спасибо|большое спасибо|спасибо!|ок, спасибо|супер'),
  followUps: phrases(
    'объясни ещё раз|короче|почему?|приведи пример|продолжай|ты уверен?|в виде таблицы|что ещё?|простыми словами|на английском',
  ),
  common: phrases(
    'какая столица Австралии|расскажи анекдот|что такое инфляция|как похудеть|напиши стих о любви|исправь текст|кто ты|что подарить маме|как варить рис|что такое фотосинтез|напиши резюме',
  ),
  quoting: (word) => `что значит «${word}»`,
}
