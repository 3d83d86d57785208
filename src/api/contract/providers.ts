import { z } from 'zod'
import { row } from './row.ts'
import { moment, page } from './shapes.ts'

/** A source of prices or a broker, and how its connection is as the workers see it. */
export const provider = z.object({
  name: z.string().meta({ examples: ['alpaca quotes', 'yahoo', 'paper'] }),
  connected: z.boolean(),
  authenticated: z.boolean().nullable().meta({ description: 'Whether it took the key; null for one without keys' }),
  expires_in: z.int().nullable().meta({ description: 'Seconds for which the key or token is valid' }),
  heard_at: moment.nullable(),
  age_seconds: z.number().nullable().meta({ description: 'Seconds since it was heard' }),
  delay_seconds: z.number().meta({ description: 'How late its prices are, by its own word' }),
  feed: z.string().nullable(),
  faults: z.int(),
  last_fault: z.object({ at: moment, words: z.string() }).nullable(),
  budget: z
    .object({ left: z.number(), of: z.number(), per_seconds: z.number() })
    .nullable()
    .meta({ description: 'Requests left of a budget' }),
  seen_by: z.string().meta({ description: 'The role of the process that sees it so; "here" is the one that answers' }),
})

export const providerRows = {
  providers: row({
    method: 'GET',
    path: '/api/v1/providers',
    summary:
      'Sources of prices and brokers, and how their connections are; accounts at brokers only the own ones, and all for owners',
    needs: 'reads',
    answer: page(provider),
  }),
  providerStatus: row({
    method: 'GET',
    path: '/api/v1/providers/{name}/status',
    summary: 'One of them; by its first word the one that is in the worst state',
    needs: 'reads',
    params: z.strictObject({ name: z.string().min(1).max(60) }),
    answer: provider,
  }),
}

export type Provider = z.infer<typeof provider>
