import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { log } from '../support/exchanges.ts'
import { folder } from '../support/folder.ts'
import { rejectedLines, run } from '../support/ingesting.ts'

/** An HTTP server with these files; where it is. */
async function serve(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const server = createServer((request, response) => {
    const file = files[new URL(request.url ?? '/', 'http://host').pathname]
    response.statusCode = file === undefined ? 404 : 200
    response.setHeader('content-length', Buffer.byteLength(file ?? ''))
    response.end(request.method === 'HEAD' ? '' : file)
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('logs over http, packed or not, with a secret in the address', async () => {
  const host = await serve({
    '/logs/a.jsonl': `${log(0, 30)}bad\n`,
    '/logs/b.jsonl.gz': gzipSync(log(30, 50)),
  })
  const data = folder()
  const summary = await run(data, [
    `http://${host}/logs/a.jsonl?signature=secret`,
    `http://user:password@${host}/logs/b.jsonl.gz`,
  ])
  expect(summary).toMatchObject({ files: 2, exchanges: 50, rejected: { lines: 1 } })
  expect(rejectedLines(data)).toMatchObject([
    {
      file: `http://${host}/logs/a.jsonl`,
      line: 31,
      offset: log(0, 30).length,
      reason: 'not-json',
    },
  ])
})

test('an address that is not there ends the run within seconds', async () => {
  const host = await serve({})
  for (const address of [`http://${host}/none.jsonl`, 'http://127.0.0.1:9/none.jsonl'])
    await expect(run(folder(), [address])).rejects.toMatchObject({ code: 'source-unreadable' })
})

test('objects in a bucket', async () => {
  const host = await serve({ '/bucket/logs/a.jsonl': log(0, 30) })
  process.env['AWS_ENDPOINT_URL'] = `http://${host}`
  onTestFinished(() => {
    delete process.env['AWS_ENDPOINT_URL']
  })
  expect(await run(folder(), ['s3://bucket/logs/a.jsonl'])).toMatchObject({
    files: 1,
    exchanges: 30,
  })
})
