import { mean } from '../history.ts'
import type { Part } from '../part.ts'

const days = 20

/**
 * The log of the volume over its mean of 20 days, and of the mean of 5 days over that of 60; the slope a day of the on-balance
 * volume of 20 days, over their mean volume; and the correlation of 20 days between returns and changes of the log volume. One
 * unit is added to volumes in logs, for days without any.
 */
export const volumePart: Part = {
  names: ['volume_to_20', 'volume_5_to_60', 'obv_slope_20', 'return_volume_correlation_20'],
  write({ bars: { close, volume }, returns }, bar, row, at) {
    const usual = mean(volume, bar, days)
    row[at] = Math.log((volume[bar]! + 1) / (usual + 1))
    row[at + 1] = Math.log((mean(volume, bar, 5) + 1) / (mean(volume, bar, 60) + 1))
    row[at + 2] = usual > 0 ? balanceSlope(close, volume, bar) / usual : 0
    row[at + 3] = correlationWithVolume(returns, volume, bar)
  },
}

/** The slope of least squares of the running balance of volume, that of days with a lower close taken off. */
function balanceSlope(close: Float64Array, volume: Float64Array, bar: number): number {
  let [balance, products] = [0, 0]
  for (let nth = 0; nth < days; nth++) {
    const on = bar - days + 1 + nth
    balance += Math.sign(close[on]! - close[on - 1]!) * volume[on]!
    products += (nth - (days - 1) / 2) * balance
  }
  return products / ((days * (days ** 2 - 1)) / 12)
}

function correlationWithVolume(returns: Float64Array, volume: Float64Array, bar: number): number {
  const change = (on: number) => Math.log((volume[on]! + 1) / (volume[on - 1]! + 1))
  let [meanReturn, meanChange] = [0, 0]
  for (let on = bar - days + 1; on <= bar; on++) {
    meanReturn += returns[on]! / days
    meanChange += change(on) / days
  }
  let [both, ofReturns, ofChanges] = [0, 0, 0]
  for (let on = bar - days + 1; on <= bar; on++) {
    const [x, y] = [returns[on]! - meanReturn, change(on) - meanChange]
    both += x * y
    ofReturns += x * x
    ofChanges += y * y
  }
  const scale = Math.sqrt(ofReturns * ofChanges)
  return scale > 1e-18 ? both / scale : 0
}
