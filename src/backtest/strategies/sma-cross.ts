import { z } from 'zod'
import type { BacktestStrategy } from '../engine/port.ts'
import { sma } from './averages.ts'

const parameters = z.object({
  fast: z.int().min(1).max(500).default(10).meta({ description: 'Bars of the fast average' }),
  slow: z.int().min(2).max(1000).default(30).meta({ description: 'Bars of the slow average' }),
  direction: z
    .enum(['both', 'long'])
    .default('both')
    .meta({ description: 'both reverses into a short position, long only closes' }),
})

/** Long when the fast average of closes crosses above the slow one, short (or flat) when it crosses below. */
export const smaCross: BacktestStrategy<z.infer<typeof parameters>> = {
  name: 'sma-cross',
  aliases: ['cross', 'sma', 'golden-cross', 'moving-average-cross'],
  title: 'SMA cross',
  summary: 'Long when a fast average of closes crosses above a slow one; short, or flat, when it crosses below',
  parameters,
  refuses: ({ fast, slow }) => (fast < slow ? undefined : `fast ${fast} must be shorter than slow ${slow}.`),
  prepare({ close }, { fast, slow, direction }) {
    const [quick, calm] = [sma(close, fast), sma(close, slow)]
    return {
      // A cross needs the averages of two bars.
      warmup: slow,
      indicators: { fast: quick, slow: calm },
      decide(at, trader) {
        const [before, now] = [quick[at - 1]! - calm[at - 1]!, quick[at]! - calm[at]!]
        if (before < 0 && now > 0) {
          trader.close()
          trader.order({ side: 'buy' })
        } else if (before > 0 && now < 0) {
          trader.close()
          if (direction === 'both') trader.order({ side: 'sell' })
        }
      },
    }
  },
}
