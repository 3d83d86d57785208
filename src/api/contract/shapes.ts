import { z } from 'zod'

/** A decimal in plain digits: dollars, dollars a unit, units, or a share of one. It is a string, so that no program rounds it. */
export const amount = z
  .string()
  .max(60)
  .regex(/^-?\d+(\.\d+)?$/, 'must be a decimal in plain digits, as a string')
  .meta({ description: 'A decimal in plain digits', examples: ['0.63'] })

/** A decimal above zero. */
export const positive = z
  .string()
  .max(40)
  .regex(/^\d*\.?\d+$/, 'must be a decimal above zero, as a string')
  .refine((text) => /[1-9]/.test(text), 'must be above zero')
  .meta({ description: 'A decimal above zero', examples: ['1.05'] })

/** A moment in ISO 8601, UTC. */
export const moment = z.iso.datetime().meta({ description: 'ISO 8601, UTC', examples: ['2026-11-20T09:41:00.000Z'] })

/** The symbol of an instrument. Case does not matter where it is asked for. */
export const symbol = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[A-Za-z0-9.\-/_^=]+$/, 'must be a symbol')
  .meta({ description: 'A symbol', examples: ['BYND'] })

export const id = z.int().positive()

/** A whole number in a path or a query. */
export const whole = (least: number, most: number) => z.coerce.number<string | number>().int().min(least).max(most)

export const side = z.enum(['buy', 'sell'])
export const speed = z.enum(['fast', 'medium', 'slow', 'smart'])
export const urgency = z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])

/** A page of a list. `next` is the cursor of the following page; null on the last one. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

/** The part of a list that is wanted. */
export const paging = {
  limit: whole(1, 500).optional().meta({ description: 'Items at most; 100 unless said' }),
  cursor: z.string().max(100).optional().meta({ description: '`next` of the page before' }),
}

/** The account that a request is about. */
export const inAccount = {
  account: whole(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: 'Id of the account; the first one of the member, or that of the token, unless said' }),
}

/** The outcome of an act: the sentences that chat would say, at least one. */
export const done = z.object({
  said: z.array(z.string()).meta({ description: 'The sentences of the desk, as in chat' }),
})

/** The answer to a request that was not fulfilled. */
export const problem = z.object({
  code: z.string().meta({ description: 'For programs; see docs/refusals.md', examples: ['NO_POSITION'] }),
  message: z.string().meta({ description: 'For people' }),
  hint: z.string().nullable().meta({ description: 'A way on, for people' }),
  field: z
    .string()
    .optional()
    .meta({ description: 'The wrong part of the request, where one is: `body.parameters.min_score`' }),
  also: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'Other wrong parts of the same request' }),
})

export type Problem = z.infer<typeof problem>
export type Done = z.infer<typeof done>

/** Whose money an account has, and its number at its broker. */
export const inMoney = {
  money: z.enum(['paper', 'broker paper', 'live']).meta({
    description: '`paper`: the desk’s own. `broker paper`: the broker’s paper account. `live`: real money',
  }),
  number: z.string().nullable().meta({ description: 'The masked number at the broker; null for accounts of the desk' }),
}
