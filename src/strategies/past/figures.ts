import type { Columns } from '../screeners/strategy.ts'
import type { Observation } from './study.ts'

/** How stocks did that passed on a day of the past, beside all that were screened. Returns as shares: .01 is 1%. */
export interface Figures {
  /** Stocks times days that were screened, and how many passed. */
  stockDays: number
  passed: number
  /** The median of those that passed on a day. */
  passedADay: number
  /** Over the horizon: of those that passed, and of all. */
  chosen: Spread
  all: Spread
}

/** Returns and their dispersion. */
export interface Spread {
  /** Those of which the recording knows how they went on. */
  count: number
  /** The mean return, and that less the return of SPY over the same days. */
  return: number
  excess: number
  /** The standard deviation of the excess, its quartiles, and the share of it above 0. */
  deviation: number
  quarter: number
  median: number
  threeQuarters: number
  positive: number
}

/** The months of a recording by what SPY did in them: `rose` or `fell`, from the last close of the month before. */
export function monthsOf({ days, close }: Columns): Map<string, 'rose' | 'fell'> {
  const ends = new Map(days.map((day, place) => [day.slice(0, 7), close[place]!]))
  const months = [...ends]
  return new Map(
    months
      .slice(1)
      .map(([month, end], place) => [month, end > months[place]![1] ? ('rose' as const) : ('fell' as const)]),
  )
}

/** Adds observations up. */
export function figuresOf(observations: readonly Observation[]): Figures {
  const byDay = Map.groupBy(observations, ({ day }) => day)
  const chosen = observations.filter(({ passed }) => passed)
  const aDay = [...byDay.values()].map((each) => each.filter(({ passed }) => passed).length).sort((a, b) => a - b)
  return {
    stockDays: observations.length,
    passed: chosen.length,
    passedADay: quantile(aDay, 0.5),
    chosen: spreadOf(chosen),
    all: spreadOf(observations),
  }
}

function spreadOf(observations: readonly Observation[]): Spread {
  const known = observations.filter(({ excess }) => excess !== undefined)
  const excesses = known.map(({ excess }) => excess!).sort((a, b) => a - b)
  const excess = meanOf(excesses)
  const squares = excesses.map((each) => (each - excess) ** 2)
  return {
    count: known.length,
    return: meanOf(known.map(({ later }) => later!)),
    excess,
    deviation: Math.sqrt(meanOf(squares)),
    quarter: quantile(excesses, 0.25),
    median: quantile(excesses, 0.5),
    threeQuarters: quantile(excesses, 0.75),
    positive: excesses.filter((each) => each > 0).length / Math.max(1, excesses.length),
  }
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

/** The value below which this share of the ascending values lies; 0 without any. */
const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
