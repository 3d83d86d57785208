/** A finished bar in floats: dollars, and its beginning in milliseconds. */
export interface FloatBar {
  at: number
  high: number
  low: number
  close: number
}

/** A swing level that a bar closed through: a `low` supports long positions, a `high` short ones. */
export interface SwingBreak {
  side: 'low' | 'high'
  /** The beginning of the bar that made the swing. */
  swingAt: number
  level: number
  /** The beginning of the bar that closed through it, and its close. */
  at: number
  close: number
}

/** A change of the trend, with the bar that begins at `at`, and the two moving averages there, in dollars. */
export interface TrendFlip {
  to: 'up' | 'down'
  at: number
  fast: number
  slow: number
}

/** Bars on each side of a swing, which it must exceed. */
const wing = 2

/**
 * The swing levels that were closed through, in order. A swing is a fractal of five bars (Williams, Trading Chaos, 1995): a
 * low below the lows of the two bars before and the two after it, or a high above their highs. It is confirmed when the last
 * of the five is finished, and holds until the next one is confirmed. It is closed through when the bar before closed on its
 * right side and this one beyond it. Each swing breaks once.
 */
export function swingBreaks(bars: FloatBar[]): SwingBreak[] {
  const breaks: SwingBreak[] = []
  let [low, high]: (number | undefined)[] = []
  for (let now = 1; now < bars.length; now++) {
    const confirmed = now - 1 - wing
    if (confirmed >= wing) {
      if (isSwing(bars, confirmed, (one, other) => one.low < other.low)) low = confirmed
      if (isSwing(bars, confirmed, (one, other) => one.high > other.high)) high = confirmed
    }
    const [before, bar] = [bars[now - 1]!, bars[now]!]
    if (low !== undefined && before.close >= bars[low]!.low && bar.close < bars[low]!.low) {
      breaks.push({ side: 'low', swingAt: bars[low]!.at, level: bars[low]!.low, at: bar.at, close: bar.close })
      low = undefined
    }
    if (high !== undefined && before.close <= bars[high]!.high && bar.close > bars[high]!.high) {
      breaks.push({ side: 'high', swingAt: bars[high]!.at, level: bars[high]!.high, at: bar.at, close: bar.close })
      high = undefined
    }
  }
  return breaks
}

function isSwing(bars: FloatBar[], at: number, overtops: (one: FloatBar, other: FloatBar) => boolean): boolean {
  for (let step = 1; step <= wing; step++) {
    if (!overtops(bars[at]!, bars[at - step]!) || !overtops(bars[at]!, bars[at + step]!)) return false
  }
  return true
}

/**
 * Bars of the fast and the slow moving average, and the distance between them that makes a trend, as a ratio of the slow one.
 */
export const trend = { fast: 10, slow: 30, band: 0.01 }

/**
 * Changes of the trend, in order: the simple moving average of the last 10 closes against that of the last 30. Within a band
 * of 1% around the slow one the trend stays as it was (the rule with a band of Brock, Lakonishok and LeBaron, Journal of
 * Finance 47, 1992). The first trend is no change.
 */
export function trendFlips(bars: FloatBar[]): TrendFlip[] {
  const flips: TrendFlip[] = []
  let is: TrendFlip['to'] | undefined
  let [fast, slow] = [0, 0]
  for (let now = 0; now < bars.length; now++) {
    fast += bars[now]!.close - (now >= trend.fast ? bars[now - trend.fast]!.close : 0)
    slow += bars[now]!.close - (now >= trend.slow ? bars[now - trend.slow]!.close : 0)
    if (now < trend.slow - 1) continue
    const mean = { fast: fast / trend.fast, slow: slow / trend.slow }
    const apart = mean.fast / mean.slow - 1
    const becomes = apart > trend.band ? 'up' : apart < -trend.band ? 'down' : is
    if (is && becomes !== is) flips.push({ to: becomes!, at: bars[now]!.at, ...mean })
    is = becomes
  }
  return flips
}
