import { barsNeeded, mean } from '../history.ts'
import type { Part } from '../part.ts'

const spans = [1, 2, 3, 5, 10, 21, 42, 63, 126, 252]
const averages = [5, 10, 20, 50, 100, 200]

/** The log return of so many days, in deviations of that time. */
export const returnsPart: Part = {
  names: spans.map((days) => `return_${days}`),
  write({ logClose, sigma }, bar, row, at) {
    for (const [nth, days] of spans.entries()) {
      row[at + nth] = (logClose[bar]! - logClose[bar - days]!) / (sigma[bar]! * Math.sqrt(days))
    }
  },
}

/** The distance of the close from its mean of so many days, in deviations of that time. */
export const averagesPart: Part = {
  names: averages.map((days) => `sma_${days}`),
  write({ bars: { close }, sigma }, bar, row, at) {
    for (const [nth, days] of averages.entries()) {
      row[at + nth] = (close[bar]! - mean(close, bar, days)) / (close[bar]! * sigma[bar]! * Math.sqrt(days))
    }
  },
}

/**
 * MACD 12, 26, 9 over the close and a day's deviation. Its averages begin with the first close of the window, the signal with
 * the 26th.
 */
export const macdPart: Part = {
  names: ['macd', 'macd_signal', 'macd_histogram'],
  write({ bars: { close }, sigma }, bar, row, at) {
    const first = bar - barsNeeded + 1
    let short = close[first]!
    let long = short
    let signal = Number.NaN
    for (let on = first + 1; on <= bar; on++) {
      short += (close[on]! - short) * (2 / 13)
      long += (close[on]! - long) * (2 / 27)
      if (on === first + 25) signal = short - long
      else if (on > first + 25) signal += (short - long - signal) * (2 / 10)
    }
    const unit = close[bar]! * sigma[bar]!
    row[at] = (short - long) / unit
    row[at + 1] = signal / unit
    row[at + 2] = (short - long - signal) / unit
  },
}

/**
 * The average directional index of 14 days (Wilder 1978) as a share of 1, and +DI − −DI, −1..1. Equal moves up and down count
 * for both, as in the library `trading-signals`.
 */
export const adxPart: Part = {
  names: ['adx_14', 'di_14'],
  write({ bars: { high, low }, trueRange }, bar, row, at) {
    const first = bar - barsNeeded + 1
    let [up, down, range, adx] = [0, 0, high[first]! - low[first]!, 0]
    for (let on = first + 1, seen = 2; on <= bar; on++, seen++) {
      const higher = high[on]! - high[on - 1]!
      const lower = low[on - 1]! - low[on]!
      // The first 14 values are averaged evenly; afterwards a new one weighs a fourteenth.
      const weight = 1 / Math.min(seen, 14)
      up += ((higher >= lower && higher > 0 ? higher : 0) - up) * weight
      down += ((lower >= higher && lower > 0 ? lower : 0) - down) * weight
      range += (trueRange[on]! - range) * weight
      if (seen < 14) continue
      const index = up + down > 0 ? Math.abs(up - down) / (up + down) : 0
      adx += (index - adx) / Math.min(seen - 13, 14)
    }
    row[at] = adx
    row[at + 1] = range > 0 ? (up - down) / range : 0
  },
}
