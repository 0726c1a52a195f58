// Streams that are open all at once and say nothing: what they take of the gateway's memory.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const residentMaxMiB = 600
/** Connections opened before the next are: a backlog has an end. */
const atOnce = 200

export async function streams({ count, port, pid }) {
  // A socket from the client and one to the API for each, in one process.
  const needed = count * 2 + 100
  const allowed = filesMax(pid)
  if (allowed < needed) {
    console.error(
      `SKIPPED streams: ${needed} files may have to be open and ${allowed} may (ulimit -n)`,
    )
    return
  }
  const body = JSON.stringify({
    model: 'm',
    stream: true,
    messages: [{ role: 'user', content: 'x'.repeat(3000) }],
  })
  const asked = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-bench\r\nx-mock: held\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const before = residentMiB(pid)
  const sockets = []
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(atOnce, count - sockets.length) }, () =>
      begun(port, asked),
    )
    sockets.push(...(await Promise.all(batch)))
  }
  await sleep(3000)
  const after = residentMiB(pid)
  const open = sockets.filter((socket) => !socket.destroyed).length
  console.error(
    `${open} of ${count} streams open: ${after} MiB resident, ${before} before (target: ${residentMaxMiB} MiB)`,
  )
  console.log(JSON.stringify({ streams: { count, open, before, after } }))
  for (const socket of sockets) socket.destroy()
  if (open < count || after > residentMaxMiB) process.exitCode = 1
}

/** A stream whose first event has arrived. */
function begun(port, asked) {
  return new Promise((settle, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(asked))
    let text = ''
    socket.on('error', fail)
    socket.on('data', (chunk) => {
      text += chunk.latin1Slice()
      if (text.includes('data: {')) settle(socket)
    })
  })
}

export function residentMiB(pid) {
  const [, kB] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(kB) / 1024)
}

function filesMax(pid) {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))
  return Math.min(...[soft, limitHere()].map(Number))
}

function limitHere() {
  return /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))[1]
}
