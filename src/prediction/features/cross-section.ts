import type { Columns } from '../../strategies/screeners/strategy.ts'
import { barsNeeded, decayingWeights, leastSigma } from './history.ts'
import { type Sector, sectorOf } from './sectors.ts'

/** With fewer stocks on a day there is no market to speak of, and with fewer members no sector. */
const leastStocks = 10
const leastMembers = 3
const spans = [5, 21, 63] as const
const correlated = 63

/** Stocks of one kind together: figures of each day, NaN where there were too few. */
export interface Group {
  /** The mean log return of 5, 21 and 63 days. */
  returns: readonly Float64Array[]
  /** The share of the members above their mean of 50 days, 0..1. */
  breadth: Float64Array
  /** The deviation of the mean daily return, with weights of .94. */
  sigma: Float64Array
}

/** All stocks of known sectors beside each other on each day. Every figure depends on the last `barsNeeded` bars of each alone. */
export interface CrossSection {
  /** The place of a day in the figures. */
  at: ReadonlyMap<string, number>
  sectors: ReadonlyMap<Sector, Group>
  market: Group
  /** The deviation among the returns of 21 days. */
  dispersion: Float64Array
  /** The mean correlation of two stocks' daily returns over 63 days. */
  correlation: Float64Array
}

/** A stock on the days of the cross-section; NaN where it has no bar or too few. */
interface Member {
  daily: Float64Array
  returns: readonly Float64Array[]
  /** 1 above its mean of 50 days, else 0. */
  isAbove: Float64Array
}

/**
 * Puts stocks beside each other. Symbols without a sector do not count, nor do days on which fewer than ten stocks have bars,
 * so that the weekends of what trades every day are no days of the market.
 */
export function crossSectionOf(bySymbol: ReadonlyMap<string, Columns>): CrossSection {
  const stocks = [...bySymbol].filter(([symbol]) => sectorOf(symbol)).sort(([a], [b]) => (a < b ? -1 : 1))
  const days = tradingDaysOf(stocks.map(([, bars]) => bars))
  const at = new Map(days.map((day, index) => [day, index]))
  const members = stocks.map(([symbol, bars]) => ({ sector: sectorOf(symbol)!, member: memberOf(bars, at) }))
  const bySector = Map.groupBy(members, ({ sector }) => sector)
  const all = members.map(({ member }) => member)
  return {
    at,
    sectors: new Map(
      [...bySector].map(([sector, some]) => [
        sector,
        groupOf(
          some.map(({ member }) => member),
          days.length,
          leastMembers,
        ),
      ]),
    ),
    market: groupOf(all, days.length, leastStocks),
    dispersion: column(days.length, (day) => deviationOf(all.map(({ returns }) => returns[1]![day]!))),
    correlation: column(days.length, (day) => meanCorrelation(all, day)),
  }
}

function tradingDaysOf(all: readonly Columns[]): string[] {
  const counts = new Map<string, number>()
  for (const { days } of all) for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1)
  return [...counts].flatMap(([day, count]) => (count >= leastStocks ? [day] : [])).sort()
}

function memberOf({ days, close }: Columns, at: ReadonlyMap<string, number>): Member {
  const empty = () => new Float64Array(at.size).fill(Number.NaN)
  const member = { daily: empty(), returns: spans.map(empty), isAbove: empty() }
  const logs = close.map((price) => (price > 0 && price < Number.POSITIVE_INFINITY ? Math.log(price) : Number.NaN))
  for (let bar = 1; bar < days.length; bar++) {
    const day = at.get(days[bar]!)
    if (day === undefined) continue
    member.daily[day] = logs[bar]! - logs[bar - 1]!
    for (const [nth, span] of spans.entries()) {
      if (bar >= span) member.returns[nth]![day] = logs[bar]! - logs[bar - span]!
    }
    if (bar < 49) continue
    let sum = 0
    for (let on = bar - 49; on <= bar; on++) sum += close[on]!
    member.isAbove[day] = Number.isFinite(sum) ? Number(close[bar]! > sum / 50) : Number.NaN
  }
  return member
}

function groupOf(members: readonly Member[], count: number, least: number): Group {
  const mean = (of: (member: Member) => Float64Array) =>
    column(count, (day) => {
      let [sum, known] = [0, 0]
      for (const member of members) {
        const value = of(member)[day]!
        if (Number.isNaN(value)) continue
        sum += value
        known++
      }
      return known >= least ? sum / known : Number.NaN
    })
  return {
    returns: spans.map((_, nth) => mean(({ returns }) => returns[nth]!)),
    breadth: mean(({ isAbove }) => isAbove),
    sigma: weightedDeviations(mean(({ daily }) => daily)),
  }
}

function weightedDeviations(daily: Float64Array): Float64Array {
  const weights = decayingWeights(0.94, barsNeeded - 1)
  return column(daily.length, (day) => {
    if (day < weights.length) return Number.NaN
    let sum = 0
    for (let ago = 0; ago < weights.length; ago++) sum += weights[ago]! * daily[day - ago]! ** 2
    return Number.isNaN(sum) ? Number.NaN : Math.max(leastSigma, Math.sqrt(sum))
  })
}

function deviationOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length < leastStocks) return Number.NaN
  const middle = known.reduce((sum, value) => sum + value, 0) / known.length
  return Math.sqrt(known.reduce((sum, value) => sum + (value - middle) ** 2, 0) / known.length)
}

const together = new Float64Array(correlated)

/**
 * The mean over all pairs of stocks with returns on each of 63 days: the variance of the mean of n standardized series is
 * (1 + (n − 1)ρ)/n. A stock that stands still correlates with nothing and does not count.
 */
function meanCorrelation(members: readonly Member[], day: number): number {
  if (day < correlated) return Number.NaN
  together.fill(0)
  let stocks = 0
  for (const { daily } of members) {
    let [sum, squares] = [0, 0]
    for (let on = day - correlated + 1; on <= day; on++) sum += daily[on]!
    const middle = sum / correlated
    for (let on = day - correlated + 1; on <= day; on++) squares += (daily[on]! - middle) ** 2
    const scale = Math.sqrt(squares / correlated)
    if (!(scale > 1e-9)) continue
    stocks++
    for (let nth = 0; nth < correlated; nth++) {
      together[nth]! += (daily[day - correlated + 1 + nth]! - middle) / scale
    }
  }
  if (stocks < leastStocks) return Number.NaN
  const variance = together.reduce((sum, value) => sum + (value / stocks) ** 2, 0) / correlated
  return (stocks * variance - 1) / (stocks - 1)
}

function column(count: number, of: (day: number) => number): Float64Array {
  const values = new Float64Array(count)
  for (let day = 0; day < count; day++) values[day] = of(day)
  return values
}
