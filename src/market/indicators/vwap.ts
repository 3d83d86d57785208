import type { Calendar } from '../calendar.ts'
import type { Bar } from '../market.ts'
import { candle } from './candle.ts'
import { library } from './library.ts'
import { sessionsOf } from './sessions.ts'

/**
 * Volume-weighted average price in dollars, for each bar: the volume-weighted mean of the typical prices, (high + low +
 * close) / 3, from the first bar of its session on (Berkowitz, Logue and Noser, "The Total Cost of Transactions on the NYSE",
 * 1988, with bars in place of trades). Undefined outside of sessions, and until the first volume.
 */
export function vwap(bars: Bar[], calendar: Calendar): (number | undefined)[] {
  const { VWAP } = library()
  const values: (number | undefined)[] = bars.map(() => undefined)
  for (const { bars: traded, first } of sessionsOf(bars, calendar)) {
    const average = new VWAP()
    let last: number | undefined
    for (const [index, bar] of traded.entries()) {
      last = average.add(candle(bar)) ?? last
      values[first + index] = last
    }
  }
  return values
}
