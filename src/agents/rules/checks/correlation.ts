import { Big } from '../../../base/amounts.ts'
import { partsOf } from './book.ts'
import type { Rule } from './check.ts'
import { type Correlation, movementOf } from './movement.ts'

/** Correlations are shrunk by n/(n + 60): part of what so few days show is chance. */
const shrinkage = 60
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
    const movement = movementOf(facts)
    const parts = partsOf(facts).map(({ symbol, side, units, price }) => ({
      ...{ symbol, side, weight: units.times(price).toNumber() / equity },
      x: ((side === 'buy' ? 1 : -1) * units.times(price).toNumber() * movement.deviation(symbol)) / equity,
    }))
    const each = order.price.toNumber() / equity
    const step = (order.side === 'buy' ? 1 : -1) * each * movement.deviation(order.symbol)
    const rho = (one: string, other: string) => shrunk(movement.correlation(one, other))
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
    const present = d > 0 ? ratioAt(0) : 1
    const allowed = Math.max(limit, Number.isFinite(present) ? present : 0) + rounding
    const raw = (symbol: string) => movement.correlation(symbol, order.symbol).measured
    const alike = [...Map.groupBy(parts, ({ symbol }) => symbol)]
      .filter(([symbol]) => symbol !== order.symbol)
      .map(([symbol, those]) => ({ symbol, those: those.filter(({ side }) => side === order.side) }))
      .filter(({ symbol, those }) => those.length > 0 && raw(symbol) > limit)
    const mine = parts.filter(({ symbol, side }) => symbol === order.symbol && side === order.side)
    const weightOf = (some: typeof parts) => some.reduce((sum, { weight }) => sum + weight, 0)
    return (amount) => {
      const [units, unit] = [amount.toNumber(), 'plain'] as const
      const added = weightOf(mine) + each * units
      const pair = units > 0 ? alike.find(({ those }) => added + weightOf(those) > together + rounding) : undefined
      if (pair) {
        const figure = new Big(raw(pair.symbol))
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

const shrunk = ({ measured, count }: Correlation) => measured / (1 + shrinkage / count)
