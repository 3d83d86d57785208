import type { Part } from './part.ts'

/** The bars that a row shows in full. */
const shown = 39
/** The days whose median stands for the usual volume. */
const usual = 60
const columns = ['open', 'high', 'low', 'close', 'volume']

const lately = new Float64Array(usual)

/**
 * 39 bars, oldest first, seen from the last close: log prices over it in units of a day's deviation, and the log of the volume
 * over the median of 60 days. One volume is added to both, for days without any.
 */
export const barsPart: Part = {
  names: Array.from({ length: shown }, (_, at) => columns.map((column) => `bar_${shown - 1 - at}_${column}`)).flat(),
  write({ bars, logOpen, logHigh, logLow, logClose, sigma }, bar, row, at) {
    const [scale, close] = [1 / sigma[bar]!, logClose[bar]!]
    const usualVolume = Math.log(medianVolume(bars.volume, bar) + 1)
    for (let from = bar - shown + 1, to = at; from <= bar; from++, to += 5) {
      row[to] = (logOpen[from]! - close) * scale
      row[to + 1] = (logHigh[from]! - close) * scale
      row[to + 2] = (logLow[from]! - close) * scale
      row[to + 3] = (logClose[from]! - close) * scale
      row[to + 4] = Math.log(bars.volume[from]! + 1) - usualVolume
    }
  },
}

function medianVolume(volume: Float64Array, bar: number): number {
  lately.set(volume.subarray(bar - usual + 1, bar + 1))
  lately.sort()
  return (lately[usual / 2 - 1]! + lately[usual / 2]!) / 2
}
