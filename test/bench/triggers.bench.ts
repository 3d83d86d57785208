// Positions a second whose triggers are evaluated on ticks, by the monitor's own book and in memory only: all writes happen
// between the measurements. One thread; with a bare loop over the same positions.
import type { Quote } from '../../src/market/market.ts'
import { quietAround, seePrice, trailed } from '../../src/trading/protection/rules/triggers.ts'
import type { Entry } from '../../src/watch/monitor/book.ts'
import { createStudies } from '../../src/watch/monitor/studies.ts'
import { startTicks } from '../../src/watch/monitor/ticks.ts'
import { percentile, report } from './figures.ts'
import { holdLargeBook, marketWithBars, quoteOf, randomWalk } from './large-book.ts'
import { openDesk } from './stopped-desk.ts'

const positions = 10_000
const symbols = 500
/** Ticks of every symbol in one measurement. */
const rounds = 100
const warmUps = 2
const samples = 9
/** A tick moves the price by about a tenth of a percent. */
const step = 0.001
const goal = 1_000_000

const market = marketWithBars(symbols)
let push: (quote: Quote) => void = () => {}
const { desk, close } = await openDesk({
  ...market,
  subscribe(listener) {
    push = listener
    return () => {}
  },
})
await holdLargeBook(desk, positions, symbols)
const { parts, critical } = desk
const ticks = startTicks(parts, critical, createStudies(parts))
await ticks.rest()
if (ticks.book.size() !== positions) throw new Error(`${ticks.book.size()} positions are watched`)

const names = Array.from({ length: symbols }, (_, index) => `S${index}`)
const evaluations = positions * rounds
const onTicks: number[] = []
const bare: number[] = []
for (let sample = 0; sample < warmUps + samples; sample++) {
  const quotes = walk(sample)
  const floor = bareLoop(quotes)
  const began = performance.now()
  for (const round of quotes) for (const quote of round) push(quote)
  const took = performance.now() - began
  await ticks.rest()
  if (sample < warmUps) continue
  onTicks.push((1000 * evaluations) / took)
  bare.push(floor)
}
const value = percentile(onTicks, 0.5)
const floor = percentile(bare, 0.5)
const floorOf = 'a bare loop over as many positions: price against two levels in typed arrays'
report({
  figure: 'trigger evaluation on ticks, in memory, one thread',
  value,
  unit: 'positions/s',
  floor,
  floorOf,
  samples,
  goal: `at least ${goal}`,
  holds: value >= goal,
  note: `slowest ${Math.round(Math.min(...onTicks))}; ${(100 * shareOfLooks(walk(warmUps + samples))).toFixed(1)}% were looked at on decimals, since a line was passed`,
})
const exact = exactLooks()
report({
  figure: 'the same, every position looked at exactly',
  value: exact,
  unit: 'positions/s',
  floor,
  floorOf,
  goal: `at least ${goal}`,
  holds: exact >= goal,
})
await ticks.close()
await close()
process.exit()

/** Quotes of all symbols, round by round: each measurement begins at $100 and takes another path. */
function walk(seed: number): Quote[][] {
  const walks = names.map((_, index) => randomWalk(seed * symbols + index, step))
  return Array.from({ length: rounds }, () => names.map((name, index) => quoteOf(name, walks[index]!())))
}

/** The share of evaluations with a price outside of the position's last quiet range. */
function shareOfLooks(quotes: Quote[][]): number {
  let looks = 0
  for (const round of quotes) {
    for (const quote of round) {
      const price = quote.last.toNumber()
      for (const { low, high } of ticks.book.of(quote.symbol)) if (price <= low || price >= high) looks += 1
      push(quote)
    }
  }
  return looks / evaluations
}

/** Positions a second of a loop that knows only prices and levels. */
function bareLoop(quotes: Quote[][]): number {
  const low = new Float64Array(positions)
  const high = new Float64Array(positions)
  const symbolOf = new Uint32Array(positions)
  let count = 0
  for (const [index, name] of names.entries()) {
    for (const entry of ticks.book.of(name)) {
      low[count] = entry.low
      high[count] = entry.high
      symbolOf[count] = index
      count += 1
    }
  }
  const prices = quotes.map((round) => Float64Array.from(round, ({ last }) => last.toNumber()))
  let outside = 0
  const began = performance.now()
  for (const round of prices) {
    for (let index = 0; index < count; index++) {
      const price = round[symbolOf[index]!]!
      if (price <= low[index]! || price >= high[index]!) outside += 1
    }
  }
  const took = performance.now() - began
  if (outside === evaluations) throw new Error('every price was outside')
  return (1000 * evaluations) / took
}

/** Positions a second without quiet ranges: each position is evaluated exactly, as if all prices lay on levels. */
function exactLooks(): number {
  const entries: [Entry, Quote][] = names.flatMap((name) => {
    const quote = quoteOf(name, 99)
    return [...ticks.book.of(name)].map((entry): [Entry, Quote] => [entry, quote])
  })
  const once = () => {
    for (const [{ position }, { last }] of entries) {
      const stop = trailed(position, last)
      const look = seePrice(stop ? { ...position, stop } : position, last, position.state, position.thresholds)
      const quiet = quietAround(position, last, look.state, position.thresholds)
      if (Number.isNaN(quiet.low)) throw new Error('a line without a price')
    }
  }
  once()
  const began = performance.now()
  for (let time = 0; time < 10; time++) once()
  const took = performance.now() - began
  return (1000 * 10 * entries.length) / took
}
