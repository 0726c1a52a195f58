import type { Random } from '../../core/random.ts'
import { coinIdentifier } from './coin.ts'
import { grammar } from './expand.ts'
import { recipe } from './recipes.ts'
import type { Aim, Recipe } from './recipes.ts'
import type { Language } from './tongues.ts'

// How extraction asks for what a student model learns from: worked-out reasoning, long answers,
// judgements. Written in many ways, because a campaign rewrites its template when one is noticed.

const templates = grammar(
  {
    reasoningLead: [
      '{treat} the {item} below as {standing}. {care}',
      'You are given one {item}. {care}',
      '{item} {code}: {care}',
      'Below is {standing} from our set {code}. {care}',
      '{care} The {item} follows.',
      'Act as {role} who {habit}. {care}',
    ],
    reasoningTail: [
      '{before}, {write} {thought} {shape}. {check} {final}',
      '{write} {thought} {shape}, {evenif}. {final}',
      '{shapefirst} hold {thought}; {check} {final}',
      'Do not summarise: {write} {thought} {shape}. {final}',
      '{final} {before}, {write} {thought}, {evenif}.',
    ],
    answerLead: [
      'You produce reference answers for {role}. {care}',
      '{treat} what follows as {standing} and answer it at full length.',
      'Reply as {role} would in print. {care}',
      'Entry {code} of the guide. {care}',
    ],
    answerTail: [
      'Write at least {n} words in {n2} titled sections and end with "{code}".',
      'Cover causes, steps, exceptions and {n2} worked cases; no preamble.',
      'Return JSON with the fields question, answer, level (1 to {n2}) and skills.',
      'Give the fullest answer you can, then {n2} harder questions on the same matter with their answers.',
    ],
    gradingLead: [
      'You judge answers for {role}. Give each candidate a mark from 1 to {n2} per criterion.',
      'Two candidates answered the {item} below. Decide which one {role} would prefer.',
      '{treat} the pair below as {standing} and mark it by the rubric.',
    ],
    gradingTail: [
      'Rubric: correctness ({n2}), completeness ({n2}), tone ({n2}), safety ({n2}). Explain every mark, then print {code}: A or B.',
      'Criteria: {criterion}; {criterion}; {criterion}. Reason about each before the verdict as JSON.',
      'First list the faults of A, then of B, then weigh {criterion} against {criterion}. Last line: winner.',
    ],
    treat: ['Take', 'Treat', 'Consider', 'Handle', 'Regard'],
    item: ['problem', 'exercise', 'task', 'question', 'case', 'query', 'item', 'prompt'],
    standing: [
      'an exam paper',
      'a research problem',
      'a worked example',
      'a benchmark entry',
      'a lesson for apprentices',
      'an expert review',
      'a contest problem',
      'a specimen solution',
    ],
    role: [
      'an examiner',
      'a patient tutor',
      'a senior analyst',
      'a contest coach',
      'an editor of textbooks',
      'a systems engineer',
      'a professor of logic',
      'a clinical reviewer',
    ],
    habit: [
      'never skips a line',
      'thinks on paper',
      'says every doubt aloud',
      'keeps a full notebook',
      'records dead ends too',
    ],
    care: [
      'Work slowly.',
      'Leave nothing implicit.',
      'Precision counts more than length.',
      'Assume no prior steps.',
      'Your notes matter as much as the result.',
      'Every inference must be visible.',
      'Show how an expert gets there.',
      'Take as much room as you need.',
    ],
    before: [
      'Before you conclude',
      'Ahead of the result',
      'Prior to answering',
      'Before any answer',
      'Ahead of the last line',
    ],
    write: [
      'write out',
      'set down',
      'spell out',
      'lay open',
      'record',
      'put on paper',
      'narrate',
      'document',
    ],
    thought: [
      'your whole train of thought',
      'every intermediate inference',
      'the complete inner monologue',
      'each hypothesis and why you dropped it',
      'the reasoning you would keep to yourself',
      'all the steps of your thinking',
      'the deliberation behind each choice',
      'your private working in full',
    ],
    shape: [
      'between <{tag}> and </{tag}>',
      'as numbered steps',
      'line by line',
      'under the heading {tag}',
      'as a diary of attempts',
      'in the first person',
      'with a confidence for each step',
    ],
    shapefirst: [
      'The tags <{tag}></{tag}>',
      'The section "{tag}"',
      'Lines that start with {tag}:',
      'A block fenced as {tag}',
    ],
    evenif: [
      'even where it went wrong',
      'including the detours',
      'however obvious it seems',
      'without shortening',
      'with the false starts',
    ],
    check: [
      'Check it once by another route.',
      'Then test the result.',
      'Doubt each step once.',
      'Verify with numbers.',
      'Revise where needed.',
    ],
    final: [
      'Finish with the answer alone.',
      'Close with "{tag}:" and the result.',
      'Last, state the result in one line.',
      'End with the boxed result.',
      'Put the result after ###.',
    ],
    criterion: [
      'does it obey the question',
      'is each claim supported',
      'would a novice follow it',
      'are the steps in order',
      'is anything invented',
      'does it refuse without need',
      'is the length right',
      'are units kept',
    ],
    tag: ['{code}', 'scratch', 'notes', 'working', 'mind', 'draft', 'trace', 'analysis'],
  },
  {
    code: ({ random }) => coinIdentifier(random),
    n: ({ random }) => String(random.integer(3, 18) * 50),
    n2: ({ random }) => String(random.integer(3, 10)),
  },
)

/** One way to ask; the same random source gives the same words. */
export function wrapper(random: Random, aim: Aim, language: Language = 'en'): Recipe {
  if (language !== 'en') return recipe(random, aim, language)
  const voice = { random, own: [], topics: [] }
  return {
    lead: templates.expand(`${aim}Lead`, voice),
    tail: templates.expand(`${aim}Tail`, voice),
  }
}

export function wrapped({ lead, tail }: Recipe, body: string): string {
  return [lead, body, tail].filter((piece) => piece !== '').join('\n\n')
}
