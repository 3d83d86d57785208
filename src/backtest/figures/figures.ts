import type { Outcome } from '../engine/simulate.ts'
import { drawdownsOf } from './drawdowns.ts'
import { deviationOf, empyrical, geometricMean, meanOf, ratio, varianceOf, yearDays } from './returns.ts'
import { tradeFigures } from './trades.ts'

/** The figures of a run. Percentages are of a hundred; null is a figure that does not exist, such as a mean of no trades. */
export type Figures = ReturnType<typeof figuresOf>

/** Days of the calendar in a year, for growth by the calendar. */
const calendarYear = 365.25

/**
 * The figures of a run by the formulas of backtesting.py, and under `empyrical` those that empyrical defines otherwise. `closes` is
 * the worth of equal parts of all symbols, held, at the end of each day.
 */
export function figuresOf(outcome: Outcome, closes: ArrayLike<number>) {
  const { equity, dayNumbers, trades, firstDecision, fees, borrowed } = outcome
  const last = equity.length - 1
  const [start, end] = [equity[0] ?? 0, equity[last] ?? 0]
  const returns = returnsOf(equity)
  const growth = returns.some((one) => one <= -1) ? -1 : returns.length > 0 ? geometricMean(returns) : 0
  const annual = (1 + growth) ** yearDays - 1
  const volatility = Math.sqrt((varianceOf(returns) + (1 + growth) ** 2) ** yearDays - (1 + growth) ** (2 * yearDays))
  const downside = Math.sqrt(meanOf(returns.map((one) => Math.min(one, 0) ** 2)) * yearDays)
  const falls = drawdownsOf(equity, dayNumbers)
  const of = tradeFigures(trades, ({ entryAt, exitAt }) => dayNumbers[exitAt]! - dayNumbers[entryAt]!)
  const years = ((dayNumbers[last] ?? 0) - (dayNumbers[0] ?? 0)) / calendarYear
  const returned = ratio(end - start, start) ?? 0
  const held = heldReturn(closes, Math.max(0, firstDecision - 1))
  const beta = betaOf(equity, closes)
  const plain = empyrical([Number.NaN, ...returns])
  return {
    trades: of.count,
    finalEquity: end,
    equityPeak: equity.reduce((a, b) => Math.max(a, b), start),
    returnPct: 100 * returned,
    buyAndHoldReturnPct: percent(held),
    annualReturnPct: 100 * annual,
    annualVolatilityPct: percent(finite(volatility)),
    cagrPct: percent(years > 0 ? finite((end / start) ** (1 / years) - 1) : undefined),
    sharpe: ratio(annual, volatility) ?? null,
    sortino: ratio(annual, downside) ?? null,
    calmar: ratio(annual, -falls.max) ?? null,
    maxDrawdownPct: 100 * falls.max,
    avgDrawdownPct: percent(falls.mean),
    maxDrawdownDays: falls.maxDays ?? null,
    avgDrawdownDays: roundedUp(falls.meanDays),
    winRatePct: percent(of.winRate),
    bestTradePct: percent(of.best),
    worstTradePct: percent(of.worst),
    avgTradePct: percent(of.mean),
    maxTradeDays: of.maxDays ?? null,
    avgTradeDays: roundedUp(of.meanDays),
    profitFactor: of.profitFactor ?? null,
    expectancyPct: percent(of.expectancy),
    sqn: of.sqn ?? null,
    kelly: of.kelly ?? null,
    exposurePct: 100 * exposureOf(outcome),
    alphaPct: beta === undefined || held === undefined ? null : 100 * (returned - beta * held),
    beta: beta ?? null,
    fees,
    borrowed,
    empyrical: {
      sharpe: plain.sharpe ?? null,
      sortino: plain.sortino ?? null,
      calmar: plain.calmar ?? null,
      annualReturnPct: 100 * plain.annualReturn,
      annualVolatilityPct: percent(finite(plain.annualVolatility)),
      maxDrawdownPct: 100 * plain.maxDrawdown,
    },
  }
}

/** The simple return of each day but the first. */
export function returnsOf(equity: ArrayLike<number>): number[] {
  const returns: number[] = []
  // A ruined run stays at nothing, and nothing of nothing is no return.
  for (let at = 1; at < equity.length; at++) returns.push(ratio(equity[at]!, equity[at - 1]!) ?? 1)
  return returns.map((one) => one - 1)
}

/** The share of days with a position, those of entries and exits included. */
function exposureOf({ equity, trades }: Outcome): number {
  const held = new Uint8Array(equity.length)
  for (const { entryAt, exitAt } of trades) held.fill(1, entryAt, exitAt + 1)
  return held.length === 0 ? 0 : held.reduce((sum, one) => sum + one, 0) / held.length
}

const heldReturn = (closes: ArrayLike<number>, from: number) => {
  const [first, last] = [closes[from], closes[closes.length - 1]]
  return first === undefined || last === undefined ? undefined : ratio(last - first, first)
}

/** The slope of the logarithmic returns of a run on those of its symbols, held. */
function betaOf(equity: ArrayLike<number>, closes: ArrayLike<number>): number | undefined {
  const logs = (values: ArrayLike<number>) =>
    Array.from({ length: Math.max(0, values.length - 1) }, (_, at) => Math.log(values[at + 1]! / values[at]!))
  const [own, market] = [logs(equity), logs(closes)]
  const [ownMean, marketMean] = [meanOf(own), meanOf(market)]
  const together = own.reduce((sum, one, at) => sum + (one - ownMean) * (market[at]! - marketMean), 0)
  return deviationOf(market) > 0 ? ratio(together / (own.length - 1), varianceOf(market)) : undefined
}

const finite = (value: number) => (Number.isFinite(value) ? value : undefined)
const percent = (value: number | undefined) => (value === undefined ? null : 100 * value)
const roundedUp = (days: number | undefined) => (days === undefined ? null : Math.ceil(days))
