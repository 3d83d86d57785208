// The stream of events with 200 readers: nothing lost in a rough minute, one event to all of them beside bare writes, and memory.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { connectDatabase } from '../../src/infra/db/client.ts'
import { appendEvent } from '../../src/trading/events/append-event.ts'
import { people, prove } from '../api/stream/proof/proof.ts'
import { serveStreams } from '../api/stream/server.ts'
import { openBenchDesk } from './bench-desk.ts'
import { benchDatabase, servers } from './database.ts'
import { percentile, report } from './figures.ts'

const streams = 200
const samples = 200
/** A message as long as that of the event. */
const text = `id: 0a1b2c3d.1234567.1234567\nevent: undone\ndata: ${'x'.repeat(270)}\n\n`
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

await wholeProof()
await fanOut()
await memory()
process.exit()

/** The proof of `test/api/stream/gapless.test.ts` in its whole size. */
async function wholeProof(): Promise<void> {
  const database = await benchDatabase()
  const size = { streams, perSecond: 100, seconds: 60, kills: 5, ofMember: 5 }
  const addresses = { databaseUrl: database.url, redisUrl: servers().redis }
  const { events, faults, resets, connections, drainedMs } = await prove(addresses, size, Math.random)
  for (const fault of faults) console.error(fault)
  report({
    figure: `readers of ${streams} with an event missing, twice, misplaced or foreign`,
    value: faults.length,
    unit: 'readers',
    samples: streams,
    goal: 'none',
    holds: faults.length === 0,
    note: `${events} events in 60 s, 5 kills of the server, ${connections} connections, ${resets} resets; all had all ${drainedMs.toFixed(0)} ms after the last commit`,
  })
  await database.drop()
}

/** One event to all readers, from its sentence (the hub has read it) to its arrival at the last reader. */
async function fanOut(): Promise<void> {
  const { desk, close } = await openBenchDesk()
  const { parts } = desk
  const [person] = await people(parts.db, 1)
  const { memberId, token } = person!
  let toldAt = 0
  const wording: typeof parts.wording = (notice) => {
    if (notice.kind === 'event.listed') toldAt = performance.timeOrigin + performance.now()
    return parts.wording(notice)
  }
  const server = await serveStreams({ ...parts, wording }, { limits: { ofMember: streams, ofProcess: streams } })
  const readers = fork(path('stream-readers.ts'))
  await beginReading(readers, server.port, Array(streams).fill(token))
  const told: number[] = []
  const whole: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const hadAt = nextAt(readers)
    await parts.db.transaction().execute((trx) =>
      appendEvent(trx, parts, {
        ...{ type: 'undone', accountId: memberId, memberId, symbol: 'BYND', at: new Date() },
        data: { what: 'the stop of BYND, which is at $0.90 again' },
      }),
    )
    const committedAt = performance.timeOrigin + performance.now()
    const at = await hadAt
    told.push(at - toldAt)
    whole.push(at - committedAt)
  }
  readers.kill()
  await server.close()
  const bare = await bareWrites()
  report({
    figure: `one event to ${streams} streams, from the hub to the last reader, p50`,
    value: percentile(told, 0.5),
    unit: 'ms',
    floor: percentile(bare, 0.5),
    floorOf: `the same text written to ${streams} bare responses, in a loop`,
    samples,
    goal: 'at most 3 × floor',
    holds: percentile(told, 0.5) <= 3 * percentile(bare, 0.5),
    note: `p99 ${percentile(told, 0.99).toFixed(1)} ms, bare ${percentile(bare, 0.99).toFixed(1)} ms; from the commit p50 ${percentile(whole, 0.5).toFixed(1)} ms, p99 ${percentile(whole, 0.99).toFixed(1)} ms`,
  })
  await close()
}

async function bareWrites(): Promise<number[]> {
  const responses: ServerResponse[] = []
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: connected\n\n')
    responses.push(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const readers = fork(path('stream-readers.ts'))
  await beginReading(readers, (server.address() as AddressInfo).port, Array(streams).fill('none'))
  const found: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const hadAt = nextAt(readers)
    // As far apart as the events of the desk.
    await wait(30)
    const began = performance.timeOrigin + performance.now()
    for (const response of responses) response.write(text)
    found.push((await hadAt) - began)
  }
  readers.kill()
  server.closeAllConnections()
  server.close()
  return found
}

async function beginReading(readers: ChildProcess, port: number, tokens: string[]): Promise<void> {
  const begun = once(readers, 'message')
  readers.send({ port, path: '/api/stream', tokens })
  await begun
}

async function nextAt(readers: ChildProcess): Promise<number> {
  const [{ at }] = await once(readers, 'message')
  return at
}

/** The memory of a process that serves streams, without and with readers. */
async function memory(): Promise<void> {
  const database = await benchDatabase()
  const program = path('../api/stream/proof/life.ts')
  const life = spawn(process.execPath, [program, database.url, servers().redis], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await once(createInterface({ input: life.stdout }), 'line')
  const db = connectDatabase(database.url, pino({ level: 'silent' }), 1)
  const persons = await people(db, streams / 5)
  await db.destroy()
  await wait(5000)
  const before = residentMegabytes(life.pid!)
  const readers = fork(path('stream-readers.ts'))
  await beginReading(
    readers,
    Number(port),
    Array.from({ length: streams }, (_, index) => persons[index % persons.length]!.token),
  )
  await wait(20_000)
  const after = residentMegabytes(life.pid!)
  report({
    figure: `memory of ${streams} streams`,
    value: after - before,
    unit: 'MB',
    note: `the process has ${before.toFixed(0)} MB without and ${after.toFixed(0)} MB with them, after 20 s`,
  })
  readers.kill()
  life.kill('SIGKILL')
  await once(life, 'close')
  await database.drop()
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kilobytes) * 1024) / 1_000_000
}
