// Every question to the desk when its database has millions of rows, beside the same for a member who has hardly traded, in
// the same database; and a sweep.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sumFills } from '../../src/trading/orders/rows/fill-sums.ts'
import { openBenchDesk } from './bench-desk.ts'
import { percentile, report } from './figures.ts'
import { holdManyRows } from './many-rows.ts'

const many = { fills: 3_000_000, events: 4_000_000, replies: 4_000_000, audit: 4_000_000 }
const samples = 15
const commands = [
  'pl chart',
  'pl',
  'positions',
  'history',
  'why BYND',
  'orders',
  'tasks',
  'accounts',
  'pl today',
  'pl week',
  'pl all',
  'pl BYND all',
  'chart BYND 1d',
  'chart BYND 5m',
  'advise BYND',
  'watch BYND',
]
const goalMs = 100

const { desk, databaseUrl, say, close } = await openBenchDesk()
const [trader, beginner] = [1, 2]
for (const person of [trader, beginner]) await say(person, 'long BYND 3750 @ .63')
const loading = await milliseconds(() => holdManyRows(databaseUrl, many))
report({ figure: 'loading the rows', value: loading / 1000, unit: 's', note: JSON.stringify(many) })

const summing = await milliseconds(() => sumFills(desk.parts.db))
report({ figure: 'adding up 3,000,000 fills, once', value: summing / 1000, unit: 's' })

for (const command of commands) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const [values, floors] = [[], []] as [number[], number[]]
  await say(trader, command)
  await say(beginner, command)
  for (let sample = 0; sample < samples; sample++) {
    floors.push(await milliseconds(() => say(beginner, command)))
    delay.enable()
    values.push(await milliseconds(() => say(trader, command)))
    delay.disable()
  }
  const value = percentile(values, 0.5)
  report({
    figure: `${command}, p50`,
    value,
    unit: 'ms',
    floor: percentile(floors, 0.5),
    floorOf: 'the same of an account with one fill, in the same database',
    samples,
    ...(command === 'pl chart' ? { goal: `at most ${goalMs} ms`, holds: value <= goalMs } : {}),
    note: `slowest ${Math.round(Math.max(...values))} ms; the thread that hears was held for ${Math.round(delay.max / 1e6)} ms at most`,
  })
}

const sweeps: number[] = []
await desk.sweep()
for (let sample = 0; sample < samples; sample++) sweeps.push(await milliseconds(() => desk.sweep()))
report({
  figure: 'a sweep, p50',
  value: percentile(sweeps, 0.5),
  unit: 'ms',
  samples,
  note: `slowest ${Math.round(Math.max(...sweeps))} ms`,
})

await close()
process.exit()

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
