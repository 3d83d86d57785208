import { numberOfDay } from '../../strategies/engine/bars/days.ts'
import { type PackedBars, unpackBars } from '../../strategies/engine/bars/packed.ts'
import type { BacktestReport, CurveFigures, Curves, SimulatedTrade } from '../../strategies/runs/rules/report.ts'
import { heldCurve } from '../engine/held.ts'
import type { BacktestStrategy } from '../engine/port.ts'
import { type Outcome, simulate, type Traded } from '../engine/simulate.ts'
import { figuresOf } from '../figures/figures.ts'
import type { NumberSetting } from '../settings.ts'
import { backtestStrategyNamed } from '../strategies/list.ts'
import { backtestOf, jumpIn, tooShort } from '../test-of.ts'

/** The work of a thread: a run with its bars, which end with it. */
export interface PlayTask {
  strategy: string
  /** Those of the strategy alone. */
  parameters: Record<string, unknown>
  symbols: string[]
  bars: PackedBars
  from?: string
  /** The share of the equity that an order without a size takes. */
  share?: number
  /** The last day that was asked for. */
  to?: string
  numbers: Record<NumberSetting, number>
}

/** A fill of the picture: the day's place, and the equity at which it is marked. */
export interface EquityMark {
  at: number
  value: number
  side: 'buy' | 'sell'
}

/** The outcome of a run; the JSON is for the database alone. */
export type Played =
  | { report: BacktestReport; curves: Curves; marks: EquityMark[]; curvesJson: string; tradesJson: string }
  /** Nothing could be decided on these bars. */
  | { refused: string }

/** Plays a run. Pure; throws only when there is no such strategy. */
export function play({ strategy: name, parameters, symbols, bars, from, to, share, numbers }: PlayTask): Played {
  const strategy = backtestStrategyNamed(name)
  if (!strategy) throw new Error(`no strategy ${name}`)
  const traded: Traded[] = unpackBars(bars).map((columns, at) => ({ symbol: symbols[at]!, bars: columns! }))
  for (const one of traded) {
    const refused = tooShort(strategy, parameters, one, from)
    if (refused !== undefined) return { refused }
  }
  const outcome = simulate(backtestOf({ strategy, parameters, symbols: traded, from, share, numbers }))
  const worth = heldCurve(traded, from)
  const figures = figuresOf(outcome, worth)
  const { days, firstDecision, equity, trades, refused, ruinedOn } = outcome
  // Buy-and-hold begins at the close before the first decision, as its return in the figures does.
  const begin = Math.max(0, Math.min(firstDecision, days.length - 1) - 1)
  const held = Float64Array.from(worth, (value, at) => numbers.cash * (at < begin ? 1 : value / worth[begin]!))
  const curves: Curves = {
    days,
    equity: Array.from(equity, cents),
    held: Array.from(held, cents),
    drawdownPct: drawdowns(equity),
  }
  const report: BacktestReport = {
    symbols,
    ...{ from: days[0]!, to: days.at(-1)!, days: days.length, cash: numbers.cash },
    ...(firstDecision < days.length && { firstDecision: days[firstDecision]! }),
    figures,
    held: heldFigures(outcome, held.subarray(begin), begin),
    refused: countsOf(refused.map(({ code }) => code)),
    ...(ruinedOn !== undefined && { ruinedOn }),
    course: courseOf(curves.equity),
    lacking: [
      ...cautionsOf(strategy, symbols, from),
      ...traded.flatMap((one) => [...missingDays(one, from, to), ...[jumpIn(one.symbol, one.bars) ?? []].flat()]),
    ],
  }
  const kept: SimulatedTrade[] = trades.map(({ entryAt: _, exitAt: __, ...trade }) => trade)
  return {
    ...{ report, curves, marks: marksOf(outcome) },
    ...{ curvesJson: JSON.stringify(curves), tradesJson: JSON.stringify(kept) },
  }
}

/** The figures of the symbols, held, by the formulas of the run's own. */
function heldFigures({ dayNumbers, days }: Outcome, equity: Float64Array, begin: number): CurveFigures {
  const { returnPct, annualReturnPct, maxDrawdownPct, sharpe } = figuresOf(
    {
      ...{ equity, days: days.slice(begin), dayNumbers: dayNumbers.subarray(begin), trades: [], refused: [] },
      ...{ fees: 0, borrowed: 0, barEvents: 0, firstDecision: 0 },
    },
    equity,
  )
  return { returnPct, annualReturnPct, maxDrawdownPct, sharpe }
}

/** Sentences about what a strategy learned from, and about the bars of SPY, which a run here has not. */
function cautionsOf(strategy: BacktestStrategy, symbols: readonly string[], from = ''): string[] {
  const caution = strategy.caution?.(symbols, from)
  return [
    ...(caution ? [caution.replace(/\.$/, '')] : []),
    ...(strategy.readsMarket ? [`${strategy.name} reads SPY where it can, and did without it here`] : []),
  ]
}

/** Bars may begin and end so many days within the days that were asked for: holidays and weekends have none. */
const mostDaysWithin = 7

/** Sentences about the days that were asked for and of which a symbol has no bars. */
function missingDays({ symbol, bars: { days } }: Traded, from?: string, to?: string): string[] {
  const [first, last] = [days[0]!, days.at(-1)!]
  const isLate = from !== undefined && numberOfDay(first) - numberOfDay(from) > mostDaysWithin
  const isEarly = to !== undefined && numberOfDay(to) - numberOfDay(last) > mostDaysWithin
  return [
    ...(isLate ? [`${symbol} has bars from ${first} on only`] : []),
    ...(isEarly ? [`${symbol} has bars up to ${last} only`] : []),
  ]
}

function drawdowns(equity: Float64Array): number[] {
  let peak = Number.NEGATIVE_INFINITY
  return Array.from(equity, (value) => {
    peak = Math.max(peak, value)
    return peak > 0 ? Math.round(1e4 * (value / peak - 1)) / 100 : 0
  })
}

const mostInCourse = 60

function courseOf(equity: readonly number[]): number[] {
  const count = Math.min(mostInCourse, equity.length)
  return Array.from(
    { length: count },
    (_, nth) => equity[Math.round((nth * (equity.length - 1)) / Math.max(1, count - 1))]!,
  )
}

function marksOf({ trades, equity }: Outcome): EquityMark[] {
  return trades.flatMap(({ side, entryAt, exitAt }) => [
    { at: entryAt, value: equity[entryAt]!, side: side === 'long' ? ('buy' as const) : ('sell' as const) },
    { at: exitAt, value: equity[exitAt]!, side: side === 'long' ? ('sell' as const) : ('buy' as const) },
  ])
}

const cents = (dollars: number) => Math.round(100 * dollars) / 100

function countsOf(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}
