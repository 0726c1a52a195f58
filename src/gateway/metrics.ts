import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Action } from '../policy/index.ts'
import type { AdapterName } from './adapters/adapter.ts'
import type { RefusalCode } from '../wire/refusal.ts'
import type { Loss } from './queue.ts'
import type { Unread } from './tap.ts'
import type { Delivery } from './webhook.ts'

/** How an exchange ended, for counting. */
export type Outcome = 'passed' | 'refused' | 'client-left' | 'upstream-failed'

/** The gateway's figures. Labels are from closed lists, so that no caller can make new series. */
export type Metrics = {
  readonly exchange: (
    route: string,
    status: number,
    outcome: Outcome,
    seconds: { readonly first: number | null; readonly whole: number },
  ) => void
  readonly refused: (code: RefusalCode) => void
  /** An exchange of a key that no upstream has accepted: nobody's, and not recorded. */
  readonly unproven: () => void
  readonly recordKept: (records: number) => void
  readonly recordLost: (reason: Loss, records: number) => void
  readonly answerUnread: (reason: Unread) => void
  /** What the policy came to for a request of an account that is watched or flagged. */
  readonly decided: (action: Action, enforced: boolean) => void
  readonly caseOpened: (action: Action, enforced: boolean) => void
  readonly delivered: (result: Delivery) => void
  /** What another gateway was told to do. */
  readonly advised: (adapter: AdapterName, action: Action) => void
  /** What became of exchanges that another gateway passed on. */
  readonly shipped: (result: 'kept' | 'refused' | 'no-room', exchanges: number) => void
  readonly reloaded: (result: 'applied' | 'rejected') => void
  readonly config: (version: string) => void
  readonly text: () => Promise<string>
  readonly contentType: string
}

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

/** What is looked up when somebody asks. */
export type Gauges = {
  readonly inProgress: () => number
  readonly connections: () => number
  readonly waiting: () => number
  readonly queueRecords: () => number
  readonly queueBytes: () => number
  readonly bodyBytes: () => number
  readonly budgetAccounts: () => number
  readonly spoolBytes: () => number
  readonly engine: () => EngineGauges
}

/** Of the process that detects; zeros where there is none. */
export type EngineGauges = {
  readonly up: number
  readonly restarts: number
  readonly secondsBehind: number
  readonly exchanges: number
  readonly late: number
  readonly watched: number
  readonly flagged: number
}

