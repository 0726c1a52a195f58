import { coinHanzi, coinKana } from './coin.ts'
import { phrases } from './expand.ts'
import { shortGrammar } from './tongue.ts'
import type { Lexicon, Tongue } from './tongue.ts'

// No blanks between words: a detector that splits on blanks sees one token per sentence here.

const chinese: Lexicon = {
  things: phrases(
    '租房合同|周报|阳台菜园|毕业论文|报销单|旧自行车|数据库表|旅行计划|吉他练习|体检报告|简历|会议纪要|宠物保险|英语作业|烤箱菜谱|装修预算|小程序代码|股票账户|婚礼请柬|物理实验',
  ),
  acts: phrases('整理|解释|翻译|修改|比较|准备|检查|计算|简化|安排|出售|总结|设计|测试|取消'),
  traits: phrases('太贵|只完成一半|看不懂|过期了|很慢|没有保修|错误很多|快好了|有点乱|不够正式'),
  units: phrases('小时|页|元|公斤|个人|天|箱|行|次|升'),
  times: phrases(
    '下周一之前|从一月起|每周|夏天|晚上|不开车的话|预算不多时|节后|两个下午内|没人帮忙时',
  ),
}

export const zh: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{own}的{thing}',
        '{coin}那边的{thing}',
        '{count}{unit}的{thing}',
        '给{coin}做的{thing}',
        '{thing}和{coin}的{thing}',
      ],
      ask: [
        '怎么{act}{np}',
        '{time}能不能{act}{np}',
        '帮我{act}{np}。',
        '{np}{trait}怎么办',
        '先{act}{np}还是先{act}{np}',
        '{act}{np}要多少{unit}',
        '为什么{np}总是{trait}',
        '给我{small}个{act}{np}的办法。',
        '写一段话告诉{own}{np}{trait}。',
        '在{coin}谁负责{act}{np}',
      ],
      tell: [
        '{own}说{np}{trait}',
        '我有{count}{unit}，还有{np}',
        '{time}我们试过{act}{np}',
        '{np}现在{trait}',
        '一共{count}个人，{own}不来',
        '在{coin}一般{time}才{act}',
      ],
      wish: [
        '不要超过{count}字',
        '不要提{np}',
        '用{coin}举例',
        '让{own}也能看懂',
        '只写{small}点关于{coin}的',
      ],
      reply: [
        '可以{time}{act}{np}',
        '关键在于{np}，因为现在{trait}',
        '{coin}通常需要{count}{unit}',
        '先{act}{np}比较稳妥',
        '如果{np}{trait}，等{small}天再看',
        '给{np}留出{count}{unit}',
        '{own}说得对，{np}确实{trait}',
      ],
      title: ['{coin}的{thing}', '{own}与{thing}'],
    },
    chinese,
    coinHanzi,
  ),
  coin: coinHanzi,
  stop: '。',
  query: '？',
  space: '',
  greetings: phrases('你好|您好|在吗|早上好|你好，请问'),
  thanks: phrases('谢谢|谢谢你|好的谢谢|多谢|明白了'),
  followUps: phrases(
    '再解释一下|短一点|为什么？|举个例子|继续|你确定吗？|用表格|还有吗？|说简单点|翻译成英文',
  ),
  common: phrases(
    '澳大利亚的首都是哪里|讲个笑话|写一首关于爱的诗|什么是通货膨胀|怎么减肥|帮我改一下这段话|你是谁|送妈妈什么礼物|怎么煮米饭|什么是光合作用|写一份辞职信',
  ),
  quoting: (word) => `“${word}”是什么意思`,
}

const japanese: Lexicon = {
  things: phrases(
    '賃貸契約|週報|家庭菜園|卒業論文|経費精算|中古の自転車|データベース|旅行の計画|ギターの練習|健康診断|履歴書|議事録|ペット保険|英語の宿題|お弁当の献立|引っ越し|サイトの設定|結婚式の挨拶|物理の実験|家計簿',
  ),
  acts: phrases(
    '整理する|説明する|翻訳する|修正する|比較する|準備する|確認する|計算する|短くする|手配する|売る|要約する|設計する|試す|取り消す',
  ),
  traits: phrases(
    '高すぎる|途中のまま|読みにくい|期限切れ|とても遅い|保証がない|間違いが多い|もう少し|少し乱れている|かたすぎる',
  ),
  units: phrases('時間|ページ|円|キロ|人|日|箱|行|回|リットル'),
  times: phrases(
    '月曜までに|一月から|毎週|夏のあいだ|夜に|車なしで|少ない予算で|連休のあとで|二日で|一人で',
  ),
}

export const ja: Tongue = {
  grammar: shortGrammar(
    {
      np: [
        '{own}の{thing}',
        '{coin}にある{thing}',
        '{count}{unit}ぶんの{thing}',
        '{coin}さん向けの{thing}',
        '{thing}と{coin}の{thing}',
      ],
      ask: [
        '{np}を{act}にはどうすればいいですか',
        '{time}{np}を{act}ことはできますか',
        '{np}が{trait}ときはどうしますか',
        '{np}を{act}のを手伝ってください。',
        '{np}と{np}ではどちらを先に{act}べきですか',
        '{np}を{act}案を{small}個ください。',
        'なぜ{np}は{trait}のですか',
        '{own}さんに{np}について送る文を書いて。',
        '{coin}では誰が{np}を{act}のですか',
        '{np}を{act}のに何{unit}かかりますか',
      ],
      tell: [
        '{own}さんは{np}が{trait}と言います',
        '{count}{unit}と{np}があります',
        '{time}{np}を{act}つもりでした',
        '{np}は今{trait}です',
        '全部で{count}人で、{own}さんは来ません',
        '{coin}では{time}{act}そうです',
      ],
      wish: [
        '{count}字以内でお願いします',
        '{np}には触れないで',
        '{coin}を例にして',
        '{own}さんにもわかるように',
        '{coin}について{small}点だけ',
      ],
      reply: [
        '{time}{np}を{act}ことができます',
        '大切なのは{np}です',
        '{coin}ではだいたい{count}{unit}かかります',
        'まず{np}を{act}とよいです',
        '{np}が{trait}なら{small}日待ってください',
        '{np}には{count}{unit}見ておきましょう',
        '{own}さんの言うとおり{np}は{trait}ようです',
      ],
      title: ['{coin}の{thing}', '{own}と{thing}'],
    },
    japanese,
    coinKana,
  ),
  coin: coinKana,
  stop: '。',
  query: '？',
  space: '',
  greetings: phrases('こんにちは|おはようございます|こんばんは|はじめまして|質問があります'),
  thanks: phrases('ありがとう|ありがとうございます|助かりました|了解です|どうも'),
  followUps: phrases(
    'もう一度説明して|短くして|なぜ？|例を挙げて|続けて|本当ですか？|表にして|ほかには？|簡単な言葉で|英語にして',
  ),
  common: phrases(
    'オーストラリアの首都はどこ|面白い話をして|愛の詩を書いて|インフレとは何ですか|痩せる方法|この文章を直して|あなたは誰|母へのプレゼント|ご飯の炊き方|光合成とは|退職届の書き方',
  ),
  quoting: (word) => `「${word}」とはどういう意味ですか`,
}
