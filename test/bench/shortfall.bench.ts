// Implementation shortfall of the fast, medium, slow and smart scaleout on recorded minutes, replayed from every tenth minute
// of every day. Each start is both sold and bought, so that the drift of the month cancels out. docs/scaleout.md has the
// method and the results.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Big } from '../../src/base/amounts.ts'
import { aroundTheClock } from '../../src/market/calendar.ts'
import { readSeries, type Series } from '../../src/market/feeds/replay/replay-csv.ts'
import type { Bar } from '../../src/market/market.ts'
import { conditionsAt } from '../../src/market/volume-curve.ts'
import { type PlannedChunk, planScaleout, type Speed } from '../../src/trading/scaleouts/rules/scaleout-plan.ts'
import { planSmartScaleout } from '../../src/trading/scaleouts/rules/smart-scaleout.ts'
import { slippageShare } from '../../src/venues/paper/slippage.ts'

const folder = fileURLToPath(new URL('../../../shared/data/minute', import.meta.url))
const minute = 60_000
const day = 1440 * minute
const startEvery = 10 * minute
/** Days that the volume curve needs before the first start. */
const daysBefore = 3
/** The longest duration of a scaleout; at least this much of the day must be left at a start. */
const longest = 75 * minute
/** Order sizes as shares of the mean volume of an hour. */
const sizes = [0.005, 0.05, 0.25]
/**
 * `even` is not one of the desk's speeds: it has as many equal chunks as the smart one over the same time. The gain of smart
 * over it comes from the volume.
 */
type Way = Speed | 'even'
const ways: Way[] = ['fast', 'medium', 'slow', 'even', 'smart']
/** The number of bars behind a scaleout's volatility, as at the paper venue. */
const recentBars = 30

/** The result of one run, in basis points of the price at the decision; positive is cost. */
interface Run {
  day: number
  /** Spread and impact. */
  cost: number
  /** The price move meanwhile, as cost for a seller; with the opposite sign for a buyer. */
  drift: number
}

if (!existsSync(folder)) {
  console.log(JSON.stringify({ skipped: `${folder} is not there` }))
  process.exit()
}
for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv'))) replay(file)

function replay(file: string): void {
  const series = readSeries(readFileSync(join(folder, file), 'utf8'))
  const starts = startsIn(series)
  const fives = fiveMinuteBars(series)
  const volume = series.volume.reduce((all, one) => all + one, 0) / series.volume.length
  /** The data has no quotes: assume half a tick on either side; a tick is the least step between two closes. */
  const tick = leastStep(series)
  for (const size of sizes) {
    const quantity = Math.max(1, Math.round(size * 60 * volume))
    const runs = new Map<Way, Run[]>(
      ways.map((way) => [
        way,
        starts.map((start, seed) =>
          run(series, start, chunksOf(way, quantity, seed, fives, series.times[start]!), tick / 2),
        ),
      ]),
    )
    const smart = runs.get('smart')!
    for (const way of ways) report(file, size, quantity, way, runs.get(way)!, smart)
  }
}

function chunksOf(way: Way, quantity: number, seed: number, fives: Bar[], at: number): PlannedChunk[] {
  const total = new Big(quantity)
  if (way !== 'smart' && way !== 'even') return planScaleout(total, new Big(1), way, seed)
  // Only bars from before the start.
  const known = fives.filter((bar) => bar.at.getTime() + 5 * minute <= at && bar.at.getTime() > at - 20 * day)
  const conditions = conditionsAt(known, aroundTheClock, new Date(at))
  if (!conditions) throw new Error(`no volume before ${new Date(at).toISOString()}`)
  const { chunks, horizonMs } = planSmartScaleout(total, new Big(1), conditions, seed)
  return way === 'smart' ? chunks : evenly(quantity, chunks.length, horizonMs)
}

function evenly(quantity: number, count: number, horizonMs: number): PlannedChunk[] {
  const until = (index: number) => Math.floor((quantity * index) / count)
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    quantity: new Big(until(index + 1) - until(index)),
    delayMs: Math.round(index === 0 ? horizonMs / count / 2 : horizonMs / count),
  }))
}

/** Sells every chunk at the price of its moment, which moves from open to close within its minute. */
function run(series: Series, start: number, chunks: PlannedChunk[], halfSpread: number): Run {
  const { times, open, close, volume } = series
  const began = times[start]!
  const decision = open[start]!
  const total = chunks.reduce((all, { quantity }) => all + quantity.toNumber(), 0)
  const volatility = dailyVolatility(series, start)
  let [at, bar, cost, drift] = [began, start, 0, 0]
  for (const { quantity, delayMs } of chunks) {
    at += delayMs
    // In a minute without a bar, the next trade counts.
    while (bar + 1 < times.length && times[bar]! + minute <= at) bar += 1
    const within = Math.min(1, Math.max(0, (at - times[bar]!) / minute))
    const price = open[bar]! + within * (close[bar]! - open[bar]!)
    const activity = { dailyVolatility: volatility, minuteVolume: Math.max(1, volume[bar]!) }
    const share = quantity.toNumber() / total
    const slips = slippageShare((halfSpread / price) * 10_000, quantity.toNumber(), activity)
    cost += share * slips * (price / decision) * 10_000
    drift += share * (1 - price / decision) * 10_000
  }
  return { day: Math.floor(began / day), cost, drift }
}

