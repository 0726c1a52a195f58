import type { CampaignKind, Verdict } from '../record/report.ts'
import type { Bar } from './calibration.ts'
import { type Claim, hear, type Lack, lackWords } from './false-discovery.ts'
import { emptyFiling, type Filed } from './filing.ts'
import type { PopulationState } from './population.ts'
import { noteOf, type Settled, type Withheld } from './standing.ts'
import type { WeighedReason } from './verdict.ts'

/** What stands about one account after the steps so far. */
export type AccountState = {
  readonly account: number
  readonly verdict: Verdict
  readonly score: number
  readonly kind: CampaignKind
  /** The step at whose end the verdict was reached; null while clear. */
  readonly step: number | null
  readonly reasons: readonly WeighedReason[]
  /** The group it was judged with; null if alone. */
  readonly group: number | null
  /** Its place among accusations; none where it was not flagged by evidence. */
  readonly filed?: Filed
  /** What kept it from being flagged, where it would have been. */
  readonly withheld?: Withheld
}

/** Keeps what was concluded of each account, and accuses. */
export type Docket = {
  readonly alone: (account: number, judgement: Settled) => void
  readonly inGroup: (account: number, judgement: Settled, group: number) => void
  /** Flags those over the bar that may be, where so many groups might be campaigns. */
  readonly accuse: (groups: number, stands: (account: number, group: number) => boolean) => void
  readonly accounts: () => readonly AccountState[]
}

/** `flagged` latches: an accusation made is one that was made. Until it is made, what is known now decides. */
export function emptyDocket(population: PopulationState, bar: Bar): Docket {
  const states = new Map<number, AccountState>()
  const claims = emptyClaims()
  const filing = emptyFiling()
  const reached = { watch: new Map<number, number>(), flagged: new Map<number, number>() }
  // An account is judged alone and then with its group, each time; a verdict dates from the first time.
  const firstReached = (account: number, verdict: 'watch' | 'flagged'): number => {
    const step = reached[verdict].get(account) ?? population.step()
    reached[verdict].set(account, step)
    return step
  }
  const evidenceOf = (judgement: Settled): number => bar.alone + judgement.margin
  const note = (account: number, judgement: Settled, group: number | null): void => {
    const before = states.get(account)
    const flagged = before?.verdict === 'flagged'
    const over = judgement.outcome === 'flagged'
    // Of a flagged account the strongest grounds for flagging it are kept; they are what it was accused of.
    if (flagged && (!over || before.score >= judgement.score)) return
    // Who is over the bar shields nobody, nor does who is vouched for: the others are judged as though it were flagged.
    if (over || judgement.withheld?.reviewed === false) population.exclude(account)
    claims.withdraw(account)
    if (over && !flagged) claims.raise({ account, evidence: evidenceOf(judgement), group })
    const verdict = flagged ? 'flagged' : over ? 'watch' : judgement.outcome
    states.set(account, {
      account,
      verdict,
      step: verdict === 'clear' ? null : firstReached(account, verdict),
      score: judgement.score,
      kind: judgement.kind,
      reasons: judgement.reasons,
      group,
      ...(before?.filed === undefined ? {} : { filed: before.filed }),
      ...(judgement.withheld === undefined ? {} : { withheld: judgement.withheld }),
    })
  }
  const flag = ({ account, group }: Claim): void => {
    const state = states.get(account) ?? unseen(account)
    filing.file(account, group)
    const filed = filing.filed(account)
    const step = firstReached(account, 'flagged')
    states.set(account, { ...state, verdict: 'flagged', step, ...(filed && { filed }) })
  }
  return {
    alone: (account, judgement) => note(account, judgement, null),
    // An account is judged alone first, then with its group and its pool: the gravest view stands.
    inGroup: (account, judgement, group) => {
      const before = states.get(account)
      const claim = claims.of(account)
      const over = judgement.outcome === 'flagged'
      // What it was over the bar with has been weighed again; what it is over the bar with otherwise has not.
      const again = claim !== undefined && claim.group === group
      // Of two views that are over the bar the one that is further over it.
      const graver =
        claim === undefined
          ? judgement.score >= (before?.score ?? 0)
          : over && evidenceOf(judgement) >= claim.evidence
      const accused = over && claim === undefined && before?.verdict !== 'flagged'
      if (accused || again || graver) note(account, judgement, group)
    },
    accuse: (groups, stands) => {
      claims.keep(({ account, group }) => group === null || stands(account, group))
      for (const claim of claims.grant(population.size(), groups)) flag(claim)
    },
    accounts: () =>
      Array.from({ length: population.size() }, (_, account) => {
        const state = states.get(account) ?? unseen(account)
        const lack = claims.lack(account)
        return lack === undefined ? state : explained(state, lack)
      }),
  }
}

/** Who is over the bar by what is known now, and not flagged. */
type Claims = {
  readonly of: (account: number) => Claim | undefined
  readonly raise: (claim: Claim) => void
  readonly withdraw: (account: number) => void
  /** Withdraws those that no longer stand. */
  readonly keep: (stands: (claim: Claim) => boolean) => void
  /** Takes out those that may be reported among so many accounts and groups, and gives them back. */
  readonly grant: (accounts: number, groups: number) => readonly Claim[]
  /** What kept an account from being flagged the last time. */
  readonly lack: (account: number) => Lack | undefined
}

function emptyClaims(): Claims {
  const claims = new Map<number, Claim>()
  const groupsReported = new Set<number>()
  let accountsReported = 0
  let lacking: ReadonlyMap<number, Lack> = new Map()
  return {
    of: (account) => claims.get(account),
    raise: (claim) => claims.set(claim.account, claim),
    withdraw: (account) => claims.delete(account),
    keep: (stands) => {
      for (const claim of claims.values()) if (!stands(claim)) claims.delete(claim.account)
    },
    grant: (accounts, groups) => {
      const hearing = { accounts, groups, accountsReported, groupsReported }
      const heard = hear([...claims.values()], hearing)
      lacking = heard.lacking
      for (const { account, group } of heard.reported) {
        claims.delete(account)
        accountsReported += 1
        if (group !== null) groupsReported.add(group)
      }
      return heard.reported
    },
    lack: (account) => lacking.get(account),
  }
}

/** With what kept it from being flagged among its reasons. */
function explained(state: AccountState, lack: Lack): AccountState {
  const note = noteOf('false-discovery', state.reasons[0]?.family, lackWords(lack))
  return { ...state, reasons: [...state.reasons, note] }
}

function unseen(account: number): AccountState {
  return {
    account,
    verdict: 'clear',
    score: 0,
    kind: 'single-account',
    step: null,
    reasons: [],
    group: null,
  }
}
