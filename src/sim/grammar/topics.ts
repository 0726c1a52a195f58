import { phrases, words } from './expand.ts'

/** What an English sentence may be about: things, what is done to them, and what they are like. */
export type Topic = {
  readonly things: readonly string[]
  readonly acts: readonly string[]
  readonly traits: readonly string[]
}

function topic(things: string, acts: string, traits: string): Topic {
  return { things: phrases(things), acts: words(acts), traits: words(traits) }
}

export const topics: Readonly<Record<string, Topic>> = {
  garden: topic(
    'raised bed|compost heap|tomato vine|drip hose|hedge|greenhouse vent|seed tray|lawn edge|rain barrel|fig tree|mulch layer|trellis|soil sample|pruning saw',
    'prune water repot graft weed move cover feed thin',
    'soggy leggy shaded sandy overgrown frost-bitten south-facing neglected young',
  ),
  kitchen: topic(
    'sourdough starter|cast-iron pan|lentil stew|pressure cooker|pie crust|pickling jar|spice rub|oven shelf|stock pot|noodle dough|freezer drawer|birthday cake|fermented sauce|knife block',
    'season knead reduce proof freeze reheat glaze slice scale',
    'dense watery burnt lumpy bitter under-proofed salty leftover gluten-free',
  ),
  money: topic(
    'mortgage offer|expense report|invoice run|pension pot|savings plan|tax form|payroll file|loan schedule|budget sheet|bank feed|refund claim|share scheme|petty cash book|quarterly forecast',
    'reconcile refinance itemise split defer audit file amortise project',
    'overdue variable-rate provisional duplicate joint late unaudited foreign rounded',
  ),
  travel: topic(
    'rail pass|layover|hostel booking|visa letter|hire car|ferry crossing|walking route|luggage allowance|night train|travel policy|campsite pitch|museum slot|airport transfer|border form',
    'rebook shorten plan cancel extend compare combine reroute confirm',
    'non-refundable overnight scenic fully-booked tight cheap off-season delayed accessible',
  ),
  health: topic(
    'sleep diary|knee brace|running plan|blood test|allergy list|physio routine|step count|meal plan|dose schedule|back pain|eye strain|insurance letter|rehab programme|hydration log',
    'track reduce stretch taper schedule treat log interpret build',
    'persistent mild irregular morning post-surgery seasonal high-impact low-salt recurring',
  ),
  law: topic(
    'tenancy clause|notice letter|privacy notice|supplier contract|deposit dispute|non-compete|board minute|licence grant|warranty term|data request|power of attorney|consent form|claim form|service agreement',
    'redraft terminate enforce contest summarise serve amend sign waive',
    'ambiguous one-sided expired verbal binding unsigned mutual standard missing',
  ),
  software: topic(
    'build cache|login form|cron job|message queue|config file|retry loop|search index|test suite|date parser|webhook handler|feature flag|memory leak|type definition|release script',
    'refactor debug cache migrate test profile deprecate mock document',
    'flaky legacy nested asynchronous undocumented slow shared generated strict',
  ),
  data: topic(
    'survey table|sales dashboard|join key|sensor log|pivot table|sampling plan|outlier rule|regression model|column schema|time series|customer cohort|nightly export|label set|confidence interval',
    'aggregate impute chart deduplicate normalise forecast cluster validate weight',
    'sparse skewed monthly noisy wide incomplete rolling nested mislabelled',
  ),
  school: topic(
    'lab report|reading list|group project|history essay|fractions worksheet|seating plan|spelling test|book review|science fair board|thesis chapter|lecture note|exam timetable|lesson plan|debate motion',
    'mark outline revise explain shorten cite proofread grade rehearse',
    'half-finished optional handwritten two-page peer-reviewed compulsory confusing final extra',
  ),
  music: topic(
    'chord chart|drum loop|cello part|mixing desk|vocal take|set list|guitar pedal|choir score|bass line|practice log|metronome setting|string quartet|sample pack|chorus',
    'transpose record mix tune arrange rehearse notate loop master',
    'muddy syncopated off-beat quiet four-bar acoustic detuned layered borrowed',
  ),
  craft: topic(
    'oak shelf|sewing pattern|varnish coat|dovetail joint|wool blanket|leather strap|workbench|glaze recipe|picture frame|zip pocket|lamp shade|chair leg|paint edge|knitted sleeve',
    'sand stitch clamp dye measure varnish repair rivet line',
    'warped uneven second-hand hand-dyed loose thick unfinished narrow vintage',
  ),
  pets: topic(
    'rescue dog|litter box|aquarium filter|vet bill|puppy class|parrot cage|cat flap|feeding chart|tick treatment|hamster wheel|lead training|kennel deposit|pond liner|hay rack',
    'train groom rehome feed calm clean weigh introduce insure',
    'anxious elderly noisy overweight shy indoor half-wild new itchy',
  ),
  work: topic(
    'status update|job advert|shift rota|onboarding checklist|appraisal form|team offsite|meeting agenda|cover letter|handover note|holiday request|sales pitch|org chart|desk booking|probation review',
    'draft reschedule chair delegate shorten present approve circulate negotiate',
    'awkward weekly blunt overdue cross-team informal first remote urgent',
  ),
  science: topic(
    'gas chromatograph|enzyme assay|tide table|soil core|pendulum rig|petri dish|telescope mount|isotope ratio|titration curve|weather balloon|rock sample|field notebook|light sensor|growth chamber',
    'calibrate measure dilute model replicate centrifuge plot isolate estimate',
    'contaminated repeatable low-temperature unexpected saturated faint averaged unstable labelled',
  ),
  history: topic(
    'canal archive|parish register|trade treaty|city wall|guild charter|census page|ration book|railway map|siege diary|coin hoard|land deed|oral history|harbour tax|court roll',
    'date transcribe interpret compare trace translate summarise digitise contextualise',
    'medieval disputed water-damaged colonial anonymous partial early regional forged',
  ),
  home: topic(
    'boiler timer|loft hatch|kitchen tap|radiator valve|smoke alarm|garage door|bathroom fan|floor plan|wall socket|window seal|rent increase|moving checklist|attic insulation|door hinge',
    'fix insulate replace bleed paint seal rewire fit measure',
    'leaky draughty squeaky rented damp stiff rattling old cracked',
  ),
  games: topic(
    'dungeon map|card deck|chess opening|quest log|board-game night|puzzle room|scoring rule|level editor|dice pool|story arc|boss fight|character sheet|speedrun route|trading post',
    'balance design shuffle playtest rewrite solve host nerf draft',
    'overpowered two-player hidden cooperative boring timed homebrew late-game clumsy',
  ),
  writing: topic(
    'opening paragraph|villain monologue|newsletter|haiku|product blurb|speech draft|short story|blog intro|eulogy|press release|dialogue scene|grant abstract|film synopsis|wedding toast',
    'tighten rewrite title summarise translate soften extend edit expand',
    'rambling sarcastic formal first-person clichéd tender wordy unfinished punchy',
  ),
  shop: topic(
    'return label|stock count|loyalty card|delivery slot|price tag|size chart|product photo|gift voucher|supplier quote|display shelf|checkout queue|customer review|packing slip|discount code',
    'refund restock discount reorder photograph bundle relabel ship cancel',
    'wrong backordered fragile out-of-date wholesale oversized damaged bestselling mispriced',
  ),
  transport: topic(
    'bike chain|bus lane|van lease|brake pad|charging cable|parking permit|tyre set|commute plan|freight manifest|loading bay|roof rack|service interval|delivery route|tram stop',
    'replace lease reroute service charge park load inspect insure',
    'rusty electric worn city-centre second-hand overloaded rural noisy faulty',
  ),
}
export const topicNames: readonly string[] = Object.keys(topics)
