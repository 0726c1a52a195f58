/** Values bound by the engine itself (`{name:Type}` in the SQL), never spliced into the text. */
export type Parameters = Readonly<
  Record<string, string | number | bigint | boolean | readonly (string | number)[]>
>

/** A result by column: `columns['name'][row]`. UInt64 values must be below 2^53 to be exact. */
export type Columns = Readonly<Record<string, readonly unknown[]>>

/**
 * The one door to ClickHouse, embedded or a server. Every method rejects with a StillwatchError:
 * `out-of-memory`, `disk-full`, `source-not-found` or `engine-query`.
 */
export type Engine = {
  readonly kind: 'chdb' | 'clickhouse'
  /** What differs between the two in the SQL text: table engines and how a local file is read. */
  readonly dialect: Dialect
  /** Runs one statement for its effect. */
  readonly command: (sql: string, parameters?: Parameters) => Promise<void>
  /** Runs one query; the rows as objects. For small results. */
  readonly rows: <Row>(sql: string, parameters?: Parameters) => Promise<readonly Row[]>
  /** Runs one query; the result by column. For results of up to some millions of rows. */
  readonly columns: (sql: string, parameters?: Parameters) => Promise<Columns>
  /** Appends raw lines (bytes between newlines) to a table of one String column named `line`. */
  readonly insertLines: (table: string, lines: string) => Promise<void>
  /**
   * Runs an `INSERT … SELECT … FROM input('line String') … FORMAT …` over a file's bytes that go with
   * it. Null where the engine reads this machine's files itself.
   */
  readonly send: ((sql: string, parameters: Parameters, body: Body) => Promise<void>) | null
  readonly close: () => Promise<void>
}

/** Bytes of a file as they are on disk. */
export type Body = {
  readonly bytes: AsyncIterable<Uint8Array>
  /** How they are packed, as HTTP's Content-Encoding says it; '' where they are not. */
  readonly encoding: string
}

export type Dialect = {
  /** The MergeTree family as the deployment wants it, e.g. `MergeTree` or `ReplicatedMergeTree`. */
  readonly mergeTree: string
  /** Whether `file('/path')` reads this machine's disk: true in process, false on a server. */
  readonly readsLocalFiles: boolean
}

/** What the engine may use of the machine. */
export type EngineLimits = {
  readonly memoryBytesMax: number
  readonly threadsMax: number
}
