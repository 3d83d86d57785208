import { z } from 'zod'
import { price } from './positions.ts'
import { row } from './row.ts'
import { amount, moment, page, symbol, whole } from './shapes.ts'

const currency = z.string().meta({
  description: 'The currency of the prices; what stands for a dollar (USDT, USDC) counts as one',
  examples: ['USD', 'BTC'],
})

export const quote = price.extend({
  symbol: z.string(),
  name: z.string(),
  source: z.string(),
  mark: amount.nullable().meta({
    description:
      'The price by which positions are marked, on the page and the stream, too: one bad print does not move it. Null while none is confirmed',
  }),
  currency,
  lot: amount,
  tick: amount,
})

/**
 * Prices of a unit; `at` is its beginning, in the exchange's time where the market plays a recording, and `clockAt` on the desk's
 * clock, which quotes, fills and events have.
 */
export const bar = z.object({
  at: moment,
  clockAt: moment,
  open: amount,
  high: amount,
  low: amount,
  close: amount,
  volume: amount,
})

const names = ['vwap', 'rsi', 'macd', 'atr', 'rvol'] as const

/** The values of indicators beside the bars that they were computed from; null where there are too few bars before. */
export const indicators = z.object({
  symbol: z.string(),
  minutes: z.int(),
  at: z.array(moment),
  values: z.record(z.string(), z.array(amount.nullable())),
})

const length = whole(1, 1440).optional().meta({ description: 'Minutes of a bar; 5 unless said' })
const count = whole(1, 1500).optional().meta({ description: 'Bars at most; 200 unless said' })

export const marketRows = {
  quotes: row({
    method: 'GET',
    path: '/api/quotes',
    summary: 'Prices of symbols, at most 100; symbols that the market does not know are left out',
    needs: 'reads',
    query: z.strictObject({ symbols: z.string().max(2000).meta({ description: 'With commas between them' }) }),
    answer: page(quote),
  }),
  bars: row({
    method: 'GET',
    path: '/api/bars',
    summary: 'Finished bars, oldest first',
    needs: 'reads',
    query: z.strictObject({ symbol, minutes: length, count }),
    answer: page(bar).extend({ currency }),
  }),
  indicators: row({
    method: 'GET',
    path: '/api/indicators',
    summary: 'Indicators beside their bars, oldest first',
    needs: 'reads',
    query: z.strictObject({
      symbol,
      minutes: length,
      count,
      names: z
        .string()
        .max(100)
        .optional()
        .meta({ description: `With commas between them: ${names.join(', ')}` }),
    }),
    answer: indicators,
  }),
  instruments: row({
    method: 'GET',
    path: '/api/instruments',
    summary: 'Symbols that begin with a text or contain it, or whose names do; at most 25',
    needs: 'reads',
    query: z.strictObject({ like: z.string().max(40).optional() }),
    answer: page(z.object({ symbol: z.string(), name: z.string() })),
  }),
}

export type Quote = z.infer<typeof quote>
export type Bar = z.infer<typeof bar>
export type Indicators = z.infer<typeof indicators>
