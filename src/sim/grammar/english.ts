import { coinLatin } from './coin.ts'
import { grammar, phrases, words } from './expand.ts'
import type { Voice } from './expand.ts'
import { topicNames, topics } from './topics.ts'
import type { Topic } from './topics.ts'
import type { Tongue } from './tongue.ts'

const plurals = words(
  'crates pages hours samples guests rows pupils kilometres litres drafts sheets boxes minutes files lines clients plots visits tickets versions bottles trips cards frames',
)
const months = words(
  'January February March April May June July August September October November December',
)
const days = words('Monday Tuesday Wednesday Thursday Friday Saturday Sunday')
const manners = phrases(
  'by hand|without any tools|on a small budget|before the weekend|in one go|a bit at a time|with my sister|from memory|in the rain|after the move|under an hour|twice a year|without asking the landlord|for a beginner|on a phone|offline|with what is in the house|in front of thirty people',
)

/** A sentence keeps to one topic, or it reads as if its words were drawn from a hat. */
function onOneTopic(voice: Voice): Voice {
  const { random, own, topics: known } = voice
  return { random, own, topics: [random.pick(known.length > 0 ? known : topicNames)] }
}

function about(voice: Voice): Topic {
  const named = topics[voice.topics[0] ?? '']
  return (
    named ?? Object.values(topics)[topicNames.length - 1] ?? { things: [], acts: [], traits: [] }
  )
}

const english = grammar(
  {
    np: [
      'the {trait} {thing} {detail}',
      'my {thing} {detail}',
      'our {trait} {thing} from {month}',
      'the {own} {thing}',
      'this {thing} {detail}',
      'the {thing} that {own} gave us',
      'a {trait} {thing} with {count} {plural}',
      '{own}’s {thing} {detail}',
      'the {thing} and the {trait} {thing} {detail}',
      'those {count} {plural} for the {thing}',
    ],
    detail: [
      'from {own}',
      'in {coin}',
      'for {coin}',
      'called {coin}',
      'near {own}',
      'with {count} {plural}',
      'for {count} {plural}',
      'we got in {month} from {coin}',
      'that {coin} left behind',
      'after {count} {plural}',
      'at the {coin} site',
    ],
    when: [
      'since {day}',
      'before {month} {small}',
      'by {day} at {small}',
      'for the next {count} {plural}',
      'after {month}',
      'every {small} {plural}',
      '{manner}',
      'in {year}',
    ],
    ask: [
      'how do i {act} {np}',
      'what is the best way to {act} {np} {when}',
      'can you help me {act} {np}',
      'why is {np} so {trait} {when?}',
      'should i {act} {np} or {act} {np}',
      'what happens if i {act} {np} {when}',
      'is it normal that {np} gets {trait} {when}',
      'could you {act} {np} and tell me what you would change',
      'give me {small} ideas to {act} {np}.',
      'how long does it take to {act} {np} {manner}',
      'which is better for {np}: {manner} or {manner}',
      'write a {trait} note to {own} about {np}.',
      'explain {np} to someone who only knows {coin}.',
      'compare {np} with {np}.',
      'what would {own} need to know about {np}',
      'make a checklist to {act} {np} {when}.',
      'how much should {count} {plural} of {np} cost in {coin}',
      'who do i ask about {np} in {coin}',
      'draft a short message saying we have to {act} {np} {when}.',
      'where did i go wrong with {np}',
      'suggest a name for {np}.',
      'is there a way to {act} {np} {manner}',
      'what are the risks when you {act} {np} {when}',
      'turn my notes on {np} into {small} bullet points.',
      'translate "{np}, {when}" for {own}.',
      'plan {small} {plural} around {np}.',
      'tell me about {np}, mostly the {trait} part.',
      'what did people in {coin} do with {np} {when}',
    ],
    tell: [
      '{np} turned {trait} {when}',
      'we already tried to {act} {np} {when}',
      'last {day} {own} told me to {act} {np}',
      'i have {count} {plural} and {np}',
      '{own} says {np} is too {trait}',
      'it worked {when} but then {np} looked {trait}',
      'there are {count} {plural} left and {own} wants them {when}',
      'for context, {np} belongs to {own}',
      'the last time i had to {act} {np} it cost {count} in {coin}',
      'nothing else changed, only {np}',
      'i am not good at this and {np} is {trait}',
      'my budget is {count}, mostly for {np}',
    ],
    wish: [
      'keep it under {count} words',
      'no more than {small} points, please',
      'i need it for {own} {when}',
      'use {coin} as the example',
      'skip the part about {np}',
      'write it so that {own} understands',
      'mention {own} once',
      'leave out {np}',
      'answer for {coin}, not for anywhere else',
    ],
    reply: [
      'You can {act} {np} {when}',
      'A {trait} {thing} usually comes from {np}',
      'The {thing} matters most here, because {np} stays {trait} {when}',
      'First {act} the {thing}, then look at {np}',
      'In {coin} people {act} the {thing} {manner}, so allow {count} {plural}',
      'If {np} is {trait}, {act} it {when}',
      'That gives {count} {plural} for {np}',
      'I would not {act} {np} {when}',
      'Start with {np}, and keep the {trait} {thing} for later',
      '{own} is right about {np}: it needs about {count} {plural}',
      'Two things decide it: {np}, and how {trait} the {thing} is {when}',
      'Between {np} and {np}, the first is less {trait}',
      'Set aside {small} {plural} for {np}, then {act} the rest {manner}',
    ],
    title: [
      '{trait} {thing} in {coin}',
      '{own} and the {thing}',
      '{count} {plural} of {thing}',
      'the {coin} {thing}',
    ],
  },
  {
    thing: (voice) => voice.random.pick(about(voice).things),
    act: (voice) => voice.random.pick(about(voice).acts),
    trait: (voice) => voice.random.pick(about(voice).traits),
    own: (voice) => voice.random.pick(voice.own),
    coin: (voice) => coinLatin(voice.random),
    count: (voice) => String(voice.random.integer(3, 900)),
    small: (voice) => String(voice.random.integer(2, 12)),
    year: (voice) => String(voice.random.integer(1890, 2029)),
    plural: (voice) => voice.random.pick(plurals),
    month: (voice) => voice.random.pick(months),
    day: (voice) => voice.random.pick(days),
    manner: (voice) => voice.random.pick(manners),
  },
)

