import { z } from 'zod'
import { row } from './row.ts'
import { amount, done, id, inAccount, moment, page, paging, positive, side, speed, symbol, whole } from './shapes.ts'

export const scaleout = z.object({
  id,
  task: z.int().meta({ description: 'Its number among the tasks of the account' }),
  symbol: z.string(),
  side,
  speed,
  /** The length in seconds that the member gave; null for the usual one of the speed. */
  lengthSeconds: z.number().nullable(),
  state: z.enum(['running', 'paused', 'complete', 'cancelled', 'stopped']),
  quantity: amount,
  done: amount.meta({ description: 'Units traded so far' }),
  chunks: z.int(),
  doneChunks: z.int(),
  decisionPrice: amount,
  averagePrice: amount.nullable(),
  realizedPnl: amount,
  /** Against the decision price, in dollars; positive is cost. */
  shortfall: amount.nullable(),
  bound: z.object({ kind: z.enum(['floor', 'cap']), price: amount, until: moment }).nullable(),
  endedBecause: z.string().nullable(),
  startedAt: moment,
  endsAt: moment.meta({ description: 'When the last chunk is due, or when it ended' }),
  nextAt: moment.nullable().meta({ description: 'When the next chunk is due' }),
})

const chunk = z.object({
  number: z.int(),
  quantity: amount,
  state: z.enum(['waiting', 'done', 'dropped']),
  dueAt: moment,
  filled: z.object({ quantity: amount, price: amount, realizedPnl: amount, at: moment }).nullable(),
})

/** The plan of a scaleout against what was done. */
export const scaleoutPlan = scaleout.extend({ plan: z.array(chunk) })

const start = z
  .strictObject({
    symbol,
    speed: speed.optional(),
    minutes: z.number().positive().max(1440).optional().meta({ description: 'A length of your own' }),
    chunks: z.int().min(1).max(1000).optional(),
    quantity: positive.optional(),
    share: positive.optional(),
    floor: positive.optional().meta({ description: 'The lowest bid to sell at' }),
    cap: positive.optional().meta({ description: 'The highest ask to buy back at' }),
    position: z.int().optional().meta({ description: '`id` of the position that was shown' }),
  })
  .refine(({ speed, minutes }) => (speed === undefined) !== (minutes === undefined), 'a speed or minutes')
  .refine(({ quantity, share }) => quantity === undefined || share === undefined, 'a quantity or a share, not both')
  .refine(({ floor, cap }) => floor === undefined || cap === undefined, 'a floor or a cap, not both')

const byId = z.strictObject({ id: whole(1, Number.MAX_SAFE_INTEGER) })

export const scaleoutRows = {
  scaleouts: row({
    method: 'GET',
    path: '/api/scaleouts',
    summary: 'Scaleouts, the newest first',
    needs: 'reads',
    query: z.strictObject({
      ...inAccount,
      ...paging,
      state: z.enum(['running', 'ended', 'all']).optional().meta({ description: 'All unless said' }),
      symbol: symbol.optional(),
    }),
    answer: page(scaleout),
  }),
  scaleout: row({
    method: 'GET',
    path: '/api/scaleouts/{id}',
    summary: 'A scaleout with its plan against what was done',
    needs: 'reads',
    params: byId,
    answer: scaleoutPlan,
  }),
  startScaleout: row({
    method: 'POST',
    path: '/api/scaleouts',
    summary: 'Sells a position, or buys it back, in chunks over time',
    needs: 'trades',
    acts: true,
    query: z.strictObject(inAccount),
    body: start,
    answer: done.extend({ scaleout: scaleout.nullable() }),
  }),
  cancelScaleout: row({
    method: 'DELETE',
    path: '/api/scaleouts/{id}',
    summary: 'Ends a running scaleout; what was traded stays traded',
    needs: 'trades',
    acts: true,
    exits: true,
    params: byId,
    answer: done,
  }),
}

export type Scaleout = z.infer<typeof scaleout>
export type ScaleoutPlan = z.infer<typeof scaleoutPlan>
