import { z } from 'zod'
import { Big } from '../../../../src/base/amounts.ts'
import type {
  Cancelled,
  OrderEvent,
  OrderReference,
  OrderReport,
  Replaced,
  Submitted,
  VenueBalance,
  VenueCapabilities,
  VenueFill,
  VenueOrder,
  VenuePosition,
} from '../../../../src/venues/venue.ts'

// A difficult venue as JSON: amounts are strings, times are ISO 8601. Each schema decodes received data and encodes sent
// data.

const isBig = (value: unknown) => value instanceof Big
const amount = z.codec(z.string(), z.custom<Big>(isBig), {
  decode: (text) => new Big(text),
  encode: (big) => big.toFixed(),
})
const time = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})
const side = z.enum(['buy', 'sell'])

const order = z.object({
  account: z.string(),
  clientOrderId: z.string(),
  symbol: z.string(),
  side,
  quantity: amount,
  limitPrice: amount.optional(),
  expiresAt: time.optional(),
  touchedLevel: amount.optional(),
}) satisfies z.ZodType<VenueOrder>

const fill = z.object({
  account: z.string(),
  venueFillId: z.string(),
  clientOrderId: z.string(),
  symbol: z.string(),
  side,
  quantity: amount,
  price: amount,
  commission: amount,
  filledAt: time,
  reverses: z.string().optional(),
}) satisfies z.ZodType<VenueFill>

const report = z.object({
  account: z.string(),
  clientOrderId: z.string(),
  venueOrderId: z.string(),
  symbol: z.string(),
  side,
  quantity: amount,
  limitPrice: amount.optional(),
  state: z.enum(['working', 'filled', 'cancelled', 'expired', 'refused']),
  filledQuantity: amount,
  fills: z.array(fill),
  words: z.string().optional(),
}) satisfies z.ZodType<OrderReport>

const reference = z.object({
  account: z.string(),
  clientOrderId: z.string(),
  venueOrderId: z.string().optional(),
}) satisfies z.ZodType<OrderReference>

const refused = z.object({
  outcome: z.literal('refused'),
  code: z.enum([
    'NOT_TRADED',
    'BAD_QUANTITY',
    'BAD_PRICE',
    'NO_PRICE',
    'MARKET_CLOSED',
    'HALTED',
    'NOT_ENOUGH_MONEY',
    'NOT_ENOUGH_HELD',
    'OPPOSITE_ORDER',
    'DUPLICATE',
    'NO_SUCH_ORDER',
    'NOT_CHANGEABLE',
    'TOO_MANY_REQUESTS',
    'OTHER',
  ]),
  words: z.string(),
})
const unknown = z.object({ outcome: z.literal('unknown'), words: z.string() })
const asked = z.object({ outcome: z.literal('asked') })
const withReport = <Outcome extends string>(outcome: Outcome) => z.object({ outcome: z.literal(outcome), report })

/** The name of a venue, and its capabilities. */
export const about = z.object({
  name: z.string(),
  capabilities: z.object({
    refusesDuplicates: z.boolean(),
    lostAfterMs: z.number(),
    canReplace: z.boolean(),
    canShort: z.boolean(),
  }) satisfies z.ZodType<VenueCapabilities>,
})

/** A line of the stream of events. */
export const event = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), report }),
  z.object({ kind: z.literal('fill'), fill }),
  /** The connection to the venue failed. */
  z.object({ kind: z.literal('failed'), words: z.string() }),
]) satisfies z.ZodType<OrderEvent | { kind: 'failed'; words: string }>

const account = z.object({ account: z.string() })

/** The calls with their arguments and answers. Null means nothing. */
export const calls = {
  submit: {
    asked: order,
    answered: z.discriminatedUnion('outcome', [
      withReport('accepted'),
      refused,
      unknown,
    ]) satisfies z.ZodType<Submitted>,
  },
  find: { asked: reference, answered: report.nullable() },
  cancel: {
    asked: reference,
    answered: z.discriminatedUnion('outcome', [
      asked,
      withReport('ended'),
      refused,
      unknown,
    ]) satisfies z.ZodType<Cancelled>,
  },
  replace: {
    asked: z.object({ reference, limitPrice: amount }),
    answered: z.discriminatedUnion('outcome', [
      withReport('replaced'),
      asked,
      refused,
      unknown,
    ]) satisfies z.ZodType<Replaced>,
  },
  openOrders: { asked: account, answered: z.array(report) },
  fills: {
    asked: account.extend({ cursor: z.string().optional() }),
    answered: z.object({ fills: z.array(fill), cursor: z.string() }),
  },
  positions: {
    asked: account,
    answered: z.array(z.object({ symbol: z.string(), signedQuantity: amount }) satisfies z.ZodType<VenuePosition>),
  },
  balance: { asked: account, answered: z.object({ cash: amount }) satisfies z.ZodType<VenueBalance> },
} as const

export type Calls = typeof calls
export type CallNameOnWire = keyof Calls
export type Asked<Name extends CallNameOnWire> = z.output<Calls[Name]['asked']>
export type Answered<Name extends CallNameOnWire> = z.output<Calls[Name]['answered']>
