import type { Random } from '../../core/random.ts'
import { coinCyrillic, coinHanzi, coinIdentifier, coinKana, coinLatin } from './coin.ts'
import { grammar, phrases } from './expand.ts'
import { problem, subjects } from './problems.ts'
import type { Language } from './tongues.ts'

// Self-contained questions in the languages that problems.ts does not speak, for pupils as for seeds.

type Foreign = Exclude<Language, 'en'>

const rules: Readonly<Record<Foreign, readonly string[]>> = {
  zh: phrases(
    `{who}有{n}个{thing}，每{d}个装一箱，还剩几个？ | 甲车每小时行{n}千米，乙车每小时行{d}千米，{who}到{who}相距{n}千米，几小时相遇？ | 已知x加{n}y等于{n}，且{d}x减y等于{d}，求x乘y。 | {who}把{n}升溶液按{d}比{d}稀释，求浓度。 | 等差数列首项{d}，公差{d}，第几项超过{n}？ | 写一个函数，找出{n}个{thing}中最重的{d}个。 | 证明：任意{d}个连续整数之积能被{d}整除，并以{n}为例说明。 | {who}的矩形花园周长{n}米，长是宽的{d}倍，求面积。 | 袋中有{n}个红球和{d}个白球，取两个都是红球的概率是多少？ | 阅读：{who}在{n}年前改革了{thing}制度。请说明其原因和影响。 | 一质点以{d}米每秒的速度抛出，{n}米高处落下，求时间。 | 给定表{stem}(id, total)，写SQL列出总额超过{n}的客户。`,
  ),
  ja: phrases(
    `{who}は{thing}を{n}個持っていて、{d}個ずつ箱に入れます。いくつ余りますか。 | 時速{n}kmの電車と時速{d}kmの電車が{n}km離れた{who}と{who}から同時に出ます。いつ出会いますか。 | x+{n}y={n}、{d}x−y={d}のとき、xyを求めなさい。 | 初項{d}、公差{d}の等差数列で{n}を超えるのは第何項ですか。 | 赤玉{n}個と白玉{d}個から2個取るとき、両方赤である確率は。 | {thing}を{n}個受け取り、重い順に{d}個返す関数を書きなさい。 | 周囲{n}mの長方形で、縦が横の{d}倍のとき面積は。 | {who}の{n}年の改革が{thing}に与えた影響を述べなさい。 | 食塩水{n}gに水を{d}g加えると濃度はどうなりますか。 | 表{stem}から合計が{n}を超える行を選ぶSQLを書きなさい。`,
  ),
  es: phrases(
    `{who} tiene {n} {thing} y los reparte en cajas de {d}. ¿Cuántos sobran? | Un tren sale de {who} a {n} km/h y otro de {who} a {d} km/h; los separan {n} km. ¿Cuándo se cruzan? | Si x + {n}y = {n} y {d}x − y = {d}, halla xy. | Una progresión empieza en {d} y crece de {d} en {d}. ¿Qué término pasa de {n}? | En una urna hay {n} bolas rojas y {d} blancas. ¿Qué probabilidad hay de sacar dos rojas? | Escribe una función que devuelva los {d} {thing} más pesados de {n}. | Un rectángulo de perímetro {n} m es {d} veces más largo que ancho. Calcula su área. | Explica las causas de la reforma de {who} de hace {n} años. | Se diluyen {n} ml de una disolución al {d} %. ¿Cuál es la concentración? | Escribe el SQL que saca de {stem} los clientes con más de {n}. | Demuestra que el producto de {d} enteros seguidos es divisible por {d}.`,
  ),
  de: phrases(
    `{who} hat {n} {thing} und packt je {d} in eine Kiste. Wie viele bleiben übrig? | Ein Zug fährt mit {n} km/h von {who}, ein anderer mit {d} km/h von {who}; dazwischen liegen {n} km. Wann treffen sie sich? | Es gilt x + {n}y = {n} und {d}x − y = {d}. Bestimme xy. | Eine arithmetische Folge beginnt mit {d} und wächst um {d}. Welches Glied übersteigt {n}? | Eine Urne enthält {n} rote und {d} weiße Kugeln. Wie wahrscheinlich sind zwei rote? | Schreibe eine Funktion, die aus {n} {thing} die {d} schwersten liefert. | Ein Rechteck hat {n} m Umfang und ist {d}-mal so lang wie breit. Wie groß ist die Fläche? | Erörtere die Folgen der Reform von {who} vor {n} Jahren. | {n} ml einer {d}-prozentigen Lösung werden verdünnt. Welche Konzentration entsteht? | Schreibe SQL: Kunden aus {stem} mit mehr als {n}. | Beweise, dass das Produkt von {d} aufeinanderfolgenden Zahlen durch {d} teilbar ist.`,
  ),
  fr: phrases(
    `{who} a {n} {thing} et les range par {d}. Combien en reste-t-il ? | Un train part de {who} à {n} km/h, un autre de {who} à {d} km/h ; {n} km les séparent. Quand se croisent-ils ? | Si x + {n}y = {n} et {d}x − y = {d}, trouver xy. | Une suite commence à {d} et augmente de {d}. Quel terme dépasse {n} ? | Une urne contient {n} boules rouges et {d} blanches. Probabilité d’en tirer deux rouges ? | Écris une fonction qui rend les {d} {thing} les plus lourds parmi {n}. | Un rectangle de périmètre {n} m est {d} fois plus long que large. Quelle est son aire ? | Explique les effets de la réforme de {who} il y a {n} ans. | On dilue {n} ml d’une solution à {d} %. Quelle concentration obtient-on ? | Écris le SQL qui liste les clients de {stem} au-dessus de {n}. | Démontre que le produit de {d} entiers consécutifs est divisible par {d}.`,
  ),
  ru: phrases(
    `У {who} {n} предметов, по {d} в коробке. Сколько останется? | Поезд идёт из {who} со скоростью {n} км/ч, другой из {who} со скоростью {d} км/ч; между ними {n} км. Когда они встретятся? | Дано x + {n}y = {n} и {d}x − y = {d}. Найди xy. | Прогрессия начинается с {d} и растёт на {d}. Какой член больше {n}? | В урне {n} красных и {d} белых шаров. Какова вероятность вынуть два красных? | Напиши функцию, которая из {n} записей {stem} вернёт {d} самых тяжёлых. | Периметр прямоугольника {n} м, он в {d} раз длиннее ширины. Найди площадь. | Объясни последствия реформы {who}, прошедшей {n} лет назад. | {n} мл раствора в {d} % разбавили водой. Какая стала концентрация? | Напиши SQL: клиенты из {stem}, у которых больше {n}. | Докажи, что произведение {d} чисел подряд делится на {d}.`,
  ),
  pt: phrases(
    `{who} tem {n} {thing} e guarda {d} em cada caixa. Quantos sobram? | Um trem sai de {who} a {n} km/h e outro de {who} a {d} km/h; há {n} km entre eles. Quando se encontram? | Se x + {n}y = {n} e {d}x − y = {d}, ache xy. | Uma sequência começa em {d} e cresce de {d} em {d}. Qual termo passa de {n}? | Uma urna tem {n} bolas vermelhas e {d} brancas. Qual a chance de tirar duas vermelhas? | Escreva uma função que devolva os {d} {thing} mais pesados entre {n}. | Um retângulo de perímetro {n} m é {d} vezes mais comprido que largo. Qual a área? | Explique os efeitos da reforma de {who} há {n} anos. | Dilui-se {n} ml de uma solução a {d} %. Qual a concentração? | Escreva o SQL que lista de {stem} os clientes acima de {n}. | Prove que o produto de {d} inteiros seguidos é divisível por {d}.`,
  ),
}

