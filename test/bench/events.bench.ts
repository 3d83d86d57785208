// A hundred events a second for a minute, as `npm start` runs them: from the tick that causes an event to the message in the
// thread, with guardian (by its rules), alerts, critical closes, sweeps and outbox in one process. Does it fall behind?
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startOutbox, startWorker } from '../../jobs/worker.ts'
import type { Poster } from '../../src/talk/chat/door.ts'
import { leaveNothing, openBareJobs } from './bare-jobs.ts'
import { servers } from './database.ts'
import { percentile, report } from './figures.ts'
import { noPlatform } from './no-platform.ts'
import { handMarket, holdAndProtect, openDesk, watched } from './stopped-desk.ts'

const seconds = 60
const aSecond = 100
const events = seconds * aSecond
/** Every tenth position touches its stop at $95 and is closed; the others come near their stop, and the guardian asks. */
const priceOf = (event: number) => (event % 10 === 9 ? 90 : 96)
/** The lag of a moment is that of the events in this many seconds before it. */
const windowSeconds = 2

const market = handMarket(events)
const { desk, close } = await openDesk(market)
await holdAndProtect(desk, events, (index) => `S${index}`)
const told = new Map<string, number>()
const running = [startWorker(desk), startOutbox(desk, noting())]
await watched(desk, market)

const causedAt: number[] = []
const began = performance.now()
await evenly(events, (event) => {
  causedAt.push(performance.now())
  market.jump(`S${event}`, priceOf(event))
})
const waitUntil = performance.now() + 60_000
while (told.size < events && performance.now() < waitUntil) await wait(50)
const drained = performance.now() - causedAt.at(-1)!
if (told.size < events) throw new Error(`${told.size} of ${events} events were told`)

const lags = causedAt.map((at, event) => told.get(`t${event + 1}`)! - at)
const after = lagsBefore(5)
const atEnd = lagsBefore(seconds)
const [early, late] = [percentile(after, 0.5), percentile(atEnd, 0.5)]
for (const one of running) await one.close()
await close()
report({
  figure: `${aSecond} events/s for ${seconds} s: lag at the end, tick to message, p50`,
  value: late,
  unit: 'ms',
  floor: percentile(await bareLags(), 0.5),
  floorOf: `bare BullMQ jobs that make one insert, ${aSecond} a second, from add to committed`,
  samples: atEnd.length,
  goal: 'no greater than after 5 s',
  holds: late <= early,
  note: `after 5 s p50 ${early.toFixed(0)} ms, p99 ${percentile(after, 0.99).toFixed(0)} ms; at the end p99 ${percentile(atEnd, 0.99).toFixed(0)} ms; all told ${drained.toFixed(0)} ms after the last tick; longest ${Math.max(...lags).toFixed(0)} ms`,
})
process.exit()

/** The lags of the events in the seconds before this one. */
function lagsBefore(second: number): number[] {
  const [from, to] = [began + 1000 * (second - windowSeconds), began + 1000 * second]
  return lags.filter((_, event) => causedAt[event]! >= from && causedAt[event]! < to)
}

/** A platform that takes no time, and records when each thread got its first message. */
function noting(): Poster {
  const platform = noPlatform()
  return {
    ...platform,
    post(message) {
      const { thread } = message.place as { thread: string }
      if (!told.has(thread)) told.set(thread, performance.now())
      return platform.post(message)
    },
  }
}

/** Does something this many times, evenly over the seconds; late ones are caught up at once. */
async function evenly(count: number, act: (index: number) => void): Promise<void> {
  const from = performance.now()
  for (let index = 0; index < count; index++) {
    const due = from + (1000 * index) / aSecond
    while (performance.now() < due) await wait(1)
    act(index)
  }
}

/** The same for jobs that do next to nothing. */
async function bareLags(): Promise<number[]> {
  const count = 10 * aSecond
  const pool = new pg.Pool({ connectionString: servers().postgres, max: 10 })
  await pool.query('create table bare (id bigint generated always as identity primary key, data text not null)')
  const found: number[] = []
  const jobs = await openBareJobs<{ at: number }>(50, async ({ at }) => {
    await pool.query('insert into bare (data) values ($1)', ['x'])
    found.push(performance.now() - at)
  })
  jobs.worker.run()
  await evenly(count, () => void jobs.queue.add('bare', { at: performance.now() }, leaveNothing))
  while (found.length < count) await wait(20)
  await jobs.close()
  await pool.query('drop table bare')
  await pool.end()
  return found
}