export function makeMetrics(gauges: Gauges): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { exchanges, refusedTotal, unproven, kept, lost, unread, reloads } = counters(registry)
  const { whole, first } = histograms(registry)
  const info = new Gauge({
    name: 'stillwatch_config_info',
    help: 'The version of the settings in force.',
    labelNames: ['version'],
    registers: [registry],
  })
  for (const [name, help, read] of gaugeTable(gauges)) {
    const collect = (): void => gauge.set(read())
    const gauge = new Gauge({ name, help, registers: [registry], collect })
  }
  return {
    exchange: (route, status, outcome, seconds) => {
      const label = route === '' ? 'other' : route
      exchanges.inc({ route: label, status: `${Math.floor(status / 100)}xx`, outcome })
      whole.observe({ route: label }, seconds.whole)
      if (seconds.first !== null) first.observe({ route: label }, seconds.first)
    },
    refused: (code) => refusedTotal.inc({ code }),
    unproven: () => unproven.inc(),
    recordKept: (records) => kept.inc(records),
    recordLost: (reason, records) => lost.inc({ reason }, records),
    answerUnread: (reason) => unread.inc({ reason }),
    ...policyMetrics(registry),
    ...decideMetrics(registry),
    reloaded: (result) => reloads.inc({ result }),
    config: (version) => {
      info.reset()
      info.set({ version }, 1)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

type Counters = Readonly<
  Record<
    'exchanges' | 'refusedTotal' | 'unproven' | 'kept' | 'lost' | 'unread' | 'reloads',
    Counter
  >
>

function counters(registry: Registry): Counters {
  const made = (name: string, help: string, labelNames: string[]): Counter =>
    new Counter({ name: `stillwatch_${name}_total`, help, labelNames, registers: [registry] })
  return {
    exchanges: made('exchanges', 'Exchanges that ended, by route, class of status and how.', [
      'route',
      'status',
      'outcome',
    ]),
    refusedTotal: made('refusals', 'Answers of the gateway itself, by code.', ['code']),
    unproven: made(
      'unproven',
      'Exchanges of keys that no upstream has accepted; not recorded.',
      [],
    ),
    kept: made('records_kept', 'Records that the sink took.', []),
    lost: made('records_lost', 'Records that were not kept, by reason.', ['reason']),
    unread: made(
      'answers_unread',
      'Answers that passed and were not read to their end, by reason.',
      ['reason'],
    ),
    reloads: made('config_reloads', 'Changes of the settings file, by what came of them.', [
      'result',
    ]),
  }
}

function policyMetrics(registry: Registry): Pick<Metrics, 'decided' | 'caseOpened' | 'delivered'> {
  const made = (name: string, help: string, labelNames: string[]): Counter =>
    new Counter({
      name: `stillwatch_policy_${name}_total`,
      help,
      labelNames,
      registers: [registry],
    })
  const decisions = made(
    'decisions',
    'Requests of accounts watched or flagged, by the action their rules come to, and whether it was taken.',
    ['action', 'enforced'],
  )
  const cases = made('cases', 'Cases opened.', ['action', 'enforced'])
  const webhooks = made('webhooks', 'Alerts and re-verifications posted.', ['result'])
  return {
    decided: (action, enforced) => decisions.inc({ action, enforced: String(enforced) }),
    caseOpened: (action, enforced) => cases.inc({ action, enforced: String(enforced) }),
    delivered: (result) => webhooks.inc({ result }),
  }
}

function decideMetrics(registry: Registry): Pick<Metrics, 'advised' | 'shipped'> {
  const advice = new Counter({
    name: 'stillwatch_advice_total',
    help: 'What other gateways that asked were told to do.',
    labelNames: ['adapter', 'action'],
    registers: [registry],
  })
  const shipped = new Counter({
    name: 'stillwatch_shipped_total',
    help: 'Exchanges that other gateways passed on, by what became of them.',
    labelNames: ['result'],
    registers: [registry],
  })
  return {
    advised: (adapter, action) => advice.inc({ adapter, action }),
    shipped: (result, exchanges) => shipped.inc({ result }, exchanges),
  }
}

function histograms(registry: Registry): Readonly<Record<'whole' | 'first', Histogram>> {
  const made = (name: string, help: string): Histogram =>
    new Histogram({
      name: `stillwatch_${name}_seconds`,
      help,
      labelNames: ['route'],
      buckets: secondsBuckets,
      registers: [registry],
    })
  return {
    whole: made('exchange', 'From request received to answer ended.'),
    first: made('first_byte', 'From request received to the first byte of its answer.'),
  }
}

function gaugeTable(
  gauges: Gauges,
): readonly (readonly [name: string, help: string, read: () => number])[] {
  return [
    ['stillwatch_exchanges_in_progress', 'Exchanges in progress.', gauges.inProgress],
    ['stillwatch_connections', 'Connections from clients.', gauges.connections],
    ['stillwatch_waiting', 'Requests that wait for an upstream.', gauges.waiting],
    ['stillwatch_queue_records', 'Records that wait for the sink.', gauges.queueRecords],
    ['stillwatch_queue_bytes', 'The same in bytes.', gauges.queueBytes],
    ['stillwatch_budget_accounts', 'Accounts whose budgets are remembered.', gauges.budgetAccounts],
    ['stillwatch_body_bytes', 'Bodies of requests in progress, in bytes.', gauges.bodyBytes],
    ['stillwatch_spool_bytes', 'Records that lie where detection reads them.', gauges.spoolBytes],
    ...engineTable(gauges.engine),
  ]
}

function engineTable(
  engine: () => EngineGauges,
): readonly (readonly [name: string, help: string, read: () => number])[] {
  const row = (
    name: string,
    help: string,
    of: keyof EngineGauges,
  ): readonly [string, string, () => number] => [`stillwatch_${name}`, help, () => engine()[of]]
  return [
    row('engine_up', '1 while the process that detects runs and has its store.', 'up'),
    row('engine_restarts', 'How often it was started again.', 'restarts'),
    row('engine_behind_seconds', 'How old the newest verdict is.', 'secondsBehind'),
    row('engine_exchanges', 'Exchanges that verdicts rest on.', 'exchanges'),
    row(
      'engine_late',
      'Exchanges that came after their step was closed, since it started.',
      'late',
    ),
    row('accounts_watched', 'Accounts that are watched.', 'watched'),
    row('accounts_flagged', 'Accounts that are flagged.', 'flagged'),
  ]
}
