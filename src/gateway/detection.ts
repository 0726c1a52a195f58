import type { Standing, WatchProgress } from '../record/index.ts'
import type { EngineLink } from './engine-link.ts'
import type { Gauges, Metrics } from './metrics.ts'
import type { RecordQueue, Sink } from './queue.ts'
import type { Spool } from './spool.ts'

/** Detection beside the gateway: where its records lie, and the process that reads them. */
export type Detection = { readonly spool: Spool; readonly engine: EngineLink }

/** What a gateway asks of detection, also where it has none: then everybody is clear, and nothing is behind. */
export type Watching = {
  /** Where records go: to detection, and to whoever else wants them. */
  readonly sink: (other: Sink | null) => Sink | null
  readonly standing: (account: string) => Standing | null
  readonly standings: () => readonly object[]
  /** Whether the newest verdict is at most so old. */
  readonly keepsUp: (secondsMax: number) => boolean
  readonly gauges: Pick<Gauges, 'engine' | 'spoolBytes'>
  readonly begin: (shared: WatchedGateway) => void
  /** Lets detection read and judge the rest. */
  readonly end: () => Promise<void>
}

type WatchedGateway = {
  readonly queue: RecordQueue | null
  readonly progress: { readonly inProgress: number }
  readonly metrics: Metrics
}

/** So often what was written is handed to detection. */
const rollEveryMs = 500

export function watchingOf(detection: Detection | null, now: () => Date): Watching {
  if (detection === null) return unwatched
  const { spool, engine } = detection
  let timer: NodeJS.Timeout | undefined
  return {
    sink: (other) => (other === null ? spool.sink : both(spool.sink, other)),
    standing: engine.standing,
    standings: () => [...engine.standings()].map(([account, each]) => ({ account, ...each })),
    keepsUp: (secondsMax) => {
      const { up, progress } = engine.state()
      return up && secondsBehind(progress, now()) <= secondsMax
    },
    gauges: { spoolBytes: spool.bytes, engine: () => engineGauges(engine, now()) },
    begin: ({ queue, progress, metrics }) => {
      if (spool.lostBefore > 0) metrics.recordLost('crash', spool.lostBefore)
      engine.launch()
      timer = setInterval(() => {
        const unwritten = (queue?.state().records ?? 0) + progress.inProgress
        // A disk that fails is told of by the sink, which meets it as well.
        spool.roll(unwritten).catch(() => undefined)
      }, rollEveryMs)
    },
    end: async () => {
      clearInterval(timer)
      // What cannot be handed on now is when the next gateway starts.
      await spool.close().catch(() => undefined)
      await engine.close()
    },
  }
}

const unwatched: Watching = {
  sink: (other) => other,
  standing: () => null,
  standings: () => [],
  keepsUp: () => true,
  gauges: {
    spoolBytes: () => 0,
    engine: () => ({
      up: 0,
      restarts: 0,
      secondsBehind: 0,
      exchanges: 0,
      late: 0,
      watched: 0,
      flagged: 0,
    }),
  },
  begin: () => undefined,
  end: () => Promise.resolve(),
}

/** A batch that one could not take comes again to both. */
function both(first: Sink, second: Sink): Sink {
  return async (batch) => {
    await first(batch)
    await second(batch)
  }
}

function secondsBehind(progress: WatchProgress | null, now: Date): number {
  const until = progress?.until ?? null
  return until === null ? Infinity : now.getTime() / 1000 - until
}

function engineGauges(engine: EngineLink, now: Date): ReturnType<Gauges['engine']> {
  const { up, restarts, progress } = engine.state()
  return {
    up: up ? 1 : 0,
    restarts,
    secondsBehind: secondsBehind(progress, now),
    exchanges: progress?.exchanges ?? 0,
    late: progress?.late ?? 0,
    watched: progress?.watched ?? 0,
    flagged: progress?.flagged ?? 0,
  }
}
