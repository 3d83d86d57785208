// Chunks a second when every chunk of 1,000 scaleouts is due at the same moment: alone, like the role `worker`, and with the
// outbox posting in the same process to a platform that takes no time.
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pg from 'pg'
import { startOutbox, startWorker } from '../../jobs/worker.ts'
import type { Poster } from '../../src/talk/chat/door.ts'
import { runChunk } from '../../src/trading/scaleouts/chunk.ts'
import { leaveNothing, openBareJobs } from './bare-jobs.ts'
import { type BenchDesk, openBenchDesk } from './bench-desk.ts'
import { servers } from './database.ts'
import { report } from './figures.ts'
import { noPlatform } from './no-platform.ts'
import { durableCommits, roundTripsOf } from './round-trips.ts'
import { openPositions, startScaleouts } from './scaleouts.ts'

const scaleouts = 1000
/** A share of the floor. */
const goal = 0.8
/** As many jobs at once as the worker has, on as many connections as the desk has. */
const jobsAtOnce = 50
const connections = 10

const perChunk = await roundTripsOfAChunk()
const commitsPerChunk = durableCommits(perChunk)
const floor = await bareJobsASecond(8000, commitsPerChunk)
const floorOf = `BullMQ jobs that make ${commitsPerChunk} one-row inserts on bare pg and add the next job`
const postgres = perChunk.filter(({ to }) => to === 'postgres').length
const note = `a chunk makes ${postgres} round trips to Postgres (${commitsPerChunk} durable commits)`
const busy = ({ cpuMs }: { cpuMs: number }) => `${cpuMs.toFixed(2)} ms of this process's processor time a chunk`

const alone = await chunksASecond()
report({
  figure: 'chunks a second, worker alone',
  value: alone.aSecond,
  unit: 'chunks/s',
  floor,
  floorOf,
  samples: alone.chunks,
  goal: `at least ${goal} of the floor`,
  holds: alone.aSecond >= goal * floor,
  note: `${note}, ${busy(alone)}`,
})
const posting = await chunksASecond(noPlatform())
report({
  figure: 'chunks a second, with every post in the same process',
  value: posting.aSecond,
  unit: 'chunks/s',
  floor,
  floorOf,
  samples: posting.chunks,
  note: busy(posting),
})
process.exit()

/** The requests of the process for one chunk, besides those of BullMQ to fetch and finish its job. */
async function roundTripsOfAChunk() {
  const bench = await openBenchDesk()
  await openPositions(bench, 1)
  await startScaleouts(bench, 1)
  await dueAt(bench, new Date())
  await runChunk(bench.desk.parts, 1)
  await dueAt(bench, new Date())
  const trips = await roundTripsOf(() => runChunk(bench.desk.parts, 2))
  await bench.close()
  return trips
}

async function chunksASecond(poster?: Poster): Promise<{ aSecond: number; chunks: number; cpuMs: number }> {
  const bench = await openBenchDesk()
  await openPositions(bench, scaleouts)
  await startScaleouts(bench, scaleouts)
  await flushRedis()
  const due = new Date(Date.now() + 3000)
  await dueAt(bench, due)
  await bench.desk.sweep()
  const running = [startWorker(bench.desk), ...(poster ? [startOutbox(bench.desk, poster)] : [])]
  const before = process.cpuUsage()
  while (await anyRuns(bench)) await wait(20)
  const last = Date.now()
  const { user, system } = process.cpuUsage(before)
  const { chunks } = await bench.desk.parts.db
    .selectFrom('scaleout_chunks')
    .select((eb) => eb.fn.countAll<number>().as('chunks'))
    .executeTakeFirstOrThrow()
  for (const one of running) await one.close()
  await checkSold(bench)
  await bench.close()
  await flushRedis()
  return { aSecond: (1000 * chunks) / (last - due.getTime()), chunks, cpuMs: (user + system) / 1000 / chunks }
}

async function dueAt({ desk }: BenchDesk, due: Date): Promise<void> {
  await desk.parts.db.updateTable('scaleout_chunks').set({ due_at: due }).where('state', '=', 'waiting').execute()
}

async function anyRuns({ desk }: BenchDesk): Promise<boolean> {
  const running = desk.parts.db.selectFrom('scaleouts').select('id').where('state', 'in', ['running', 'paused'])
  return (await running.limit(1).executeTakeFirst()) !== undefined
}

/** Checks the sold quantity: a figure from a desk that sold a wrong quantity would be worthless. */
async function checkSold({ desk }: BenchDesk): Promise<void> {
  const wrong = await desk.parts.db
    .selectFrom('positions')
    .select('id')
    .where((eb) => eb.or([eb('signed_quantity', '<>', '0'), eb('working_quantity', '<>', '0')]))
    .execute()
  if (wrong.length > 0) throw new Error(`${wrong.length} positions were not sold to the last share`)
}

/** A chain of jobs for each scaleout, like its chunks: a finished job adds the next. */
async function bareJobsASecond(count: number, commits: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: servers().postgres, max: connections })
  await pool.query('create table bare (id bigint generated always as identity primary key, data text not null)')
  const links = count / scaleouts
  let done = 0
  const jobs = await openBareJobs<{ link: number }>(jobsAtOnce, async ({ link }) => {
    for (let commit = 0; commit < commits; commit++) await pool.query('insert into bare (data) values ($1)', ['x'])
    if (link < links) await jobs.queue.add('bare', { link: link + 1 }, leaveNothing)
    done += 1
  })
  await jobs.queue.addBulk(
    Array.from({ length: scaleouts }, () => ({ name: 'bare', data: { link: 1 }, opts: leaveNothing })),
  )
  const began = performance.now()
  jobs.worker.run()
  while (done < count) await wait(5)
  const seconds = (performance.now() - began) / 1000
  await jobs.close()
  await pool.query('drop table bare')
  await pool.end()
  return count / seconds
}

async function flushRedis(): Promise<void> {
  const redis = new Redis(servers().redis)
  await redis.flushall()
  redis.disconnect()
}
