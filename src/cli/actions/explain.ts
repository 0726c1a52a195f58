import { StillwatchError } from '../../core/error.ts'
import { hashBehind } from '../../core/pseudonym.ts'
import { readSql } from '../../engine/sql.ts'
import type { Store } from '../../engine/store.ts'
import { readExchanges, type ReadExchange } from '../../ingest/exchanges.ts'
import type { ExchangeLink, Reason, Report } from '../../record/index.ts'
import { explainReport, type Example, type Place } from '../../report/explain.ts'
import type { explainOptions } from '../commands/explain.ts'
import { exitCodes } from '../exit.ts'
import { type Names, readNames, readReport } from '../last-report.ts'
import type { Given } from '../option.ts'
import { writeOut } from '../output.ts'
import { withStore } from '../store.ts'
import { sheetOf, storeFrom } from './audit.ts'

const examplesSql = readSql(new URL('../examples.sql', import.meta.url))
const neighboursSql = readSql(new URL('../neighbours.sql', import.meta.url))

/** Exchanges shown of the subject, and as many of its neighbours. */
const examplesMax = 4
/** The engine is sent at most so many accounts to leave out; the ones nearest to judge are first. */
const exceptMax = 50_000

type ExplainGiven = Given<typeof explainOptions>

/** Shows exchanges of a finding beside honest ones like it. */
export async function explainAction(name: string, given: ExplainGiven): Promise<number> {
  if (given.log.length === 0)
    throw new StillwatchError('usage', '--log is needed: the log that was audited.', {
      fix: 'The store keeps no text, so it is read again: --log logs/.',
    })
  const text = await withStore(storeFrom(given), (store) => explain(store, name, given))
  await writeOut([text])
  return exitCodes.nothingFlagged
}

async function explain(store: Store, name: string, given: ExplainGiven): Promise<string> {
  const report = readReport(given.report, store)
  const names = await readNames(store)
  const hash = (account: string): number | null => names.hash(account) ?? hashBehind('p', account)
  const known = { report, names, hash }
  const subject = subjectNamed(name, known)
  const ids = await choose(store, subject, known)
  const links = subject.reasons.flatMap(({ exchanges }) => exchanges.flatMap(linkedId))
  const wanted = [...new Set([...ids.examples, ...ids.neighbours, ...links])]
  const read = await readLog(store, wanted, given)
  if (!ids.examples.some((id) => read.has(id)))
    throw new StillwatchError('not-in-report', `No exchange of ${name} is in the log given.`, {
      fix: 'Name the sources that were audited, with the same --format and --identity.',
    })
  const example = (id: number): readonly Example[] => {
    const found = read.get(id)
    return found === undefined ? [] : [exampleFrom(found, known)]
  }
  const explanation = {
    subject: { kind: subject.kind, name },
    reasons: subject.reasons.map((reason) => ({
      ...reason,
      places: reason.exchanges.map((link) => placeOf(link, read)),
    })),
    examples: ids.examples.flatMap(example),
    neighbours: ids.neighbours.flatMap(example),
  }
  return explainReport(explanation, sheetOf({ ...given, quiet: false }))
}

function linkedId({ exchange }: ExchangeLink): readonly number[] {
  const id = hashBehind('x', exchange)
  return id === null ? [] : [id]
}

/** A link with the id that the log has for it, where the log still has it. */
function placeOf(link: ExchangeLink, read: ReadonlyMap<number, ReadExchange>): Place {
  const found = read.get(hashBehind('x', link.exchange) ?? -1)
  return { ...link, file: link.file ?? found?.file ?? null, logId: found?.log_id ?? null }
}

/** A report, and how the accounts in it are known to the store. */
type Known = {
  readonly report: Report
  readonly names: Names
  readonly hash: (account: string) => number | null
}

type Subject = {
  readonly kind: 'account' | 'campaign'
  readonly accounts: readonly number[]
  readonly reasons: readonly Reason[]
}

function subjectNamed(name: string, { report, hash }: Known): Subject {
  const campaign = report.campaigns.find(({ id }) => id === name)
  if (campaign)
    return {
      kind: 'campaign',
      accounts: hashes(campaign.accounts, hash),
      reasons: campaign.reasons,
    }
  const account = report.accounts.find(
    (each) => each.account === name || (hash(name) !== null && hash(each.account) === hash(name)),
  )
  if (account)
    return { kind: 'account', accounts: hashes([account.account], hash), reasons: account.reasons }
  const ids = report.campaigns.map(({ id }) => id).slice(0, 20)
  throw new StillwatchError('not-in-report', `The report has no campaign or account ${name}.`, {
    fix:
      ids.length === 0
        ? 'It names no campaigns; name an account as the log does.'
        : `Its campaigns are ${ids.join(', ')}; name an account as the log does.`,
  })
}

function hashes(accounts: readonly string[], hash: Known['hash']): readonly number[] {
  return accounts.map(hash).filter((each) => each !== null)
}

type Chosen = { readonly examples: readonly number[]; readonly neighbours: readonly number[] }

/** Examples and neighbours are chosen by one rule, so that neither is shown at its best. */
async function choose(store: Store, subject: Subject, { report, hash }: Known): Promise<Chosen> {
  const suspicious = report.accounts.filter(({ verdict }) => verdict !== 'clear')
  const except = [
    ...subject.accounts,
    ...hashes(
      suspicious.slice(0, exceptMax).map(({ account }) => account),
      hash,
    ),
  ]
  const near = await store.engine.rows<{ account: number }>(neighboursSql, {
    subject: subject.accounts,
    except,
    most: examplesMax,
  })
  const pick = async (accounts: readonly number[]): Promise<readonly number[]> => {
    if (accounts.length === 0) return []
    const wanted = { accounts, wording: subject.accounts, most: examplesMax }
    const rows = await store.engine.rows<{ id: number }>(examplesSql, wanted)
    return rows.map(({ id }) => id)
  }
  return {
    examples: await pick(subject.accounts),
    neighbours: await pick(near.map(({ account }) => account)),
  }
}

async function readLog(
  store: Store,
  ids: readonly number[],
  { log, format, identity }: ExplainGiven,
): Promise<ReadonlyMap<number, ReadExchange>> {
  const options = {
    now: new Date(),
    ...(format === undefined ? {} : { format }),
    ...(identity === undefined ? {} : { identity }),
  }
  const read = await readExchanges(store.engine, store.directory, log, options, ids)
  return new Map(read.map((each) => [each.id, each]))
}

function exampleFrom(read: ReadExchange, { report, names, hash }: Known): Example {
  const campaign = report.campaigns.find(({ accounts }) =>
    accounts.some((account) => hash(account) === read.account),
  )
  return {
    time: read.time.toISOString(),
    account: names.name(read.account) ?? '',
    campaign: campaign?.id ?? null,
    messages: read.roles.map((role, at) => ({ role, text: read.contents[at] ?? '' })),
    output: read.output === '' ? null : read.output,
  }
}
