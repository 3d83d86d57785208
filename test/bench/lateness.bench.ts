// The delay between a chunk's due time and its record, with 100 fast scaleouts at once, as `npm start` runs them: worker and
// outbox in one process. A planned minute takes 10 s, so this is six times as dense as in production.
import { setTimeout as wait } from 'node:timers/promises'
import { startOutbox, startWorker } from '../../jobs/worker.ts'
import { leaveNothing, openBareJobs } from './bare-jobs.ts'
import { openBenchDesk } from './bench-desk.ts'
import { watchCommits } from './commits.ts'
import { percentile, report } from './figures.ts'
import { noPlatform } from './no-platform.ts'
import { openPositions, startScaleouts } from './scaleouts.ts'

const scaleouts = 100
const timeScale = 6
const anHour = 3_600_000
/** As many jobs at once as the worker has. */
const jobsAtOnce = 50

const bench = await openBenchDesk(timeScale)
await openPositions(bench, scaleouts)
const commits = watchCommits(bench.desk)
const running = [startWorker(bench.desk, { sweepEveryMs: anHour }), startOutbox(bench.desk, noPlatform())]
await startScaleouts(bench, scaleouts)
const chunks = await bench.desk.parts.db
  .selectFrom('scaleout_chunks as c')
  .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
  .select(['c.id', 's.conversation_id', 'c.due_at'])
  .orderBy('c.scaleout_id')
  .orderBy('c.number')
  .execute()
const waits = chunks.map((chunk) => chunk.due_at.getTime() - Date.now())
while (commits.length < chunks.length) await wait(50)
for (const one of running) await one.close()

const committed = Map.groupBy(commits, (commit) => commit.conversationId)
const due = Map.groupBy(chunks, (chunk) => chunk.conversation_id)
const lateness = [...due].flatMap(([conversationId, planned]) =>
  planned.map((chunk, index) => committed.get(conversationId)![index]!.at - chunk.due_at.getTime()),
)
await bench.close()

const bare = await bareLateness(waits)
for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  const value = percentile(lateness, share)
  const floor = percentile(bare, share)
  report({
    figure: `chunk lateness, due to committed, ${scaleouts} scaleouts at once, ${name}`,
    value,
    unit: 'ms',
    floor,
    floorOf: 'bare BullMQ: delayed jobs that do nothing, due at the same times, from due to begun',
    samples: lateness.length,
    ...(name === 'p99' ? { goal: 'at most 3 times the floor', holds: value <= 3 * floor } : {}),
    note: `${Math.round((1000 * chunks.length) / (Math.max(...waits) - Math.min(...waits)))} chunks a second`,
  })
}
process.exit()

/** The lateness of BullMQ jobs that do nothing, added with these delays. */
async function bareLateness(delays: number[]): Promise<number[]> {
  const late: number[] = []
  const jobs = await openBareJobs<{ due: number }>(jobsAtOnce, async ({ due }) => late.push(Date.now() - due))
  jobs.worker.run()
  const lead = 1000 - Math.min(...delays)
  const now = Date.now()
  const added = delays.map((delay) => {
    const due = now + delay + lead
    return { name: 'bare', data: { due }, opts: { ...leaveNothing, delay: due - Date.now() } }
  })
  await jobs.queue.addBulk(added)
  while (late.length < delays.length) await wait(50)
  await jobs.close()
  return late
}
