import { z } from 'zod'
import { symbolOf } from '../../market/symbol.ts'

/** The sources of the symbols of a run. */
const universeSources = ['market', 'watchlist', 'positions', 'file', 'sp500'] as const

const mostTickers = 2000

const ticker = z
  .string()
  .refine((text) => tickerOf(text) !== undefined, 'not a symbol')
  .transform((text) => tickerOf(text)!)

/** The symbol of `amd` and `$AMD`; undefined for other words. */
export function tickerOf(text: string): string | undefined {
  return symbolOf(text.trim().replace(/^\$/, ''))
}

/** A list of symbols, each once. */
export const tickersUpTo = (most: number) =>
  z
    .array(ticker)
    .min(1)
    .max(most)
    .transform((symbols) => [...new Set(symbols)])

/** The parameters that every screener has. */
export const commonParameters = {
  min_score: z.number().min(0).max(100).default(70).meta({ description: 'The least score that passes, of 100' }),
  universe_source: z.enum(universeSources).default('market').meta({
    description:
      'Where the symbols come from: all of the market, a watchlist, the open positions, a file of the desk, or the S&P 500',
  }),
  tickers: tickersUpTo(mostTickers)
    .optional()
    .meta({ description: `Symbols to screen instead, at most ${mostTickers}` }),
  file: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'letters, digits, - and _, at most 40')
    .optional()
    .meta({ description: 'For universe_source file: the name of a list in the folder `universes`' }),
  max_workers: z
    .int()
    .min(1)
    .max(8)
    .default(2)
    .meta({ description: 'Threads that score at once; the result is the same with any number' }),
}
