import { defineConfig } from 'vitest/config'

// One project for what takes milliseconds and touches nothing, one for what opens the engine, a
// process or a browser: `npm run check` runs the first, `npm test` both, one after the other.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/{core,record,detect,report,sim,wire,access,policy}/**/*.test.ts',
            'src/evaluate/*.test.ts',
            'test/unit/**/*.test.ts',
          ],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'whole',
          include: [
            'src/{engine,fingerprint,ingest,audit,gateway,cli}/**/*.test.ts',
            'src/evaluate/baselines/**/*.test.ts',
            'test/{e2e,gateway,golden,docs}/**/*.test.ts',
          ],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // chDB is one engine per process, and the machine has two cores.
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
