import { Big } from '../base/amounts.ts'
import type { Columns } from '../strategies/screeners/strategy.ts'
import { defaultLimits } from '../trading/accounts/rules/limits.ts'
import { deskGate } from './engine/gate.ts'
import type { BacktestStrategy } from './engine/port.ts'
import type { Backtest, Traded } from './engine/simulate.ts'
import type { NumberSetting } from './settings.ts'

/** A run as somebody asks for it, in the units of `settings.ts`: percent, basis points, dollars. */
export interface AskedTest {
  strategy: BacktestStrategy
  parameters: Record<string, unknown>
  symbols: Traded[]
  /** Bars of SPY, for a strategy that reads them. */
  market?: Columns
  from?: string
  /** The share of the equity that an order without a size takes. */
  share?: number
  numbers: Record<NumberSetting, number>
}

/** The run for the engine, whose shares are of one. */
export function backtestOf({ strategy, parameters, symbols, market, from, share, numbers }: AskedTest): Backtest {
  return {
    ...{ strategy, parameters, symbols, cash: numbers.cash },
    ...(from !== undefined && { from }),
    ...(market && { market }),
    ...(share !== undefined && { share }),
    costs: {
      commission: numbers.commission / 100,
      perFill: numbers.fee,
      halfSpread: numbers.spread / 20_000,
      slippage: numbers.slippage / 10_000,
      borrow: numbers.borrow / 100,
    },
    ...(numbers['max-order'] > 0 && { gate: deskGate({ ...defaultLimits, dollars: new Big(numbers['max-order']) }) }),
  }
}

/** A sentence when nothing could be decided on the bars of a symbol, which end with the run; undefined when there are enough. */
export function tooShort(
  strategy: BacktestStrategy,
  parameters: Record<string, unknown>,
  { symbol, bars }: Traded,
  from = '',
): string | undefined {
  const { warmup } = strategy.prepare(bars, parameters)
  // A decision needs a bar after it, at whose open it is carried out, and another to end on.
  const played = bars.days.filter((day, at) => at >= warmup && day >= from).length
  if (played >= 3) return undefined
  const span = bars.days.length > 0 ? `${bars.days.length} bars, ${bars.days[0]} to ${bars.days.at(-1)}` : 'no bars'
  return `${symbol} has ${span} up to the last day; ${strategy.name} needs ${warmup + 3} of which 3 are in the run.`
}

/** A sentence about an open of less than half or more than twice the close before, as at a split that the bars are not adjusted for. */
export function jumpIn(symbol: string, { days, open, close }: Columns): string | undefined {
  const jumps = days.filter((_, at) => at > 0 && (open[at]! > 2 * close[at - 1]! || 2 * open[at]! < close[at - 1]!))
  if (jumps.length === 0) return undefined
  const more = jumps.length > 1 ? ` and ${jumps.length - 1} more` : ''
  return `${symbol} opened at less than half or more than twice the close before on ${jumps[0]}${more}: a split that is not adjusted for?`
}
