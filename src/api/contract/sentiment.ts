import { z } from 'zod'
import { row } from './row.ts'
import { moment, symbol } from './shapes.ts'

const score = z.number().min(-1).max(1).meta({ description: 'Below 0 is bad news, 0 none, above it good news' })
const source = z.enum(['news', 'reddit', 'x', 'all'])

/** The sentiment of a symbol as models read it. Its figures are statistics and no amounts, so they are numbers. */
export const sentiment = z.object({
  symbol: z.string(),
  at: moment,
  values: z
    .record(z.string(), z.number())
    .meta({ description: '72 values by their names: 18 of each source. All are 0 of a source that is not available' }),
  sources: z.array(
    z.object({
      source,
      available: z.boolean().meta({ description: 'A provider of it has answered within a day' }),
      items: z.int().meta({ description: 'Items of the last seven days' }),
      newestAt: moment.nullable(),
      ageHours: z.number().nullable().meta({ description: 'The age of the newest item' }),
    }),
  ),
  providers: z.array(
    z.object({
      name: z.string(),
      source,
      askedAt: moment,
      answeredAt: moment.nullable(),
      fault: z.string().nullable().meta({ description: 'The reason why it did not answer the last time' }),
    }),
  ),
  items: z
    .array(
      z.object({
        ...{ source, title: z.string(), publisher: z.string(), url: z.string().nullable() },
        ...{ publishedAt: moment, score },
      }),
    )
    .meta({ description: 'The newest ten, as their providers show them' }),
})

export const sentimentRows = {
  sentiment: row({
    method: 'GET',
    path: '/api/sentiment/{symbol}',
    summary: 'Headlines about a symbol from the connected providers, and the 72 values that models read of them',
    needs: 'reads',
    params: z.strictObject({ symbol }),
    answer: sentiment,
  }),
}

export type Sentiment = z.infer<typeof sentiment>
