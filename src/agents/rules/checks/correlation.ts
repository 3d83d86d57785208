import { deviationOf, meanOf } from '../../../backtest/figures/returns.ts'
import { Big } from '../../../base/amounts.ts'
import type { Facts } from '../facts.ts'
import { partsOf } from './book.ts'
import type { Rule } from './check.ts'

/** The days that a correlation is taken over, and the fewest that give one. */
const days = { most: 63, least: 20 }
/** Correlations are shrunk by n/(n + 60): part of what so few days show is chance. */
const shrinkage = 60
/** A symbol with too few returns counts with the deviation of a day at 80% a year. */
const usualDeviation = 0.8 / Math.sqrt(252)
/** Up to this share of the equity together, correlation does no harm that the size does not limit. */
const together = 0.2

/**
 * Refuses what makes the book move as one. With more than 20% of the equity in it, the deviation of the book by the sum of those of its
 * parts, √(xᵀρx)/Σ|x| with x the weight times the deviation, may be 0.8. A book that is above this already, as one of a single symbol
 * always is, may not get worse, so an order that spreads the risk passes. Beside that, two symbols whose returns of 63 days correlate by
 * more than the limit may not hold more than 20% together on the same side.
 */
export const correlationRule: Rule = {
  code: 'TOO_CORRELATED',
  isSized: true,
  look: ({ order, facts, limits }) => {
    const limit = limits.correlation.toNumber()
    const equity = facts.equity.toNumber()
    if (!(equity > 0)) return () => ({ passes: false, limit: limits.correlation, unit: 'plain' })
    const parts = partsOf(facts).map(({ symbol, side, units, price }) => ({
      ...{ symbol, side, weight: units.times(price).toNumber() / equity },
      x: ((side === 'buy' ? 1 : -1) * units.times(price).toNumber() * deviationOfDay(facts, symbol)) / equity,
    }))
    const each = order.price.toNumber() / equity
    const step = (order.side === 'buy' ? 1 : -1) * each * deviationOfDay(facts, order.symbol)
    const rho = pairs(facts, shrunk)
    const own = parts.map(({ symbol }) => rho(symbol, order.symbol))
    // The square of the deviation is a + 2·b·units + c·units², and the sum of the parts' own d + e·units.
    const a = parts.reduce(
      (sum, one) => sum + parts.reduce((row, other) => row + one.x * other.x * rho(one.symbol, other.symbol), 0),
      0,
    )
    const b = parts.reduce((sum, { x }, at) => sum + x * step * own[at]!, 0)
    const d = parts.reduce((sum, { x }) => sum + Math.abs(x), 0)
    const gross = parts.reduce((sum, { weight }) => sum + weight, 0)
    const ratioAt = (units: number) =>
      Math.sqrt(Math.max(0, a + 2 * b * units + step * step * units * units)) / (d + Math.abs(step) * units)
    const allowed = Math.max(limit, d > 0 ? ratioAt(0) : 1) + rounding
    const raw = pairs(facts, (measured) => measured)
    const alike = [...Map.groupBy(parts, ({ symbol }) => symbol)]
      .filter(([symbol]) => symbol !== order.symbol)
      .map(([symbol, those]) => ({ symbol, those: those.filter(({ side }) => side === order.side) }))
      .filter(({ symbol, those }) => those.length > 0 && raw(symbol, order.symbol) > limit)
    const mine = parts.filter(({ symbol, side }) => symbol === order.symbol && side === order.side)
    const weightOf = (some: typeof parts) => some.reduce((sum, { weight }) => sum + weight, 0)
    return (amount) => {
      const [units, unit] = [amount.toNumber(), 'plain'] as const
      const added = weightOf(mine) + each * units
      const pair = units > 0 ? alike.find(({ those }) => added + weightOf(those) > together + rounding) : undefined
      if (pair) {
        const figure = new Big(raw(pair.symbol, order.symbol))
        return { passes: false, figure, limit: limits.correlation, unit, of: `${order.symbol} and ${pair.symbol}` }
      }
      const ratio = d + Math.abs(step) * units > 0 ? ratioAt(units) : 0
      const isSpread = gross + each * units <= together + rounding || ratio <= allowed
      const passes = Number.isFinite(ratio) && isSpread
      const figure = Number.isFinite(ratio) ? { figure: new Big(ratio) } : {}
      return { passes, ...figure, limit: new Big(Math.max(limit, allowed - rounding)), unit }
    }
  },
}

/** Results are floats here; what is at the limit but for their rounding passes. */
const rounding = 1e-9

const shrunk = (measured: number, count: number) => (measured * count) / (count + shrinkage)

/** The correlation of two symbols, as a function that takes each pair once. Too few days in common count as moving as one. */
function pairs(facts: Facts, adjusted: (measured: number, count: number) => number): (a: string, b: string) => number {
  const known = new Map<string, number>()
  return (a, b) => {
    if (a === b) return 1
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    const found = known.get(key) ?? correlationOf(facts.returns.get(a), facts.returns.get(b), adjusted)
    known.set(key, found)
    return found
  }
}

function correlationOf(
  a: ReadonlyMap<string, number> | undefined,
  b: ReadonlyMap<string, number> | undefined,
  adjusted: (measured: number, count: number) => number,
): number {
  const shared =
    a && b
      ? [...a.keys()]
          .filter((day) => b.has(day))
          .sort()
          .slice(-days.most)
      : []
  if (shared.length < days.least) return 1
  const [one, other] = [a!, b!].map((returns) => shared.map((day) => returns.get(day)!)) as [number[], number[]]
  const [mean, otherMean] = [meanOf(one), meanOf(other)]
  const product = one.reduce((sum, value, at) => sum + (value - mean) * (other[at]! - otherMean), 0)
  const measured = product / (shared.length - 1) / (deviationOf(one) * deviationOf(other))
  return Number.isFinite(measured) ? adjusted(Math.max(-1, Math.min(1, measured)), shared.length) : 1
}

function deviationOfDay(facts: Facts, symbol: string): number {
  const returns = facts.returns.get(symbol)
  if (!returns || returns.size < days.least) return usualDeviation
  const last = [...returns.keys()].sort().slice(-days.most)
  const deviation = deviationOf(last.map((day) => returns.get(day)!))
  return deviation > 0 ? deviation : usualDeviation
}
