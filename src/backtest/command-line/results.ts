import { Big } from '../../base/amounts.ts'
import { averageText, dollarsText, percentText, profitText, quantityText } from '../../base/format.ts'
import type { Difference } from '../checks/difference.ts'
import { conventions } from '../conventions.ts'
import type { Outcome } from '../engine/simulate.ts'
import type { Trade } from '../engine/trade.ts'
import type { Figures } from '../figures/figures.ts'
import type { WantedRun } from './command-line.ts'

/** A finished run with all that is printed of it. */
export interface Finished {
  wanted: WantedRun
  /** The name of the source of the bars. */
  source: string
  outcome: Outcome
  figures: Figures
  /** The results of the checks; absent when they were not asked for. */
  checks?: { lookahead?: Difference; recursive?: Difference }
}

/** The run as JSON: inputs, conventions and figures, and with `--trades` every trade. */
export function jsonText({ wanted, source, outcome, figures, checks }: Finished): string {
  const { strategy, parameters, symbols, numbers } = wanted
  const { days, firstDecision, refused, trades, barEvents, ruinedOn } = outcome
  const data = {
    ...{ strategy: strategy.name, parameters, symbols, bars: source },
    ...{ from: days[0], to: days.at(-1), days: days.length, barEvents, warmup: firstDecision },
    costs: numbers,
    ...figures,
    refused: countsOf(refused.map(({ code }) => code)),
    ruinedOn: ruinedOn ?? null,
    ...(checks && { lookahead: checks.lookahead ?? null, recursive: checks.recursive ?? null }),
    conventions,
    ...(wanted.trades && { tradeList: trades }),
  }
  return `${JSON.stringify(data, null, 2)}\n`
}

/** The run for a person: the figures that decide, beside buy-and-hold. */
export function tableText({ wanted, source, outcome, figures, checks }: Finished): string {
  const { strategy, parameters, symbols, numbers } = wanted
  const { days, refused, trades, ruinedOn } = outcome
  const given = Object.entries(parameters).map(([name, value]) => `${name} ${String(value)}`)
  const costs = (['commission', 'fee', 'spread', 'slippage', 'borrow'] as const).filter((name) => numbers[name] > 0)
  const rows: [string, string][] = [
    ['Start → end', `${dollars(numbers.cash)} → ${dollars(figures.finalEquity)}`],
    ['Return', percent(figures.returnPct)],
    ['Buy and hold', percent(figures.buyAndHoldReturnPct)],
    ['A year', percent(figures.annualReturnPct)],
    ['Volatility a year', percent(figures.annualVolatilityPct)],
    ['Sharpe · Sortino · Calmar', [figures.sharpe, figures.sortino, figures.calmar].map(plain).join(' · ')],
    [
      'Deepest fall',
      `${percent(figures.maxDrawdownPct)}${figures.maxDrawdownDays === null ? '' : `; longest ${figures.maxDrawdownDays} days`}`,
    ],
    ['Trades', `${figures.trades}, ${percent(figures.winRatePct).replace('+', '')} won`],
    ['Best · worst trade', `${percent(figures.bestTradePct)} · ${percent(figures.worstTradePct)}`],
    ['Profit factor', plain(figures.profitFactor)],
    ['Exposure', percent(figures.exposurePct).replace('+', '')],
    ['Commission · interest', `${dollars(figures.fees)} · ${dollars(figures.borrowed)}`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = [
    `${strategy.name} ${symbols.join(' ')}${given.length > 0 ? ` (${given.join(', ')})` : ''}, ${days[0]} to ${days.at(-1)}, ${source}`,
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    '',
    ...(ruinedOn ? [`Nothing was left on ${ruinedOn}; the run ended there.`] : []),
    ...refusedLines(refused),
    ...(costs.length === 0 ? ['No costs are in it: --commission, --fee, --spread, --slippage, --borrow.'] : []),
    ...(checks ? checkLines(checks) : []),
    'Simulated fills are not live fills, and the past is no promise.',
    ...(wanted.trades ? ['', ...tradeLines(trades)] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** The findings of the checks, in sentences. */
function checkLines({ lookahead, recursive }: NonNullable<Finished['checks']>): string[] {
  return [
    lookahead
      ? `✗ Later bars: ${differenceText(lookahead)}. It knows the future; the figures are worth nothing.`
      : '✓ Later bars: none was read; cut at many days, it did the same.',
    recursive
      ? `✗ Length of history: ${differenceText(recursive)}. Its warm-up is too short.`
      : '✓ Length of history: with less of it, it did the same.',
  ]
}

function differenceText({ symbol, day, bars, of, withAll, withFewer }: Difference): string {
  const span = 'until' in bars ? `that end on ${bars.until}` : `that begin on ${bars.from}`
  return `${of} of ${symbol} on ${day} is ${withAll} with all bars, and ${withFewer} with bars ${span}`
}

function refusedLines(refused: Outcome['refused']): string[] {
  const counts = Object.entries(countsOf(refused.map(({ code }) => code)))
  return counts.length === 0
    ? []
    : [`Not carried out: ${counts.map(([code, count]) => `${count} × ${code}`).join(', ')}.`]
}

function tradeLines(trades: readonly Trade[]): string[] {
  return trades.map(
    ({ symbol, side, quantity, entryDay, exitDay, entryPrice, exitPrice, profit, returned, reason }) =>
      `${entryDay} → ${exitDay}  ${symbol} ${side} ${quantityText(new Big(quantity))}  ${averageText(new Big(entryPrice))} → ${averageText(new Big(exitPrice))}  ${profitText(new Big(profit))}  ${percentText(new Big(returned))}  ${reason}`,
  )
}

function countsOf(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

const dollars = (amount: number) => dollarsText(new Big(amount))
const percent = (value: number | null) => (value === null ? 'none' : percentText(new Big(value).div(100)))
const plain = (value: number | null) => (value === null ? 'none' : value.toFixed(2))
