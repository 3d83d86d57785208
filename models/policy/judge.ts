import type { Gate } from '../../src/backtest/engine/gate.ts'
import type { Trader } from '../../src/backtest/engine/port.ts'
import { simulate } from '../../src/backtest/engine/simulate.ts'
import { type Choose, policyDecider } from '../../src/backtest/strategies/policy/decider.ts'
import { likeliest, reckonedCosts } from '../../src/prediction/policy/action.ts'
import type { PolicyFigures } from '../../src/prediction/policy/card.ts'
import type { Network } from '../../src/prediction/policy/network.ts'
import { type DailyMeans, dailyMeans } from '../forecaster/daily-means.ts'
import { deciding, type Lesson, part, startCash } from './market-world.ts'

/** A way to trade a symbol: decides after the close of each bar of a lesson. */
export type Way = (lesson: Lesson) => (bar: number, trader: Trader) => void

/** A test of a way: every symbol has an account of its own, and counts the same on each day. */
export interface Course {
  /** Mean returns by days of the calendar, as shares. */
  daily: DailyMeans
  trades: number
  /** Days of symbols. */
  days: number
}

const tradingDays = 252

/** Plays a way over the days of some lessons, by the engine of backtests and with the costs that a policy reckons with. */
export function courseOf(
  lessons: readonly Lesson[],
  way: Way,
  gate: Gate,
  calendar: ReadonlyMap<string, number>,
): Course {
  const course: Course = { daily: dailyMeans(calendar.size), trades: 0, days: 0 }
  for (const lesson of lessons) {
    const { bars, rows, symbol } = lesson
    const decide = way(lesson)
    const strategy = deciding((at, trader) => decide(rows.first + at, trader))
    const symbols = [{ symbol, bars: part(bars, rows.first, rows.first + rows.count) }]
    const { equity, days, trades } = simulate({
      ...{ strategy, parameters: {}, symbols, cash: startCash, costs: reckonedCosts, gate, atEnd: 'leave' },
    })
    course.trades += trades.length
    course.days += days.length
    for (let at = 1; at < days.length; at++)
      course.daily.add(calendar.get(days[at]!)!, equity[at]! / equity[at - 1]! - 1)
  }
  return course
}

/** The way of a policy: its likeliest action in each state. `heard` hears states and actions. */
export function policyWay(network: Network, heard?: (state: Float64Array, action: ReturnType<Choose>) => void): Way {
  return ({ bars, rows }) =>
    policyDecider(bars, rows, (state) => {
      const { action } = likeliest(network(state))
      heard?.(state, action)
      return action
    })
}

/** Courses of several tests, one after the other. */
export interface Joined {
  series: Float64Array
  trades: number
  days: number
}

export function joined(courses: readonly Course[]): Joined {
  return {
    series: Float64Array.from(courses.flatMap(({ daily }) => [...daily.series()])),
    trades: courses.reduce((sum, { trades }) => sum + trades, 0),
    days: courses.reduce((sum, { days }) => sum + days, 0),
  }
}

export const deviationOf = (series: ArrayLike<number>): number => {
  const values = Array.from(series)
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1))
}

const meanOf = (series: ArrayLike<number>) => Array.from(series).reduce((sum, one) => sum + one, 0) / series.length

/** The ratio of mean and deviation of daily returns, times √252; 0 when nothing moved. */
export function sharpeOf(series: ArrayLike<number>): number {
  const deviation = deviationOf(series)
  return deviation > 0 ? (meanOf(series) / deviation) * Math.sqrt(tradingDays) : 0
}

/** The figures of a course for the card. */
export function figuresOf({ series, trades, days }: Joined): PolicyFigures {
  const rounded = (value: number) => Number(value.toFixed(4))
  const volatility = deviationOf(series) * Math.sqrt(tradingDays)
  return {
    returned: rounded(meanOf(series) * tradingDays),
    volatility: rounded(volatility),
    sharpe: volatility > 0 ? rounded(sharpeOf(series)) : null,
    trades: rounded((trades * tradingDays) / days),
  }
}
