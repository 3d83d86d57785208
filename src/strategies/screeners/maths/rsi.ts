/** The average of Wilder reaches back to the first bar there is: it begins so many bars ago, as `rsi` in chat has it. */
const rsiSpan = 250
const period = 14

/**
 * Wilder's relative strength index over 14 days, 0 to 100, at the last close, begun 250 bars ago ("New Concepts in Technical
 * Trading Systems", 1978). 50 when nothing has moved.
 */
export function lastRsi(close: Float64Array): number {
  const first = close.length - rsiSpan + 1
  let [gains, losses] = [0, 0]
  for (let at = first; at < close.length; at++) {
    const change = close[at]! - close[at - 1]!
    const [gain, loss] = [Math.max(change, 0), Math.max(-change, 0)]
    if (at < first + period) {
      gains += gain / period
      losses += loss / period
    } else {
      gains = (gains * (period - 1) + gain) / period
      losses = (losses * (period - 1) + loss) / period
    }
  }
  return gains + losses === 0 ? 50 : (100 * gains) / (gains + losses)
}
