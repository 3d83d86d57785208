import { deviationOf, meanOf } from '../../../backtest/figures/returns.ts'
import type { Facts } from '../facts.ts'

/** The days that deviations and correlations are taken over, and the fewest that give one. */
const days = { most: 63, least: 20 }
/** A symbol with too few returns counts with the deviation of a day at 80% a year. */
const usualDeviation = 0.8 / Math.sqrt(252)

/** The correlation of two symbols over the last days that both have. */
export interface Correlation {
  measured: number
  count: number
}

/** Symbols that nobody can compare count as moving as one, and with as many days as it takes for that to be sure. */
const unknown: Correlation = { measured: 1, count: Infinity }

/** The returns of a symbol, oldest first. */
interface Series {
  days: string[]
  values: number[]
}

/** The movement of symbols. It sorts the days of each once, and compares each pair once. */
export function movementOf({ returns }: Pick<Facts, 'returns'>) {
  const known = new Map<string, Series>()
  const compared = new Map<string, Correlation>()
  const seriesOf = (symbol: string): Series => {
    const before = known.get(symbol)
    if (before) return before
    const sorted = [...(returns.get(symbol) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
    const series = { days: sorted.map(([day]) => day), values: sorted.map(([, value]) => value) }
    known.set(symbol, series)
    return series
  }
  return {
    /** The deviation of a day. */
    deviation(symbol: string): number {
      const { values } = seriesOf(symbol)
      const deviation = values.length < days.least ? 0 : deviationOf(values.slice(-days.most))
      return deviation > 0 ? deviation : usualDeviation
    },
    correlation(a: string, b: string): Correlation {
      if (a === b) return { measured: 1, count: Infinity }
      const key = a < b ? `${a} ${b}` : `${b} ${a}`
      const found = compared.get(key) ?? correlationOf(seriesOf(a), seriesOf(b))
      compared.set(key, found)
      return found
    },
  }
}

function correlationOf(a: Series, b: Series): Correlation {
  const [one, other]: [number[], number[]] = [[], []]
  let [at, otherAt] = [a.days.length - 1, b.days.length - 1]
  while (at >= 0 && otherAt >= 0 && one.length < days.most) {
    const [day, otherDay] = [a.days[at]!, b.days[otherAt]!]
    if (day === otherDay) {
      one.push(a.values[at]!)
      other.push(b.values[otherAt]!)
    }
    if (day >= otherDay) at--
    if (otherDay >= day) otherAt--
  }
  const count = one.length
  if (count < days.least) return unknown
  const [mean, otherMean] = [meanOf(one), meanOf(other)]
  const product = one.reduce((sum, value, index) => sum + (value - mean) * (other[index]! - otherMean), 0)
  const measured = product / (count - 1) / (deviationOf(one) * deviationOf(other))
  return Number.isFinite(measured) ? { measured: Math.max(-1, Math.min(1, measured)), count } : unknown
}
