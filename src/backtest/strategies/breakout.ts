import { z } from 'zod'
import { lastBars } from '../../strategies/engine/bars/slice.ts'
import { breakout as screener } from '../../strategies/screeners/breakout.ts'
import { highest } from '../../strategies/screeners/maths/windows.ts'
import type { BacktestStrategy } from '../engine/port.ts'

const percent = (description: string, usual: number) => z.number().min(0).max(95).default(usual).meta({ description })

const { min_score, min_volume_multiple } = screener.parameters.shape as Record<string, z.ZodType>

const parameters = z.object({
  min_score: min_score!,
  min_volume_multiple: min_volume_multiple!,
  stop: percent('Distance of the stop from the entry in percent; 0 is none', 8),
  target: percent('Distance of the target from the entry in percent; 0 is none', 20),
  trail: percent('Distance of a trailing stop from the best price in percent; 0 is none', 0),
})

/** Days of the channel whose break is the first condition of the screener. */
const channel = 20

/** Buys what the screener `bullish_breakout` would list, without its comparison with other symbols, and leaves by a bracket. */
export const breakout: BacktestStrategy<z.infer<typeof parameters>> = {
  name: 'breakout',
  aliases: ['bullish-breakout'],
  title: 'Breakout',
  summary: 'Buys when the screener bullish_breakout passes, leaves by stop, target or trailing stop',
  parameters,
  refuses: ({ stop, target, trail }) =>
    stop + target + trail > 0 ? undefined : 'A breakout needs a stop, a target or a trail above 0.',
  prepare(bars, { stop, target, trail, ...asked }) {
    const { days, high, close } = bars
    const high20 = Float64Array.from(high, (_, at) => (at < channel ? Number.NaN : highest(high, at, channel)))
    return {
      warmup: screener.barsNeeded - 1,
      indicators: { high20 },
      decide(at, trader) {
        // Most days are no breakout, and need no score.
        if (trader.quantity !== 0 || !(close[at]! > high20[at]!)) return
        if (!screener.score(lastBars(bars, screener.barsUsed, days[at]!), { ...asked } as never, {}).passed) return
        trader.order({
          side: 'buy',
          levels: {
            ...(stop > 0 && { stopShare: stop / 100 }),
            ...(target > 0 && { targetShare: target / 100 }),
            ...(trail > 0 && { trailShare: trail / 100 }),
          },
        })
      },
    }
  },
}
