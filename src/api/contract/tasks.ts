import { z } from 'zod'
import { row } from './row.ts'
import { amount, id, inAccount, moment, page, paging, type side } from './shapes.ts'

/** A background task of an account: a scaleout, an order that rests, or an order for later. */
export const task = z.object({
  number: z.int(),
  kind: z.enum(['scaleout', 'order', 'scheduled']),
  /** The id of the scaleout, the order, or the order for later. */
  id,
  symbol: z.string().nullable(),
  what: z.string().meta({ description: 'In words' }),
  state: z.string(),
  isRunning: z.boolean(),
  /** From 0 to 1; null where it is not known. */
  progress: z.number().nullable(),
  realizedPnl: amount.nullable(),
  outcome: z.string().nullable(),
  startedAt: moment,
  endsAt: moment.nullable(),
  endedAt: moment.nullable(),
})

/** A round trip: a position from its first fill to FLAT. */
export const trade = z.object({
  symbol: z.string(),
  direction: z.enum(['LONG', 'SHORT']),
  quantity: amount.nullable(),
  entryPrice: amount.nullable(),
  exitPrice: amount.nullable(),
  realizedPnl: amount,
  openedAt: moment,
  closedAt: moment,
})

export const taskRows = {
  tasks: row({
    method: 'GET',
    path: '/api/tasks',
    summary: 'Background tasks: those that run, then those that ended, latest first',
    needs: 'reads',
    query: z.strictObject({ ...inAccount, ...paging, state: z.enum(['running', 'ended', 'all']).optional() }),
    answer: page(task),
  }),
  history: row({
    method: 'GET',
    path: '/api/history',
    summary: 'Closed trades, the newest first',
    needs: 'reads',
    query: z.strictObject({ ...inAccount, ...paging }),
    answer: page(trade),
  }),
  tradeLines: row({
    method: 'GET',
    path: '/api/history.jsonl',
    summary: 'Closed trades as JSON lines, the oldest first',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: z.string(),
    type: 'application/jsonl; charset=utf-8',
  }),
  tradeTable: row({
    method: 'GET',
    path: '/api/history.csv',
    summary: 'Closed trades as a table, the oldest first',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: z.string(),
    type: 'text/csv; charset=utf-8',
  }),
}

export type Task = z.infer<typeof task>
export type Trade = z.infer<typeof trade>
export type Side = z.infer<typeof side>
