import { type Bucket, filled, fullBucket, type Rate, settled, taken } from './bucket.ts'

/** What a tier may use; each optional. As `docs/stillwatch.schema.json` has it. */
export type TierLimits = {
  readonly requests_per_minute_max?: number
  readonly tokens_per_minute_max?: number
  readonly tokens_per_day_max?: number
  readonly likelihood_requests_per_day_max?: number
  readonly concurrency_max?: number
  readonly models?: readonly string[]
}

/** Which limit was met. */
export type Limited = 'requests' | 'tokens' | 'tokens-day' | 'likelihoods-day' | 'concurrency'

/** A request that is over a limit. */
export type Over = {
  readonly is: 'over'
  readonly limit: Limited
  readonly max: number
  /** What is left of it, too little for this request. */
  readonly remaining: number
  /** When it would be enough, if nothing else is asked meanwhile; 0 where nobody can tell. */
  readonly waitMs: number
}

/** What a request may use, known before it is sent. */
export type Cost = { readonly tokens: number; readonly likelihoods: boolean }

/** A request that was let in. */
export type Visit = {
  /** Takes what it may use, all of it or nothing. */
  readonly spend: (cost: Cost, nowMs: number) => Over | null
  /** From now on `settle` will be called; until then `leave` gives back what was spent. */
  readonly carry: () => void
  /** Puts right what was spent by what was used. Only the first call counts. */
  readonly settle: (tokens: number, nowMs: number) => void
  /** Makes it as if the request had not been: nobody's key, refused by the upstream. In place of `settle`. */
  readonly undo: (nowMs: number) => void
  /** Gives up its place; further calls do nothing. */
  readonly leave: (nowMs: number) => void
}

/**
 * The budgets of all accounts. What stands behind it may be shared with other gateways; each call is
 * answered at once, from what is known here.
 */
export type Budgets = {
  /** `subject` is whose budget it is. */
  readonly enter: (subject: string, limits: TierLimits, nowMs: number) => Visit | Over
  readonly subjects: () => number
}

type Kind = Exclude<Limited, 'concurrency'>

const minuteMs = 60_000
const dayMs = 86_400_000

function rateOf(limits: TierLimits, kind: Kind): Rate | null {
  const rate = (max: number | undefined, periodMs: number): Rate | null =>
    max === undefined ? null : { max, periodMs }
  switch (kind) {
    case 'requests':
      return rate(limits.requests_per_minute_max, minuteMs)
    case 'tokens':
      return rate(limits.tokens_per_minute_max, minuteMs)
    case 'tokens-day':
      return rate(limits.tokens_per_day_max, dayMs)
    case 'likelihoods-day':
      return rate(limits.likelihood_requests_per_day_max, dayMs)
  }
}

/** One subject's buckets, made when first needed, and its requests. */
type Account = {
  readonly buckets: Map<Kind, Bucket>
  /** Requests in progress. */
  running: number
  /** Those and the ones that are not settled yet. */
  open: number
  /** As it was last judged by. */
  limits: TierLimits
}

type Spent = ReadonlyMap<Kind, number>

/** Subjects looked at for one that can be forgotten, so that finding none costs little. */
const lookedAtMax = 16

/**
 * Budgets in memory, of at most `subjectsMax()` subjects. A subject is forgotten only when all its buckets
 * are full again, which forgets nothing: who sends many requests under many names frees no bucket of
 * its own. Where none is, newcomers share one budget, that of a single subject of their limits.
 */
