// Screens of 500 symbols with five years of days: from cached bars with one and two threads, from a replay, and on the command
// line, beside a bare loop over the same arrays and beside the indicators of peers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { createReplayMarket } from '../../src/market/feeds/replay/replay.ts'
import { root } from '../../src/setup/folders.mjs'
import type { BarSource } from '../../src/strategies/engine/bar-source.ts'
import { marketBars } from '../../src/strategies/engine/bars/market-bars.ts'
import { screen } from '../../src/strategies/engine/screen.ts'
import { strategies } from '../../src/strategies/screeners/list.ts'
import type { Strategy } from '../../src/strategies/screeners/strategy.ts'
import { handClock } from '../market/hand-clock.ts'
import { madeSource } from '../strategies/made-bars.ts'
import { percentile, report } from './figures.ts'
import { fiveYears, isRecorded, recorded } from './five-years.ts'
import { bareLoop, byTechnicalIndicators, byTradingSignals, symbolCount } from './screen-work.ts'

const goal = 1
const screens = 30
const runs = 5
/** Days on each of which the universe is screened, to see what threads bring. */
const dayCount = 60

const universe = await fiveYears()
const cached = madeSource(universe)
const columns = [...universe.values()].slice(0, symbolCount)
const symbols = [...universe.keys()].filter((symbol) => symbol !== 'SPY')
const days = columns[0]!.days
const note = isRecorded ? 'recorded bars, repeated under other names' : 'made bars: the recorded ones are missing'

const floor = secondsOf(() => bareLoop(columns))
const floorOf = 'one pass over the same bars: sums, highs and lows, without points and words'
const peers = { 'trading-signals': byTradingSignals, technicalindicators: byTechnicalIndicators }

for (const strategy of strategies) {
  const single = await medianScreen(strategy, 1)
  const both = await medianScreen(strategy, 2)
  const figure = `${strategy.name}, ${symbolCount} symbols × 5 years from cached bars`
  const beside = strategy.name === 'bullish_breakout' ? { floor, floorOf } : {}
  const holds = { goal: `at most ${goal} s`, holds: single <= goal }
  report({ figure: `${figure}, one thread`, value: single, unit: 's', ...beside, samples: screens, ...holds, note })
  report({ figure: `${figure}, two threads`, value: both, unit: 's', ...beside, samples: screens })
}
reportProcessorTime(await processorTimeOf(strategies[0]!))
for (const [name, work] of Object.entries(peers)) {
  const figure = `the indicators of a breakout by ${name}`
  report({ figure, value: secondsOf(() => work(columns)), unit: 's', floor, floorOf })
}

// In turn, so that whatever else the machine does falls on both.
const taken = { one: 0, two: 0 }
for (let day = 0; day < dayCount; day++) {
  const asOf = days[days.length - 1 - 10 * day]!
  taken.one += await secondsOfScreen(strategies[0]!, asOf, 1)
  taken.two += await secondsOfScreen(strategies[0]!, asOf, 2)
}
const scores = dayCount * symbols.length
const goalOfTwo = { goal: 'near twice as many with two threads', holds: taken.one >= 1.6 * taken.two }
report({ figure: 'scores a second, one thread', value: scores / taken.one, unit: '1/s', samples: scores })
report({
  figure: 'scores a second, two threads',
  value: scores / taken.two,
  unit: '1/s',
  samples: scores,
  ...goalOfTwo,
})

if (isRecorded) {
  await reportReplay()
  await reportCommandLine()
}
process.exit()

async function screened(
  source: BarSource,
  strategy: Strategy,
  asOf: string,
  threads: number,
  over = symbols,
): Promise<number> {
  let count = 0
  await screen(
    source,
    { strategy: strategy.name, parameters: strategy.parameters.parse({}), symbols: over, asOf, done: new Set() },
    {
      stage: () => {},
      results: (batch) => {
        count += batch.filter(({ outcome }) => outcome === 'passed' || outcome === 'failed').length
      },
    },
    { threads },
  )
  return count
}

/** Seconds of a screen of all symbols by threads that are awake. */
async function medianScreen(strategy: Strategy, threads: number): Promise<number> {
  const taken: number[] = []
  for (let number = -3; number < screens; number++) {
    const began = performance.now()
    const count = await screened(cached, strategy, days.at(-1)!, threads)
    if (count < symbols.length) throw new Error(`only ${count} of ${symbols.length} symbols were scored`)
    if (number >= 0) taken.push((performance.now() - began) / 1000)
  }
  return percentile(taken, 0.5)
}