export const en: Tongue = {
  grammar: { expand: (rule, voice) => english.expand(rule, onOneTopic(voice)) },
  coin: coinLatin,
  stop: '.',
  query: '?',
  space: ' ',
  greetings: phrases('hi|hello|hey|hi there|good morning|hello!|hey, quick question|good evening'),
  thanks: phrases('thanks|thank you|thanks!|thx|great, thanks|perfect, thank you|ok thanks'),
  followUps: phrases(
    'can you explain that again|make it shorter|why?|give me an example|continue|are you sure?|what do you mean?|rewrite it in simpler words|in a table please|what else?|and in short?|try again|can you be more specific?|make it sound friendlier|what are the downsides?|give me another one|list the sources|translate it to Spanish|what would you do?|turn it into an email',
  ),
  common: phrases(
    'what is the capital of Australia|write a cover letter|how do i lose weight|tell me a joke|what is the meaning of life|write a poem about love|how to make pancakes|what is machine learning|who are you|how do i center a div|fix my grammar|what should i cook tonight|write a birthday message for my mom|summarize this|what is bitcoin|how does photosynthesis work|what time is it in Tokyo|how to write a resume|explain quantum computing|what is the difference between affect and effect|best movies of all time|how to fall asleep fast|give me gift ideas|what is inflation|how do i tie a tie|write an email to my boss asking for a day off|what is the tallest mountain|how many ounces in a cup|is coffee bad for you|how to learn English|translate good morning to French|what is the pythagorean theorem|plan a trip to Italy|how do vaccines work|give me a workout plan|what is 15% of 80|who wrote Hamlet|how to boil eggs|write a haiku about rain|what does GDP mean|how to invert a binary tree|what is a black hole|explain recursion|how do i reset my router|difference between tcp and udp|what is stoicism|suggest a name for my dog|how far is the moon|how do i stop procrastinating|write a python hello world',
  ),
  quoting: (word: string): string => `what do you mean by "${word}"`,
}
