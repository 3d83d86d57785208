import { z } from 'zod'
import type { BacktestStrategy } from '../engine/port.ts'

/** Buys after the first bar and holds to the end: the comparison that every strategy must stand. */
export const buyAndHold: BacktestStrategy = {
  name: 'buy-and-hold',
  aliases: ['hold', 'buy-hold'],
  title: 'Buy and hold',
  summary: 'Buys after the first bar, and holds to the end',
  parameters: z.object({}),
  prepare() {
    let isBought = false
    return {
      warmup: 0,
      indicators: {},
      decide(_at, trader) {
        if (isBought) return
        trader.order({ side: 'buy' })
        isBought = true
      },
    }
  },
}
