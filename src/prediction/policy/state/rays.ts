import type { Columns } from '../../../strategies/screeners/strategy.ts'

/** Bars before the close from which a line is looked for, and those after which it is not. */
const nearest = 3
const furthest = 60
const rangeDays = 14

/** The bars up to and with a day on which its lines depend. */
export const rayBars = furthest + 1

/**
 * Writes 13 lines back from the close, each ¼ of the mean range steeper a bar than the one before, from −6 to 6: the number of bars back to
 * the first that contains the line, over 60, or 1 without one.
 */
export function writeRays({ high, low, close }: Columns, bar: number, row: Float64Array, at: number): void {
  let range = 0
  for (let on = bar - rangeDays + 1; on <= bar; on++) {
    const before = close[on - 1]!
    range += Math.max(high[on]! - low[on]!, Math.abs(high[on]! - before), Math.abs(low[on]! - before)) / rangeDays
  }
  for (let nth = 0; nth < 13; nth++) {
    const slope = ((nth - 6) * range) / 4
    row[at + nth] = 1
    for (let back = nearest; back <= furthest; back++) {
      const line = close[bar]! + slope * back
      if (line > high[bar - back]! || line < low[bar - back]!) continue
      row[at + nth] = back / furthest
      break
    }
  }
}