export function memoryBudgets(subjectsMax: () => number): Budgets {
  const accounts = new Map<string, Account>()
  const accountOf = (subject: string, limits: TierLimits, nowMs: number): Account => {
    const known = accounts.get(subject)
    if (known) return known
    if (accounts.size >= subjectsMax()) makeRoom(accounts, nowMs)
    const crowded = accounts.size >= subjectsMax()
    const name = crowded ? `shared ${JSON.stringify(limits)}` : subject
    const account = accounts.get(name) ?? { buckets: new Map(), running: 0, open: 0, limits }
    accounts.set(name, account)
    return account
  }
  return {
    subjects: () => accounts.size,
    enter: (subject, limits, nowMs) => {
      const account = accountOf(subject, limits, nowMs)
      account.limits = limits
      const { concurrency_max: max = Infinity } = limits
      if (account.running >= max)
        return { is: 'over', limit: 'concurrency', max, remaining: 0, waitMs: 0 }
      const asked = new Map<Kind, number>([['requests', 1]])
      const over = take(account, asked, nowMs)
      if (over !== null) return over
      account.running += 1
      account.open += 1
      return visit(account, asked)
    },
  }
}

/** Forgets one who has everything back; those who have not are looked at last the next time. */
function makeRoom(accounts: Map<string, Account>, nowMs: number): void {
  let looked = 0
  for (const [subject, account] of accounts) {
    if (looked++ >= lookedAtMax) return
    accounts.delete(subject)
    if (isFull(account, nowMs)) return
    accounts.set(subject, account)
  }
}

function isFull({ buckets, open, limits }: Account, nowMs: number): boolean {
  if (open > 0) return false
  return [...buckets].every(([kind, bucket]) => {
    const rate = rateOf(limits, kind)
    return rate === null || filled(bucket, rate, nowMs).level >= rate.max
  })
}

/** Takes of several buckets, of all or of none; more tokens than one ever holds are taken as all that it holds. */
function take(account: Account, wanted: Map<Kind, number>, nowMs: number): Over | null {
  const after: (readonly [Kind, Bucket])[] = []
  for (const [kind, amount] of wanted) {
    const rate = rateOf(account.limits, kind)
    if (rate === null) continue
    const bucket = filled(account.buckets.get(kind) ?? fullBucket(rate, nowMs), rate, nowMs)
    const most = kind === 'tokens' || kind === 'tokens-day' ? Math.min(amount, rate.max) : amount
    const result = taken(bucket, rate, most)
    if (result.waitMs > 0)
      return {
        is: 'over',
        limit: kind,
        max: rate.max,
        remaining: Math.max(0, Math.floor(bucket.level)),
        waitMs: result.waitMs,
      }
    wanted.set(kind, most)
    after.push([kind, result.bucket])
  }
  for (const [kind, bucket] of after) account.buckets.set(kind, bucket)
  return null
}

/** Takes more of each bucket than was taken, or gives back. */
function adjust(account: Account, over: Spent, nowMs: number): void {
  for (const [kind, amount] of over) {
    const rate = rateOf(account.limits, kind)
    const bucket = account.buckets.get(kind)
    if (rate === null || bucket === undefined) continue
    account.buckets.set(kind, settled(filled(bucket, rate, nowMs), rate, amount))
  }
}

function visit(account: Account, entered: Spent): Visit {
  let spent: Spent = new Map()
  let carried = false
  let left = false
  let done = false
  const close = (over: Spent, nowMs: number): void => {
    if (done) return
    done = true
    account.open -= 1
    adjust(account, over, nowMs)
  }
  const back = (amounts: Spent): Spent => new Map([...amounts].map(([kind, each]) => [kind, -each]))
  return {
    spend: ({ tokens, likelihoods }, nowMs) => {
      const wanted = new Map<Kind, number>([
        ['tokens', tokens],
        ['tokens-day', tokens],
        ...(likelihoods ? ([['likelihoods-day', 1]] as const) : []),
      ])
      const over = take(account, wanted, nowMs)
      if (over === null) spent = wanted
      return over
    },
    carry: () => {
      carried = true
    },
    settle: (tokens, nowMs) => {
      const over = (['tokens', 'tokens-day'] as const).map(
        (kind) => [kind, tokens - (spent.get(kind) ?? 0)] as const,
      )
      close(new Map(over), nowMs)
    },
    undo: (nowMs) => close(new Map([...back(entered), ...back(spent)]), nowMs),
    leave: (nowMs) => {
      if (left) return
      left = true
      account.running -= 1
      if (!carried) close(back(spent), nowMs)
    },
  }
}
