import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'

/** A number, as its text or as a string. */
const amount = z
  .string()
  .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)
  .transform((text) => new Big(text))

/** RFC 3339 with nanoseconds. */
const moment = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(text))

const flags = z.array(z.string()).nullish()

export const tradePayload = z.object({ p: amount, t: moment, c: flags })
export const quotePayload = z.object({ bp: amount, ap: amount, t: moment })
export type TradePayload = z.infer<typeof tradePayload>
export type QuotePayload = z.infer<typeof quotePayload>

/** Latest trade and quote of a symbol; either may be missing. */
export const snapshotPayload = z.object({ latestTrade: tradePayload.nullish(), latestQuote: quotePayload.nullish() })

const bar = z.object({ t: moment, o: amount, h: amount, l: amount, c: amount, v: amount })
/** Bars by symbol. A bar with holes is left out, not its page. */
export const barsPayload = z.object({
  bars: z.record(z.string(), z.array(z.unknown()).nullish()).nullish(),
  next_page_token: z.string().nullish(),
})
export const barPayload = bar

export const assetPayload = z.object({
  symbol: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  tradable: z.boolean(),
})

const split = z.object({
  symbol: z.string().optional(),
  old_symbol: z.string().optional(),
  ex_date: z.string().optional(),
  process_date: z.string().optional(),
})
/** Splits of all kinds; the ones that are not known are not read. */
export const splitsPayload = z.object({
  corporate_actions: z.object({
    forward_splits: z.array(split).nullish(),
    reverse_splits: z.array(split).nullish(),
    unit_splits: z.array(split).nullish(),
  }),
  next_page_token: z.string().nullish(),
})

/** Any frame of the data stream: `T` says its kind. */
export const framePayload = z.looseObject({ T: z.string() })
export const messagePayload = z.object({ msg: z.string().default(''), code: z.string().optional() })
export const subscriptionPayload = z.object({
  trades: z.array(z.string()).default([]),
  quotes: z.array(z.string()).default([]),
})
export const streamedTrade = tradePayload.extend({ S: z.string() })
export const streamedQuote = quotePayload.extend({ S: z.string() })
/** A correction (`c`: the original and the corrected price) or a cancellation (`x`: the price) of a trade. */
export const streamedCorrection = z.object({
  S: z.string(),
  op: amount.optional(),
  cp: amount.optional(),
  p: amount.optional(),
})
export const streamedStatus = z.object({
  S: z.string(),
  sc: z.string(),
  sm: z.string().default(''),
  rm: z.string().default(''),
  t: moment,
})

/** Everything of a list that fits; the rest is left out. */
export function fitting<Payload>(all: readonly unknown[], schema: z.ZodType<Payload>): Payload[] {
  return all.flatMap((one) => {
    const parsed = schema.safeParse(one)
    return parsed.success ? [parsed.data] : []
  })
}
