// The desk's `pl` while two strategy runs go on in the same process, one after the other and each over 500 symbols, against the
// same desk when it is quiet; in turn, so that other work on the machine falls on both.
import { startRuns } from '../../jobs/runs.ts'
import { Refusal } from '../../src/base/refusal.ts'
import { hearRuns } from '../../src/infra/db/announce.ts'
import { restScreening } from '../../src/strategies/engine/screen.ts'
import { requestRun } from '../../src/strategies/runs/request-run.ts'
import { runById } from '../../src/strategies/runs/rows/runs.ts'
import { isEnd } from '../../src/strategies/runs/rules/run-state.ts'
import { madeSource } from '../strategies/made-bars.ts'
import { message, openBenchDesk } from './bench-desk.ts'
import { percentile, report } from './figures.ts'
import { fiveYears } from './five-years.ts'

const warmUps = 300
const rounds = 5
const samplesEach = 200
const atOnce = 2

const source = madeSource(await fiveYears())
const { desk, say, close } = await openBenchDesk(1, {
  bars: { ...source, lastDay: async () => '2017-12-01' },
  resources: async () => ({ memory: Number.POSITIVE_INFINITY, load: 0, disk: Number.POSITIVE_INFINITY }),
})
const { parts } = desk
const jobs = startRuns(parts)
await say(1, 'long BYND 3750 @ .63')
const { id: memberId } = await parts.db.selectFrom('members').select('id').executeTakeFirstOrThrow()

let heard = 0
await take(warmUps)
const [quiet, busy]: [number[], number[]] = [[], []]
let completed = 0
for (let round = 0; round < rounds; round++) {
  quiet.push(...(await take(samplesEach)))
  const stop = new AbortController()
  const lanes = Array.from({ length: atOnce }, () => keepRunning(stop.signal))
  busy.push(...(await take(samplesEach)))
  stop.abort()
  completed += (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0)
}

for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  const [value, floor] = [percentile(busy, share), percentile(quiet, share)]
  const goal = name === 'p99' ? { goal: 'at most 2 times the quiet desk', holds: value <= 2 * floor } : {}
  const compared = { value, unit: 'ms', floor, floorOf: 'the same desk without runs' }
  report({ figure: `hear to reply, pl, while ${atOnce} runs go, ${name}`, ...compared, samples: busy.length, ...goal })
}
report({ figure: 'runs that ended meanwhile', value: completed, unit: 'runs', note: '500 symbols each' })

await jobs.close()
await restScreening()
await close()
process.exit()

async function take(count: number): Promise<number[]> {
  const taken: number[] = []
  for (let number = 0; number < count; number++) {
    heard += 1
    const began = performance.now()
    await desk.hear(message(1, 'pl', `sample-${heard}`))
    taken.push(performance.now() - began)
  }
  return taken
}

/** Asks for a run whenever the last one has ended; returns the number that completed. */
async function keepRunning(signal: AbortSignal): Promise<number> {
  let count = 0
  while (!signal.aborted) {
    const requestId = crypto.randomUUID()
    const asked = await requestRun(parts, {
      ...{ memberId, requestId, origin: 'api', strategy: 'bullish_breakout', parameters: {} },
    })
    if (asked instanceof Refusal) throw new Error(asked.text)
    if (await hasCompleted(asked.run.id)) count += 1
  }
  return count
}

/** Waits until a run is announced, as pages do, and looks at it then: a look now and then would be work of the bench beside `pl`. */
async function hasCompleted(id: number): Promise<boolean> {
  const ended = Promise.withResolvers<boolean>()
  const look = () => hasEnded(id).then((has) => has && ended.resolve(true), ended.reject)
  const unhear = hearRuns(parts.notices, (changed) => changed === id && look(), look)
  look()
  return ended.promise.finally(unhear)
}

async function hasEnded(id: number): Promise<boolean> {
  const run = await runById(parts.db, id)
  if (!run || !isEnd(run.state)) return false
  if (run.state !== 'completed') throw new Error(`a run ended with ${run.state}: ${run.error}`)
  return true
}
