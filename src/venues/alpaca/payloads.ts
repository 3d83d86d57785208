import { z } from 'zod'
import { amount, blankIsNone, maybe, time } from '../shared/fields.ts'

const order = z.object({
  id: z.string().min(1),
  client_order_id: z.string(),
  symbol: z.string().min(1),
  side: z.string(),
  qty: maybe(amount),
  notional: maybe(amount),
  filled_qty: maybe(amount),
  limit_price: maybe(amount),
  stop_price: maybe(amount),
  order_class: blankIsNone,
  status: z.string(),
  submitted_at: maybe(time),
  created_at: maybe(time),
  replaces: blankIsNone,
  replaced_by: blankIsNone,
})

/** An order as Alpaca shows it; only the fields that the desk reads, others may come and go. */
export type AlpacaOrder = z.infer<typeof order> & { legs: AlpacaOrder[] }

export const orderPayload: z.ZodType<AlpacaOrder> = z.lazy(() =>
  order.extend({ legs: maybe(z.array(orderPayload)).transform((legs) => legs ?? []) }),
) as never

export const ordersPayload = z.array(orderPayload)

/** An entry of the account's activities: a fill or anything else that changed the account. */
export const activityPayload = z.looseObject({
  id: z.string().min(1),
  activity_type: z.string(),
  activity_sub_type: blankIsNone,
  type: blankIsNone,
  status: blankIsNone,
  transaction_time: maybe(time),
  created_at: maybe(time),
  date: maybe(time),
  order_id: blankIsNone,
  symbol: blankIsNone,
  side: blankIsNone,
  qty: maybe(amount),
  cum_qty: maybe(amount),
  price: maybe(amount),
  net_amount: maybe(amount),
  per_share_amount: maybe(amount),
  group_id: blankIsNone,
  description: blankIsNone,
  previous_id: blankIsNone,
  previous_execution_id: blankIsNone,
})
export type Activity = z.infer<typeof activityPayload>
export const activitiesPayload = z.array(activityPayload)

export const positionsPayload = z.array(
  z.object({ symbol: z.string().min(1), qty: amount, side: maybe(z.string()), avg_entry_price: maybe(amount) }),
)

export const accountPayload = z.object({
  id: z.string().min(1),
  account_number: blankIsNone,
  status: z.string(),
  cash: maybe(amount),
  buying_power: maybe(amount),
  equity: maybe(amount),
  trading_blocked: maybe(z.boolean()),
  account_blocked: maybe(z.boolean()),
  trade_suspended_by_user: maybe(z.boolean()),
  shorting_enabled: maybe(z.boolean()),
})
export type AlpacaAccount = z.infer<typeof accountPayload>

export const assetPayload = z.object({
  symbol: z.string(),
  status: maybe(z.string()),
  tradable: z.boolean(),
  shortable: maybe(z.boolean()),
  easy_to_borrow: maybe(z.boolean()),
  borrow_status: blankIsNone,
  fractionable: maybe(z.boolean()),
  min_trade_increment: maybe(amount),
  attributes: maybe(z.array(z.string())),
  class: blankIsNone,
})
export type Asset = z.infer<typeof assetPayload>

export const clockPayload = z.object({
  is_open: z.boolean(),
  next_open: time,
  next_close: time,
  timestamp: maybe(time),
})

export const errorPayload = z.object({ code: maybe(z.string()), message: z.string() })

/** A frame of the order stream. */
export const framePayload = z.object({ stream: z.string(), data: z.looseObject({}) })

/** News of an order in a frame: a hint to look at it. */
export const updatePayload = z.object({
  event: z.string(),
  order: orderPayload,
  previous_execution_id: blankIsNone,
})