const things: Readonly<Record<Foreign, readonly string[]>> = {
  zh: phrases('苹果 | 书 | 瓷砖 | 信封 | 灯泡 | 邮票 | 盒子 | 硬币 | 茶杯 | 纽扣'),
  ja: phrases('りんご | 本 | タイル | 封筒 | 電球 | 切手 | 箱 | 硬貨 | ボタン | 鉛筆'),
  es: phrases('libros | ladrillos | sellos | botones | faroles | limones | cuadernos | discos'),
  de: phrases('Bücher | Fliesen | Marken | Knöpfe | Lampen | Pflaumen | Hefte | Kerzen'),
  fr: phrases('livres | carreaux | timbres | boutons | lampes | prunes | cahiers | bougies'),
  ru: phrases('книг | марок | ламп'),
  pt: phrases('livros | azulejos | selos | botões | lampiões | limões | cadernos | discos'),
}

const coins: Readonly<Record<Foreign, (random: Random) => string>> = {
  zh: coinHanzi,
  ja: coinKana,
  es: coinLatin,
  de: coinLatin,
  fr: coinLatin,
  ru: coinCyrillic,
  pt: coinLatin,
}

const grammars = Object.fromEntries(
  (Object.keys(rules) as Foreign[]).map((language) => [
    language,
    grammar(
      { ask: rules[language] },
      {
        who: ({ random }) => coins[language](random),
        thing: ({ random }) => random.pick(things[language]),
        stem: ({ random }) => coinIdentifier(random),
        n: ({ random }) => String(random.integer(12, 999)),
        d: ({ random }) => String(random.integer(2, 19)),
      },
    ),
  ]),
) as Readonly<Record<Foreign, ReturnType<typeof grammar>>>

/** A question with one right answer, in any of our languages. */
export function exercise(random: Random, language: Language): string {
  return language === 'en'
    ? problem(random, random.pick(subjects))
    : grammars[language].expand('ask', { random, own: [], topics: [] })
}
