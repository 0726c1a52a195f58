import type { Random } from '../../core/random.ts'
import { words } from './expand.ts'

// Names that nobody has: strangers must not share rare words only because our lists are short.

type Sounds = {
  readonly starts: readonly string[]
  readonly middles: readonly string[]
  readonly ends: readonly string[]
}

const latin: Sounds = {
  starts: words(
    'Ab Ae Al An Ar Ba Be Bo Bra Bri Ca Ce Cho Co Cra Da De Do Dra Du El Em Er Fa Fe Fi Fla Fro Ga Ge Gli Go Gra Ha He Ho Hu Il In Is Ja Jo Ju Ka Ke Kli Ko Kra La Le Li Lo Lu Ma Me Mi Mo Mu Na Ne Ni No Nu Ob Ol Or Pa Pe Pi Plo Po Pra Qua Ra Re Ri Ro Ru Sa Se Shi Si Sko So Sta Su Ta Te Thi To Tra Tu Ul Um Va Ve Vi Vo Wa We Wi Wo Ya Yo Za Ze Zi Zo',
  ),
  middles: words(
    'ba bi bre ca cho da dre dri fa fi ga gle go ha hi ja ka ki kle la le li lo ma me mi mo na ne ni no nu pa pe po ra re ri ro ru sa se shi si so sta ta te thi ti to tra va ve vi vo xa za ze',
  ),
  ends: words(
    'bor by cke dan del den der dle don dor fax fen fin gan gen gil glen ham han hart jan ka kin la land len lin lo lum mar men mir mon na nar nel ner nik nor nov pax pel quin ra ran ras ren ric rin ris ron rus sen ser sha sk son ster ta tan tel ter tha tis ton tor tov val ven ver vik vin vo wen wick wyn xis ya yan zan zel zin',
  ),
}

const hanzi = Array.from(
  '安柏晨岱恩枫皓霁嘉凯岚茂宁沛琪若朔桐蔚熙雅泽川禾竹云溪松原陵舟霖谷汀岳瑾棠苇',
)
const kana = words(
  'ア イ カ キ ク コ サ シ セ タ ツ テ ト ナ ニ ネ ノ ハ ヒ フ マ ミ メ モ ヤ ヨ ラ リ ル レ ロ ワ ガ グ ザ ジ ダ ド バ ブ ボ ラン リン トン セン カン ミン',
)
const cyrillic: Sounds = {
  starts: words(
    'Ар Бе Бо Ва Ве Га Го Да Де До Жа За Зо Ил Ка Ке Ко Кра Ла Ле Лу Ма Ме Ми Мо На Не Но Ол Па Пе Про Ра Ре Ро Са Се Со Ста Та Те То Тра Фа Фе Ха Хо Ша Эль Юр Яр',
  ),
  middles: words(
    'ба ве ви га го да де ди жо за ка ки ла ле ли ло ма ми мо на не ни ра ре ри ро са се ста та те ти то ха',
  ),
  ends: words(
    'бор вик ган дар дин дор ев зан ин ка кин лин лов мир нев ник нов нор рин ров сен ск тан тов тор цев шин',
  ),
}

function coined(sounds: Sounds, random: Random, middlesMax: number): string {
  let text = random.pick(sounds.starts)
  for (let left = random.integer(0, middlesMax); left > 0; left--)
    text += random.pick(sounds.middles)
  return text + random.pick(sounds.ends)
}

/** A capitalised invented word in Latin letters, some 1.5 million of them. */
export function coinLatin(random: Random): string {
  return coined(latin, random, 2)
}

export function coinHanzi(random: Random): string {
  let text = ''
  for (let left = random.integer(2, 3); left > 0; left--) text += random.pick(hanzi)
  return text
}

export function coinKana(random: Random): string {
  let text = ''
  for (let left = random.integer(3, 5); left > 0; left--) text += random.pick(kana)
  return text
}

export function coinCyrillic(random: Random): string {
  return coined(cyrillic, random, 2)
}

/** An invented identifier such as `pelmiraCount`, for code and file names. */
export function coinIdentifier(random: Random): string {
  return coined(latin, random, 1).toLowerCase()
}
