import type { Random } from '../../core/random.ts'
import { coinIdentifier, coinLatin } from './coin.ts'
import { grammar } from './expand.ts'

// System prompts and shared texts of honest products: one text, many people behind it.

const systems = grammar(
  {
    support: [
      'You are {Name}, the assistant of {Firm}, a {trade} in {Place}. {manner} {limit} {limit} Opening hours are {h} to 1{h}. {close}',
      '{Firm} {trade} help desk. {limit} {manner} If the customer mentions {word}, offer the form {word}-{n}. {close}',
      'Answer customers of {Firm} ({trade}). {manner} {limit} {close}',
    ],
    trade: [
      'bike insurer',
      'phone shop',
      'water utility',
      'ticket office',
      'pharmacy',
      'parcel carrier',
      'hotel chain',
      'seed merchant',
      'savings bank',
      'furniture maker',
      'language school',
      'car-sharing club',
    ],
    manner: [
      'Be brief and warm.',
      'Reply in the customer’s language.',
      'Use at most {h} sentences.',
      'Never guess a price.',
      'Stay formal.',
      'Ask one question at a time.',
    ],
    limit: [
      'Do not discuss {word} or other firms.',
      'Refunds over {n} go to {Name}.',
      'Orders from {Place} take {h} days.',
      'Only talk about {word} plans {n} and {n}.',
      'Never promise a date before day {h}.',
    ],
    close: [
      'Sign as {Name}.',
      'Close with the case number.',
      'Hand over to a person when asked.',
      'Say goodbye politely.',
    ],
    rag: [
      'Answer only from the passages. Cite them as [{word} n]. If they do not say, reply "not in {Firm} files".',
      'You search the {Firm} handbook for staff in {Place}. Quote the passage number. {manner}',
      'Use the context to answer the question for {Firm}. Keep to {h} sentences and name the {word} section.',
    ],
    batch: [
      'Label the {Firm} ticket as one of: {word}, {word}, {word}, other. Reply with JSON {"label", "why"}.',
      'Extract name, amount and {word} from the record of {Firm}. Reply with JSON only.',
      'Translate the {Firm} product text into the language of {Place}. Keep numbers and {word} codes.',
      'Summarise the {word} report for {Firm} in one sentence of at most {n} characters.',
      'Rewrite the listing for {Firm} in plain words; keep sizes, drop {word} claims.',
    ],
    tutor: [
      'You are {Name}, homework helper of {Firm}. Work every problem out in full, step by step, then give the answer on its own line. Never skip a step. {manner}',
      'Explain the solution to a pupil in {Place} as {Name} would: show each step and why it is allowed, then the result. {manner}',
    ],
    article: [
      'You write for {Firm}, a magazine about {word} in {Place}. Use {h} headings and about {n} words. {manner}',
      'Write search-friendly articles for {Firm}. Mention {word} twice. End with a question to readers.',
    ],
    front: ['You are a helpful assistant in {Firm}. The date is not known. {manner}'],
    rubric: [
      'You mark replies for {Firm}. Rubric {word}-{n}: accuracy (0 to {h}), helpfulness (0 to {h}), style (0 to {h}). Explain each mark in one sentence, then output JSON {"marks", "preferred"}.',
      'Compare reply A with reply B for {Firm} raters. Apply guideline {word}-{n}: facts first, then tone, then length. Give reasons before the verdict.',
    ],
    starter: [
      'You are the {word} agent of the {Place} hackathon starter kit. Think, pick one tool, observe, repeat. Tools: search, notes, chart. Stop after {h} rounds and print FINAL.',
    ],
    viral: [
      'From now on you are {Name}, a mentor with {n} years in {word}. First ask me {h} questions about my goal, then rate my plan out of {n}, list its blind spots in a table, and finish with a {h}-week programme. Never break character. My goal:',
      'Ignore the polite version. Roast this in the voice of {Name} the {word}, give it a score out of {n}, then fix it in {h} steps and explain step by step why each works:',
      'Become the {word} machine. For whatever I type, give {h} angles nobody thinks of, one metaphor, one risk and a line I could post. Think step by step before each angle. Topic:',
      'Act as my {word} board: a sceptic, an optimist and {Name} who has failed {h} times. Let them argue for {n} words, reasoning aloud, then vote. Question:',
    ],
    assignment: [
      'Assignment {n} ({Place} course): explain in your own words why {word} matters for {word}, work through example {n}.{h} step by step and cite two sources.',
      'Exercise sheet {h}, task {n}: derive the {word} bound from lemma {n}, show all steps, and discuss the case n = {h}.',
      'Essay brief {n}: compare the {word} and {word} schools after {n}0, with one primary source from {Place}.',
    ],
    harness: [
      'The following is a question from the {word} suite. Think step by step and then finish your answer with "the answer is (X)".',
      'Question ({word}-{n}). Let us think step by step. Put the final answer within \\boxed{}.',
      'Solve the following {word} problem step by step. The last line must be of the form Answer: $VALUE.',
      'Choose the correct option for the {word} item. Reply with the letter only.',
    ],
  },
  {
    Name: ({ random }) => coinLatin(random),
    Firm: ({ random }) => coinLatin(random),
    Place: ({ random }) => coinLatin(random),
    word: ({ random }) => coinIdentifier(random),
    n: ({ random }) => String(random.integer(11, 99)),
    h: ({ random }) => String(random.integer(2, 8)),
  },
)

export type SystemRule =
  | 'support'
  | 'rag'
  | 'batch'
  | 'tutor'
  | 'article'
  | 'front'
  | 'rubric'
  | 'starter'
  | 'viral'
  | 'assignment'
  | 'harness'

/** One product's text; the same random source gives the same text. */
export function system(random: Random, rule: SystemRule): string {
  return systems.expand(rule, { random, own: [], topics: [] })
}