async function secondsOfScreen(strategy: Strategy, asOf: string, threads: number): Promise<number> {
  const began = performance.now()
  await screened(cached, strategy, asOf, threads)
  return (performance.now() - began) / 1000
}

/** Seconds of processor time of one screen, which other work on the machine hardly changes: of the main thread, and of all. */
async function processorTimeOf(strategy: Strategy): Promise<{ main: number; all: number }> {
  const [main, all] = [process.threadCpuUsage(), process.cpuUsage()]
  for (let number = 0; number < screens; number++) await screened(cached, strategy, days.at(-1)!, 1)
  const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6 / screens
  return { main: seconds(process.threadCpuUsage(main)), all: seconds(process.cpuUsage(all)) }
}

function reportProcessorTime({ main, all }: { main: number; all: number }): void {
  const figure = `a screen of ${symbolCount} symbols for a breakout, processor time`
  const holds = { goal: `at most ${goal} s`, holds: all <= goal }
  report({ figure: `${figure} of all threads`, value: all, unit: 's', floor, floorOf, samples: screens, ...holds })
  report({ figure: `${figure} of the main thread`, value: main, unit: 's', samples: screens })
}

/** A screen on the bars of a desk's market: the first reads all of them. */
async function reportReplay(): Promise<void> {
  const clock = handClock(new Date('2026-11-20T15:00:00Z'))
  const market = await createReplayMarket({ folder: recorded, from: '2016-01-04', clock, anchor: clock.now() })
  clock.advance(24 * 60 * 60_000)
  const source = marketBars(market)
  const asOf = await source.lastDay()
  for (const figure of ['the first screen on a replay, which reads its bars', 'the next one, from cached bars']) {
    const { seconds, longest, longestWork } = await stretchesOf(() =>
      screened(source, strategies[0]!, asOf, 2, source.symbols()),
    )
    report({ figure: `${source.symbols().length} symbols: ${figure}`, value: seconds, unit: 's' })
    const limit = { goal: 'at most 10 ms', holds: longestWork <= 10 }
    const note = 'the system counts in steps of up to 4 ms'
    report({
      figure: 'its longest stretch in the main thread, processor time',
      value: longestWork,
      unit: 'ms',
      ...limit,
      note,
    })
    report({ figure: 'the same by the clock, with the turns of other processes', value: longest, unit: 'ms' })
  }
  await market.close()
}

/** Carries out a work, and measures the turns of the event loop meanwhile: the longest by the clock, and by processor time. */
async function stretchesOf(
  work: () => Promise<unknown>,
): Promise<{ seconds: number; longest: number; longestWork: number }> {
  const began = performance.now()
  let isDone = false
  const done = work().finally(() => {
    isDone = true
  })
  let [longest, longestWork] = [0, 0]
  while (!isDone) {
    const [at, used] = [performance.now(), process.threadCpuUsage()]
    await turn()
    const { user, system } = process.threadCpuUsage(used)
    longest = Math.max(longest, performance.now() - at)
    longestWork = Math.max(longestWork, (user + system) / 1000)
  }
  await done
  return { seconds: (performance.now() - began) / 1000, longest, longestWork }
}

/** `npm run -s screen` from its start to its end, with the reading of the files. */
async function reportCommandLine(): Promise<void> {
  const taken: number[] = []
  for (let run = 0; run < runs; run++) {
    const began = performance.now()
    const args = ['src/setup/screen.mjs', 'bullish_breakout', '--bars', recorded, '--json']
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' })
    const [code] = (await once(child, 'close')) as [number]
    if (code !== 0) throw new Error(`the command line ended with ${code}`)
    taken.push((performance.now() - began) / 1000)
  }
  report({
    figure: 'a whole run on the command line, 244 files, p50',
    value: percentile(taken, 0.5),
    unit: 's',
    samples: runs,
  })
}

/** Seconds of the median run of a synchronous work, once it is compiled. */
function secondsOf(work: () => number): number {
  const taken: number[] = []
  for (let run = 0; run < 25; run++) {
    const began = performance.now()
    if (!Number.isFinite(work())) throw new Error('the work has no result')
    taken.push((performance.now() - began) / 1000)
  }
  return percentile(taken, 0.5)
}