function startsIn({ times }: Series): number[] {
  const days = [...new Set(Array.from(times, (time) => Math.floor(time / day)))]
  const ends = new Map<number, number>()
  for (const time of times) ends.set(Math.floor(time / day), time)
  const first = days[daysBefore]!
  return Array.from(times.keys()).filter((index) => {
    const time = times[index]!
    const today = Math.floor(time / day)
    return today >= first && time % startEvery === 0 && time + longest <= ends.get(today)!
  })
}

function fiveMinuteBars(series: Series): Bar[] {
  const bars: Bar[] = []
  const { times, open, high, low, close, volume } = series
  for (const [index, time] of times.entries()) {
    const at = time - (time % (5 * minute))
    const last = bars.at(-1)
    if (last?.at.getTime() === at) {
      last.high = new Big(Math.max(last.high.toNumber(), high[index]!))
      last.low = new Big(Math.min(last.low.toNumber(), low[index]!))
      last.close = new Big(close[index]!)
      last.volume = last.volume.plus(volume[index]!)
    } else {
      const [from, top, bottom, to] = [open[index]!, high[index]!, low[index]!, close[index]!]
      bars.push({
        at: new Date(at),
        open: new Big(from),
        high: new Big(top),
        low: new Big(bottom),
        close: new Big(to),
        volume: new Big(volume[index]!),
      })
    }
  }
  return bars
}

function dailyVolatility({ open, close }: Series, start: number): number {
  let squares = 0
  for (let index = start - recentBars; index < start; index++) squares += Math.log(close[index]! / open[index]!) ** 2
  return Math.sqrt((squares / recentBars) * 390)
}

function leastStep({ close }: Series): number {
  let least = Number.POSITIVE_INFINITY
  for (let index = 1; index < close.length; index++) {
    const step = Math.abs(close[index]! - close[index - 1]!)
    if (step > 1e-9) least = Math.min(least, step)
  }
  return least
}

function report(file: string, size: number, quantity: number, way: Way, runs: Run[], smart: Run[]): void {
  const both = runs.flatMap(({ cost, drift }) => [cost + drift, cost - drift])
  const others = smart.flatMap(({ cost, drift }) => [cost + drift, cost - drift])
  const wins = others.filter((value, index) => value < both[index]!).length
  const byDay = [...Map.groupBy(runs, (one) => one.day).values()].map((ones) => mean(ones.map(({ cost }) => cost)))
  const soldByDay = [...Map.groupBy(runs, (one) => one.day).values()].map((ones) =>
    mean(ones.map(({ cost, drift }) => cost + drift)),
  )
  console.log(
    JSON.stringify({
      file,
      size: `${size * 100}% of an hour's mean volume`,
      quantity,
      way,
      starts: runs.length,
      unit: 'bps',
      mean: rounded(mean(both)),
      median: rounded(median(both)),
      // Starts overlap, so the error is computed from the means of the days.
      standardError: rounded(deviation(byDay) / Math.sqrt(byDay.length)),
      standardDeviation: rounded(deviation(both)),
      soldOnly: {
        mean: rounded(mean(runs.map(({ cost, drift }) => cost + drift))),
        standardError: rounded(deviation(soldByDay) / Math.sqrt(soldByDay.length)),
      },
      ...(way === 'smart' ? {} : { smartIsBetter: rounded(wins / both.length), smartSaves: saved(runs, smart) }),
    }),
  )
}

/** The savings of smart on the same starts, with the standard error over the means of the days. */
function saved(runs: Run[], smart: Run[]): { mean: number; standardError: number } {
  const differences = runs.map(({ day, cost }, index) => ({ day, saves: cost - smart[index]!.cost }))
  const byDay = [...Map.groupBy(differences, (one) => one.day).values()].map((ones) =>
    mean(ones.map(({ saves }) => saves)),
  )
  return {
    mean: rounded(mean(differences.map(({ saves }) => saves))),
    standardError: rounded(deviation(byDay) / Math.sqrt(byDay.length)),
  }
}

function mean(values: number[]): number {
  return values.reduce((all, value) => all + value, 0) / values.length
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)]! + sorted[Math.ceil(sorted.length / 2) - 1]!) / 2
}

function deviation(values: number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((all, value) => all + (value - middle) ** 2, 0) / (values.length - 1))
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}
