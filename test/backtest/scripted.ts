import { z } from 'zod'
import type { BacktestStrategy, Trader } from '../../src/backtest/engine/port.ts'
import { type Backtest, type Outcome, simulate } from '../../src/backtest/engine/simulate.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { sessionsFrom } from '../strategies/made-bars.ts'

/** A bar as open, high, low, close. */
export type Ohlc = [number, number, number, number]

/** Bars of consecutive sessions from 4 January 2016. */
export function barsFrom(rows: readonly Ohlc[]): Columns {
  const column = (at: number) => Float64Array.from(rows, (row) => row[at]!)
  return {
    days: sessionsFrom('2016-01-04', rows.length),
    ...{ open: column(0), high: column(1), low: column(2), close: column(3) },
    volume: new Float64Array(rows.length).fill(1e6),
  }
}

/** A strategy that does these things after the bars of these places. */
export function scripted(
  does: ArrayLike<(trader: Trader) => void> | Record<number, (trader: Trader) => void>,
): BacktestStrategy {
  return {
    ...{ name: 'scripted', aliases: [], title: 'Scripted' },
    summary: 'Does what a test says',
    parameters: z.object({}),
    prepare: () => ({
      warmup: 0,
      indicators: {},
      decide: (at, trader) => (does as Record<number, (trader: Trader) => void>)[at]?.(trader),
    }),
  }
}

/** A run of such a strategy over one symbol with $1,000. */
export function play(
  rows: readonly Ohlc[],
  does: Record<number, (trader: Trader) => void>,
  more: Partial<Backtest> & { splits?: [] } = {},
): Outcome {
  const symbols = [{ symbol: 'AAA', bars: barsFrom(rows) }]
  return simulate({ strategy: scripted(does), parameters: {}, symbols, cash: 1000, ...more })
}
