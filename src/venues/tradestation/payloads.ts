import { z } from 'zod'
import { amount, blankIsNone, maybe, time } from '../shared/fields.ts'

/** An amount that may be absent, or be a text that is none. */
const perhaps = maybe(amount).catch(undefined)
const list = <Schema extends z.ZodType>(schema: Schema) => maybe(z.array(schema)).transform((all) => all ?? [])

const leg = z.object({
  AssetType: maybe(z.string()),
  BuyOrSell: z.string(),
  ExecQuantity: perhaps,
  ExecutionPrice: perhaps,
  QuantityOrdered: perhaps,
  Symbol: z.string().min(1),
})

/** An order as TradeStation shows it; only the fields that the desk reads, others may come and go. */
export const orderPayload = z.object({
  AccountID: z.string(),
  OrderID: z.string().min(1),
  OrderType: maybe(z.string()),
  Status: z.string(),
  StatusDescription: blankIsNone,
  RejectReason: blankIsNone,
  OpenedDateTime: maybe(time).catch(undefined),
  ClosedDateTime: maybe(time).catch(undefined),
  LimitPrice: perhaps,
  StopPrice: perhaps,
  FilledPrice: perhaps,
  CommissionFee: perhaps,
  UnbundledRouteFee: perhaps,
  ConditionalOrders: list(z.object({ OrderID: maybe(z.string()), Relationship: maybe(z.string()) })),
  Legs: z.array(leg).min(1),
})
export type TsOrder = z.infer<typeof orderPayload>

const fault = z.object({
  AccountID: blankIsNone,
  OrderID: blankIsNone,
  Symbol: blankIsNone,
  Error: blankIsNone,
  Message: blankIsNone,
})

/** A page of orders. One that cannot be read spoils the page: an order that is left out would count as missing. */
export const ordersPayload = z.object({
  Orders: z.array(orderPayload).nullish(),
  Errors: list(fault),
  NextToken: blankIsNone,
})

/** The answer to an order, a group of orders, or a change of one. A list may stand around it. */
export const placedPayload = z.preprocess(
  (body) => (Array.isArray(body) ? body[0] : body),
  z.object({
    Orders: list(z.object({ OrderID: blankIsNone, Message: blankIsNone, Error: blankIsNone })),
    Errors: list(fault),
  }),
)

/** The answer to a cancel or to a change. */
export const changedPayload = z.object({ OrderID: blankIsNone, Message: blankIsNone, Error: blankIsNone })

export const positionsPayload = z.object({
  Positions: z
    .array(
      z.object({
        AccountID: z.string(),
        AssetType: maybe(z.string()),
        Symbol: z.string().min(1),
        Quantity: amount,
        LongShort: maybe(z.string()),
        AveragePrice: perhaps,
      }),
    )
    .nullish(),
  Errors: list(fault),
})

export const balancesPayload = z.object({
  Balances: z
    .array(z.object({ AccountID: z.string(), CashBalance: perhaps, BuyingPower: perhaps, Equity: perhaps }))
    .nullish(),
  Errors: list(fault),
})

export const accountsPayload = z.object({
  Accounts: z.array(z.object({ AccountID: z.string(), AccountType: maybe(z.string()), Status: maybe(z.string()) })),
})

export const symbolsPayload = z.object({
  Symbols: list(
    z.object({
      Symbol: z.string(),
      AssetType: maybe(z.string()),
      QuantityFormat: maybe(z.object({ Increment: perhaps, MinimumTradeQuantity: perhaps })),
    }),
  ),
  Errors: list(fault),
})

export const flagsPayload = z.object({
  Quotes: list(
    z.object({
      Symbol: z.string(),
      MarketFlags: maybe(z.object({ IsHardToBorrow: maybe(z.boolean()), IsHalted: maybe(z.boolean()) })),
    }),
  ),
})

export const errorPayload = z
  .object({ Error: blankIsNone, Message: maybe(z.string()) })
  .refine(({ Error: title, Message }) => title !== undefined || Message !== undefined)
