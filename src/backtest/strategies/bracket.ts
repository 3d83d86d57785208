import { z } from 'zod'
import type { BacktestStrategy } from '../engine/port.ts'

const percent = (description: string, usual: number) => z.number().min(0).max(95).default(usual).meta({ description })

const parameters = z.object({
  side: z.enum(['buy', 'sell']).default('buy').meta({ description: 'The side of every entry' }),
  stop: percent('Distance of the stop from the entry in percent; 0 is none', 5),
  target: percent('Distance of the target from the entry in percent; 0 is none', 10),
  trail: percent('Distance of a trailing stop from the best price in percent; 0 is none', 0),
  wait: z.int().min(0).max(1000).default(0).meta({ description: 'Bars without a position before the next entry' }),
})

/** Enters at the open, leaves by stop, target or trailing stop, and enters again: what a bracket alone brings. */
export const bracket: BacktestStrategy<z.infer<typeof parameters>> = {
  name: 'bracket',
  aliases: [],
  title: 'Bracket',
  summary: 'Enters, leaves by stop, target or trailing stop, and enters again',
  parameters,
  refuses: ({ stop, target, trail }) =>
    stop + target + trail > 0 ? undefined : 'A bracket needs a stop, a target or a trail above 0.',
  prepare(_bars, { side, stop, target, trail, wait }) {
    let flatFor = Number.POSITIVE_INFINITY
    return {
      warmup: 0,
      indicators: {},
      decide(_at, trader) {
        flatFor = trader.quantity === 0 ? flatFor + 1 : 0
        if (trader.quantity !== 0 || flatFor <= wait) return
        trader.cancel()
        trader.order({
          side,
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
