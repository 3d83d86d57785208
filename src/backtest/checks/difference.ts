import type { Columns } from '../../strategies/screeners/strategy.ts'
import type { Heard } from '../engine/port.ts'
import { type Backtest, simulate } from '../engine/simulate.ts'

/** The first thing that a strategy did otherwise on other bars than it should depend on. */
export interface Difference {
  symbol: string
  /** The day whose value or decision differs. */
  day: string
  /** The last or first day of the bars that one of the two runs had. */
  bars: { until: string } | { from: string }
  /** The name of a series, or `decision`. */
  of: string
  /** Values or wishes as texts: with all bars, and with fewer. */
  withAll: string
  withFewer: string
}

/** Values that differ by a smaller share are the same: sums of floats depend on where they begin. */
const sameWithin = 1e-9

/** All wishes of a strategy in a run that ends like any other bar. */
export function decisionsOf<Parameters>(test: Backtest<Parameters>): Heard[] {
  const heard: Heard[] = []
  simulate({ ...test, atEnd: 'leave', hear: (wish) => heard.push(wish) })
  return heard
}

/** The first value, by day, that the series have not in both. */
export function firstOtherValue<Parameters>(
  all: Backtest<Parameters>,
  fewer: Backtest<Parameters>,
  bars: Difference['bars'],
  from = '',
): Difference | undefined {
  let first: Difference | undefined
  for (const { symbol, bars: some } of fewer.symbols) {
    const whole = all.symbols.find((one) => one.symbol === symbol)!.bars
    const { strategy, parameters } = all
    const one = strategy.prepare(whole, parameters, all.market).indicators
    const other = strategy.prepare(some, parameters, fewer.market).indicators
    const offset = whole.days.indexOf(some.days[0]!)
    for (const [of, values] of Object.entries(one)) {
      const at = firstOther(some, (place) => [values[place + offset]!, other[of]?.[place] ?? Number.NaN], from)
      if (at === undefined || (first && first.day <= some.days[at]!)) continue
      const texts = { withAll: String(values[at + offset]), withFewer: String(other[of]?.[at]) }
      first = { symbol, day: some.days[at]!, bars, of, ...texts }
    }
  }
  return first
}

function firstOther({ days }: Columns, pair: (place: number) => [number, number], from: string): number | undefined {
  for (let at = 0; at < days.length; at++) {
    if (days[at]! < from) continue
    const [one, other] = pair(at)
    if (Number.isNaN(one) && Number.isNaN(other)) continue
    if (!(Math.abs(one - other) <= sameWithin * Math.max(Math.abs(one), Math.abs(other)))) return at
  }
  return undefined
}

/** The first decision that two runs have not in common. */
export function firstOtherDecision(all: Heard[], fewer: Heard[], bars: Difference['bars']): Difference | undefined {
  for (let at = 0; at < Math.max(all.length, fewer.length); at++) {
    const [one, other] = [all[at], fewer[at]]
    const [withAll, withFewer] = [textOf(one), textOf(other)]
    if (withAll === withFewer) continue
    // Of two decisions the earlier one is the one that the other run lacks.
    const first = !other || (one && one.day <= other.day) ? one! : other
    const { symbol, day } = first
    const isBoth = one?.day === other?.day
    return {
      ...{ symbol, day, bars, of: 'decision' },
      withAll: isBoth || first === one ? withAll : 'none',
      withFewer: isBoth || first === other ? withFewer : 'none',
    }
  }
  return undefined
}

function textOf(heard: Heard | undefined): string {
  if (!heard) return 'none'
  const { day, symbol, does, what } = heard
  return `${day} ${symbol} ${does}${what === undefined ? '' : ` ${JSON.stringify(what)}`}`
}
