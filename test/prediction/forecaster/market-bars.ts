import { Big } from 'big.js'
import type { Bar } from '../../../src/market/market.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'

/** The first bars of a series, as a market has them. */
export function marketBars({ days, open, high, low, close, volume }: Columns, count: number = days.length): Bar[] {
  const amount = (column: Float64Array, at: number) => new Big(column[at]!.toFixed(6))
  return days.slice(0, count).map((day, at) => ({
    at: new Date(`${day}T00:00:00Z`),
    ...{ open: amount(open, at), high: amount(high, at), low: amount(low, at), close: amount(close, at) },
    volume: amount(volume, at),
  }))
}
