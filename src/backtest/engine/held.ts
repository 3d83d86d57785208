import type { Traded } from './simulate.ts'
import { timelineOf } from './timeline.ts'

/**
 * The worth of one dollar in each symbol, held from its first bar in the run, by their number, at the end of each day of the run. A
 * day without a bar keeps the last close; a symbol that begins later is cash until then. Splits are undone; dividends are not in it.
 */
export function heldCurve(symbols: readonly Traded[], from?: string): Float64Array {
  const { days, barAt } = timelineOf(
    symbols.map(({ bars }) => bars),
    from,
  )
  const curve = new Float64Array(days.length)
  for (const [nth, { bars, splits = [] }] of symbols.entries()) {
    let [first, units, worth] = [Number.NaN, 1, 1]
    const ratios = new Map(splits.map((split) => [split.day, split.to / split.from]))
    for (const [at, day] of days.entries()) {
      const place = barAt[nth]![at]!
      if (place >= 0) {
        if (!Number.isNaN(first)) units *= ratios.get(day) ?? 1
        else first = bars.close[place]!
        worth = (units * bars.close[place]!) / first
      }
      curve[at]! += worth / symbols.length
    }
  }
  return curve
}
