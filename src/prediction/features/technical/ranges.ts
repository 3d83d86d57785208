import type { Columns } from '../../../strategies/screeners/strategy.ts'
import { barsNeeded, deviation, mean } from '../history.ts'
import type { Part } from '../part.ts'

/**
 * Bollinger's bands of 20 days and two deviations: the place of the close between them (0 lower, 1 upper), their width over the
 * middle, and the share of the last 252 widths below today's.
 */
export const bollingerPart: Part = {
  names: ['bollinger_b', 'bollinger_width', 'bollinger_width_rank'],
  write({ bars: { close }, bandWidth }, bar, row, at) {
    const band = 2 * deviation(close, bar, 20)
    const middle = mean(close, bar, 20)
    row[at] = band > middle * 1e-12 ? (close[bar]! - middle + band) / (2 * band) : 0.5
    const width = bandWidth[bar]!
    row[at + 1] = width
    let below = 0
    for (let on = bar - 251; on < bar; on++) if (bandWidth[on]! < width) below++
    row[at + 2] = below / 251
  },
}

/** Wilder's average true range of 14 days over the close, and over that of 63 days. */
export const atrPart: Part = {
  names: ['atr_14', 'atr_14_to_63'],
  write(history, bar, row, at) {
    const short = averageTrueRange(history, bar, 14)
    const long = averageTrueRange(history, bar, 63)
    row[at] = short / history.bars.close[bar]!
    row[at + 1] = long > 0 ? short / long : 1
  },
}

/** Wilder's average true range in dollars, begun with the first bar of the window. */
export function averageTrueRange(
  { bars: { high, low }, trueRange }: { bars: Columns; trueRange: Float64Array },
  bar: number,
  days: number,
): number {
  const first = bar - barsNeeded + 1
  let average = high[first]! - low[first]!
  for (let on = first + 1, seen = 2; on <= bar; on++, seen++) {
    average += (trueRange[on]! - average) / Math.min(seen, days)
  }
  return average
}

/** The place of the close in the range of 20, 55 and 252 days: 0 at the low, 1 at the high. */
export const placePart: Part = {
  names: ['place_20', 'place_55', 'place_252'],
  write({ bars }, bar, row, at) {
    row[at] = placeWithin(bars, bar, 20)
    row[at + 1] = placeWithin(bars, bar, 55)
    row[at + 2] = placeWithin(bars, bar, 252)
  },
}

/** The place of a close in the range of the days that end with it, 0..1; the middle of none. */
export function placeWithin({ high, low, close }: Columns, bar: number, days: number): number {
  let [most, least] = [high[bar]!, low[bar]!]
  for (let on = bar - days + 1; on < bar; on++) {
    if (high[on]! > most) most = high[on]!
    if (low[on]! < least) least = low[on]!
  }
  return most > least ? (close[bar]! - least) / (most - least) : 0.5
}

/** The trading days since the high and the low of 252 days, over 252; of equal ones the last counts. */
export const agePart: Part = {
  names: ['since_high_252', 'since_low_252'],
  write({ bars: { high, low } }, bar, row, at) {
    let [top, bottom] = [bar - 251, bar - 251]
    for (let on = bar - 250; on <= bar; on++) {
      if (high[on]! >= high[top]!) top = on
      if (low[on]! <= low[bottom]!) bottom = on
    }
    row[at] = (bar - top) / 252
    row[at + 1] = (bar - bottom) / 252
  },
}

/** The gap at the open in deviations of a day, the place of the close in its day, and the day's range over the ATR of 14. */
export const dayPart: Part = {
  names: ['gap', 'close_in_day', 'range_to_atr'],
  write(history, bar, row, at) {
    const { bars, logOpen, logClose, sigma } = history
    const average = averageTrueRange(history, bar, 14)
    row[at] = (logOpen[bar]! - logClose[bar - 1]!) / sigma[bar]!
    row[at + 1] = placeWithin(bars, bar, 1)
    row[at + 2] = average > 0 ? (bars.high[bar]! - bars.low[bar]!) / average : 1
  },
}
