import type { Trade } from '../engine/trade.ts'
import { deviationOf, geometricMean, meanOf, ratio } from './returns.ts'

/** Figures of finished trades. Ratios of one, dollars where it says so; undefined where there are too few trades. */
export interface TradeFigures {
  count: number
  /** The share of trades with a profit in dollars. */
  winRate?: number
  best?: number
  worst?: number
  /** The geometric mean of the returns; zero when a trade lost everything. */
  mean?: number
  /** The sum of the gains by the sum of the losses, both as returns of trades. */
  profitFactor?: number
  /** The plain mean of the returns. */
  expectancy?: number
  /** System quality number: √count · mean / deviation of the profits in dollars. */
  sqn?: number
  /** The share of capital by Kelly: win rate less the losing rate over the mean win by the mean loss, in dollars. */
  kelly?: number
  maxDays?: number
  meanDays?: number
}

/** The figures of trades. `daysOf` gives the days of the calendar from entry to exit. */
export function tradeFigures(trades: readonly Trade[], daysOf: (trade: Trade) => number): TradeFigures {
  const count = trades.length
  if (count === 0) return { count }
  const returns = trades.map((trade) => trade.returned)
  const profits = trades.map(({ profit }) => profit)
  const days = trades.map(daysOf)
  const won = profits.filter((profit) => profit > 0)
  const lost = profits.filter((profit) => profit < 0)
  const winRate = won.length / count
  const gains = sumOf(returns.filter((one) => one > 0))
  const losses = -sumOf(returns.filter((one) => one < 0))
  const payoff = ratio(meanOf(won), -meanOf(lost))
  return {
    count,
    winRate,
    best: returns.reduce((a, b) => Math.max(a, b)),
    worst: returns.reduce((a, b) => Math.min(a, b)),
    mean: geometricMean(returns),
    profitFactor: ratio(gains, losses),
    expectancy: meanOf(returns),
    sqn: ratio(Math.sqrt(count) * meanOf(profits), deviationOf(profits)),
    kelly: payoff === undefined ? undefined : winRate - (1 - winRate) / payoff,
    maxDays: days.reduce((a, b) => Math.max(a, b)),
    meanDays: meanOf(days),
  }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0)
