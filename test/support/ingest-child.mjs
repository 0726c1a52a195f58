// One ingest in a process of its own, told what to do by its argument (child.ts).
const errand = JSON.parse(process.argv[2])
const { openStore } = await import(`${errand.built}/engine/store.js`)
const { ingest } = await import(`${errand.built}/ingest/ingest.js`)

try {
  const store = await openStore({ data: errand.data })
  process.stdout.write('open\n')
  if (errand.hold) await new Promise((settle) => setTimeout(settle, 600_000))
  const options = { now: new Date('2026-07-01T00:00:00Z'), maxRejectedShare: 1, ...errand.options }
  const summary = await ingest(store.engine, store.directory, errand.sources, options, (state) => {
    process.stdout.write(`${state.phase} ${state.filesDone} of ${state.filesTotal}\n`)
  })
  await store.close()
  process.stdout.write(`${JSON.stringify(summary)}\n`)
} catch (error) {
  process.stdout.write(`${error.code ?? error.stack}: ${error.message} ${error.fix ?? ''}\n`)
  process.exit(1)
}
