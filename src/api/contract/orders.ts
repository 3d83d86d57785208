import { z } from 'zod'
import { row } from './row.ts'
import { amount, done, id, inAccount, moment, page, paging, positive, side, symbol, whole } from './shapes.ts'

const purpose = z.enum(['record', 'chunk', 'close', 'trim', 'stop', 'target', 'breaker', 'open', 'protect'])

export const order = z.object({
  id,
  /** The number by which `move` and `cancel` call it; null for an order that never rests. */
  number: z.int().nullable(),
  symbol: z.string(),
  side,
  purpose,
  type: z.enum(['market', 'limit', 'stop', 'stop_limit', 'oco']),
  quantity: amount,
  filled: amount,
  left: amount,
  limit: amount.nullable(),
  stop: amount.nullable(),
  averagePrice: amount.nullable(),
  realizedPnl: amount,
  state: z.string(),
  isLive: z.boolean(),
  because: z.string().nullable(),
  scaleout: id.nullable(),
  createdAt: moment,
  expiresAt: moment.nullable(),
  endedAt: moment.nullable(),
})

export const fill = z.object({
  id,
  order: id,
  symbol: z.string(),
  side,
  purpose,
  quantity: amount,
  price: amount,
  commission: amount,
  realizedPnl: amount,
  at: moment,
  /** The venue took this fill back, or it takes another one back. */
  reverses: z.string().nullable(),
})

const place = z.strictObject({
  symbol,
  side,
  quantity: positive,
  limit: positive.optional(),
  stop: positive.optional().meta({ description: 'The order waits until the price gets here' }),
  expiresAt: moment.optional().meta({ description: 'Only with a limit' }),
  extended: z
    .boolean()
    .optional()
    .meta({ description: 'Also before and after the session; only with a limit, at a venue that can' }),
  stopLoss: positive.optional().meta({ description: 'The stop of what it opens, dollars a unit' }),
  takeProfit: positive.optional(),
  confirm: z
    .boolean()
    .optional()
    .meta({ description: 'The member has confirmed what the desk would ask about in chat' }),
})

const ofFills = { ...inAccount, symbol: symbol.optional(), from: moment.optional(), to: moment.optional() }

const byNumber = z.strictObject({ number: whole(1, Number.MAX_SAFE_INTEGER) })

export const orderRows = {
  orders: row({
    method: 'GET',
    path: '/api/orders',
    summary: 'Orders, the newest first',
    needs: 'reads',
    query: z.strictObject({
      ...inAccount,
      ...paging,
      state: z.enum(['live', 'ended', 'all']).optional().meta({ description: 'Live ones unless said' }),
      symbol: symbol.optional(),
    }),
    answer: page(order),
  }),
  placeOrder: row({
    method: 'POST',
    path: '/api/orders',
    summary: 'Buys or sells. On the other side of a position it takes from it, and never beyond it',
    needs: 'trades',
    acts: true,
    query: z.strictObject(inAccount),
    body: place,
    answer: done,
  }),
  moveOrder: row({
    method: 'POST',
    path: '/api/orders/{number}/move',
    summary: 'Moves a working order to another price',
    needs: 'trades',
    acts: true,
    params: byNumber,
    query: z.strictObject(inAccount),
    body: z.strictObject({ price: positive }),
    answer: done,
  }),
  cancelOrder: row({
    method: 'DELETE',
    path: '/api/orders/{number}',
    summary: 'Takes a working order back; what was filled stays filled',
    needs: 'trades',
    acts: true,
    exits: true,
    params: byNumber,
    query: z.strictObject(inAccount),
    answer: done,
  }),
  fills: row({
    method: 'GET',
    path: '/api/fills',
    summary: 'Fills, the newest first',
    needs: 'reads',
    query: z.strictObject({ ...ofFills, ...paging }),
    answer: page(fill),
  }),
  fillLines: row({
    method: 'GET',
    path: '/api/fills.jsonl',
    summary: 'Fills as JSON lines, the oldest first',
    needs: 'reads',
    query: z.strictObject(ofFills),
    answer: z.string(),
    type: 'application/jsonl; charset=utf-8',
  }),
  fillTable: row({
    method: 'GET',
    path: '/api/fills.csv',
    summary: 'Fills as a table, the oldest first',
    needs: 'reads',
    query: z.strictObject(ofFills),
    answer: z.string(),
    type: 'text/csv; charset=utf-8',
  }),
}

export type Order = z.infer<typeof order>
export type Fill = z.infer<typeof fill>
