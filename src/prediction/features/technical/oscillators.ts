import { barsNeeded, mean } from '../history.ts'
import type { Part } from '../part.ts'
import { placeWithin } from './ranges.ts'

const spans = [2, 7, 14, 28]

/** Wilder's relative strength, from −1 (only losses) to 1. It is 0 while the price stands still. */
export const rsiPart: Part = {
  names: spans.map((days) => `rsi_${days}`),
  write({ bars: { close } }, bar, row, at) {
    for (const [nth, days] of spans.entries()) {
      const first = bar - barsNeeded + 1
      let [gain, loss] = [0, 0]
      for (let on = first + 1, seen = 1; on <= bar; on++, seen++) {
        const change = close[on]! - close[on - 1]!
        // The first changes are averaged evenly.
        const weight = 1 / Math.min(seen, days)
        gain += ((change > 0 ? change : 0) - gain) * weight
        loss += ((change < 0 ? -change : 0) - loss) * weight
      }
      row[at + nth] = gain + loss > 0 ? (gain - loss) / (gain + loss) : 0
    }
  },
}

/** The place of the close in the range of 14 days, 0..1 (%K), and its mean of three days (%D). */
export const stochasticPart: Part = {
  names: ['stochastic_k', 'stochastic_d'],
  write({ bars }, bar, row, at) {
    const k = placeWithin(bars, bar, 14)
    row[at] = k
    row[at + 1] = (k + placeWithin(bars, bar - 1, 14) + placeWithin(bars, bar - 2, 14)) / 3
  },
}

/** Lambert's commodity channel index of 20 days over 100, and the money flow index of 14 days, 0..1. */
export const flowPart: Part = {
  names: ['cci_20', 'mfi_14'],
  write({ bars: { volume }, typical }, bar, row, at) {
    const middle = mean(typical, bar, 20)
    let apart = 0
    for (let on = bar - 19; on <= bar; on++) apart += Math.abs(typical[on]! - middle)
    // Rounding leaves a little of a price that stands still.
    row[at] = apart / 20 > middle * 1e-12 ? (typical[bar]! - middle) / (1.5 * (apart / 20)) : 0
    let [inflow, outflow] = [0, 0]
    for (let on = bar - 13; on <= bar; on++) {
      if (typical[on]! > typical[on - 1]!) inflow += typical[on]! * volume[on]!
      else if (typical[on]! < typical[on - 1]!) outflow += typical[on]! * volume[on]!
    }
    row[at + 1] = inflow + outflow > 0 ? inflow / (inflow + outflow) : 0.5
  },
}
