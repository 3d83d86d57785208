import { placeOf } from '../layout.ts'

/** An account and its position in the symbol, as a state sees them. Shares are of the equity, without a sign where none is named. */
export interface Holding {
  /** Signed: below zero when short. */
  weight: number
  cash: number
  gross: number
  net: number
  /** The loss if all stops are touched, half a mean range beyond them. */
  heat: number
  /** The day's profit, and the distance to the highest equity so far, at most 0. */
  dayProfit: number
  drawdown: number
  /** The gross share in the symbol's sector; that of its position when no other is known. */
  sector: number
  /** The mean correlation with what else is open; 0 with nothing else. */
  correlation: number
  openPositions: number
  /** Trades of the day. */
  trades: number
  /** Bars since the last trade, and since the position was entered; undefined without one. */
  sinceTrade: number | undefined
  held: number | undefined
  /** The position's profit as a share of its entry: now, and the best and worst of its time. */
  unrealized: number
  best: number
  worst: number
}

/** An account in which nothing is open. */
export const nothingHeld: Holding = {
  ...{ weight: 0, cash: 1, gross: 0, net: 0, heat: 0, dayProfit: 0, drawdown: 0, sector: 0, correlation: 0 },
  ...{ openPositions: 0, trades: 0, sinceTrade: undefined, held: undefined, unrealized: 0, best: 0, worst: 0 },
}

/** The parts of a holding that follow from the signed weight of the only position of an account. */
export function onlyHeld(
  weight: number,
): Omit<
  Holding,
  'heat' | 'dayProfit' | 'drawdown' | 'trades' | 'sinceTrade' | 'held' | 'unrealized' | 'best' | 'worst'
> {
  const share = Math.abs(weight)
  return { weight, cash: 1 - share, gross: share, net: weight, sector: share, correlation: 0, openPositions: 1 }
}

/** The shares of equity and counts over which numbers are given; the largest weight of a policy is the first. */
export const limits = {
  ...{ weight: 0.2, exposure: 0.5, heat: 0.06, dayLoss: 0.02, drawdown: 0.15, sector: 0.4 },
  ...{ positions: 5, trades: 5, waited: 60, held: 100 },
}

const places = Object.fromEntries(
  [
    ...['weight', 'unrealized', 'cash', 'gross', 'net', 'heat', 'day_profit', 'drawdown', 'sector', 'correlation'],
    ...['open_positions', 'trades_left', 'since_trade', 'bars_held', 'best_move', 'worst_move'],
  ].map((name) => [name, placeOf(name)]),
) as Record<string, number>

/** Writes the numbers of a holding into a state; `sigma` is the deviation of a day's move. */
export function writeHolding(holding: Holding, sigma: number, state: Float64Array): void {
  const { sinceTrade, held } = holding
  const moves = 5 * sigma
  const set = (name: string, value: number) => {
    state[places[name]!] = bounded(value)
  }
  set('weight', holding.weight / limits.weight)
  set('unrealized', holding.unrealized / moves)
  set('cash', holding.cash)
  set('gross', holding.gross / limits.exposure)
  set('net', holding.net / limits.exposure)
  set('heat', holding.heat / limits.heat)
  set('day_profit', holding.dayProfit / limits.dayLoss)
  set('drawdown', holding.drawdown / limits.drawdown)
  set('sector', holding.sector / limits.sector)
  set('correlation', holding.correlation)
  set('open_positions', holding.openPositions / limits.positions)
  set('trades_left', Math.max(0, limits.trades - holding.trades) / limits.trades)
  set('since_trade', sinceTrade === undefined ? 1 : Math.min(1, sinceTrade / limits.waited))
  set('bars_held', held === undefined ? 0 : held / limits.held)
  set('best_move', holding.best / moves)
  set('worst_move', holding.worst / moves)
}

/** No number of a state is further from 0. */
export const bounded = (value: number): number => Math.max(-5, Math.min(5, value))
