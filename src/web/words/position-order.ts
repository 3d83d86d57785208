import Big from 'big.js'
import type { Position } from '../../api/contract/positions.ts'

/** The orders of a list of positions, in words. */
export const positionOrders = {
  symbol: 'By symbol',
  worst: 'Worst first',
  best: 'Best first',
  largest: 'Largest first',
} as const
export type PositionOrder = keyof typeof positionOrders

type Told = Pick<Position, 'symbol' | 'unrealizedPnl' | 'value'>

/**
 * The places of positions, by their symbols: by P&L in dollars, or by value. Positions without a price come last. `told` are those
 * that the desk told, and not those at later prices, so that no card moves away under a finger.
 */
export function orderOf(told: readonly Told[], by: PositionOrder): string[] {
  const amountOf = ({ unrealizedPnl, value }: Told) =>
    by === 'largest' ? value && new Big(value).abs() : unrealizedPnl && new Big(unrealizedPnl)
  const compare = (one: Told, other: Told): number => {
    const byName = one.symbol < other.symbol ? -1 : 1
    if (by === 'symbol') return byName
    const [mine, its] = [amountOf(one), amountOf(other)]
    if (!mine || !its) return mine ? -1 : its ? 1 : byName
    return (by === 'worst' ? mine.cmp(its) : its.cmp(mine)) || byName
  }
  return [...told].sort(compare).map(({ symbol }) => symbol)
}
