export { openLive } from './live.ts'
export type { Advance, LiveSettings, LiveWalk } from './live.ts'
export type { Change, Snapshot } from './snapshot.ts'
