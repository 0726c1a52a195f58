import { StillwatchError } from '../core/error.ts'
import type { Columns, Engine, EngineLimits, Parameters } from './engine.ts'
import { engineFailure } from './failure.ts'
import { engineSettings } from './settings.ts'

type Result = { readonly text: () => string; readonly bytes: () => Uint8Array }
type Session = {
  readonly queryAsync: (sql: string, options: { format: string }) => Promise<Result>
  readonly queryBindAsync: (
    sql: string,
    parameters: object,
    options: { format: string },
  ) => Promise<Result>
  readonly close: () => void
}

/**
 * ClickHouse in this process, its data under `folder`. Queries run off the event loop, but it is
 * still one process: nothing latency-bound may live beside it.
 */
export async function openChdb(folder: string, limits: EngineLimits): Promise<Engine> {
  const session = await connect(folder, limits)
  const run = async (sql: string, format: string, parameters?: Parameters): Promise<Result> => {
    try {
      return parameters === undefined
        ? await session.queryAsync(sql, { format })
        : await session.queryBindAsync(sql, parameters, { format })
    } catch (cause) {
      throw engineFailure(cause)
    }
  }
  return {
    kind: 'chdb',
    dialect: { mergeTree: 'MergeTree', readsLocalFiles: true },
    command: async (sql, parameters) => {
      await run(sql, 'Null', parameters)
    },
    rows: async <Row>(sql: string, parameters?: Parameters) =>
      parseRows((await run(sql, 'JSONEachRow', parameters)).text()) as readonly Row[],
    columns: async (sql, parameters) => {
      const text = (await run(sql, 'JSONColumns', parameters)).text()
      return text === '' ? {} : (JSON.parse(text) as Columns)
    },
    insertLines: async (table, lines) => {
      await run(`INSERT INTO ${table} FORMAT LineAsString\n${lines}`, 'Null')
    },
    send: null,
    close: async () => {
      session.close()
    },
  }
}

async function connect(folder: string, limits: EngineLimits): Promise<Session> {
  const settings = Object.entries(engineSettings(limits)).map(
    ([name, value]) => `--${name}=${value}`,
  )
  try {
    // Loaded here and not at the top: the library is 550 MB, and `--help` must not wait for it.
    const { Session: Open } = await import('chdb')
    return new Open(folder, { connectionArgs: settings })
  } catch (cause) {
    throw new StillwatchError('engine-unavailable', 'The embedded engine (chDB) could not start.', {
      fix: 'chDB has builds for glibc Linux and macOS only, and one process may use a data directory at a time.',
      cause,
    })
  }
}

function parseRows(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}
