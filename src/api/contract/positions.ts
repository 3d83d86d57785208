import { z } from 'zod'
import { row } from './row.ts'
import { scaleout } from './scaleouts.ts'
import { amount, done, id, inAccount, moment, page, positive, symbol } from './shapes.ts'

/** The market's prices of a symbol; dollars a unit. */
export const price = z.object({
  bid: amount,
  ask: amount,
  last: amount,
  at: moment,
  /** The reason why this price is not traded on; null when it is fresh. */
  stale: z.string().nullable(),
})

/** A stop or a target; its price is in dollars a unit. */
export const level = z.object({
  id,
  price: amount,
  quantity: amount,
  /** For a stop that follows the price: its distance as a share of one, or in dollars, and the best price so far. */
  trail: z.object({ share: amount, dollars: amount.nullable(), bestPrice: amount }).nullable(),
  setAt: moment,
})

/** A level at which a part of the position is closed; dollars a unit, and units. */
export const partLevel = z.object({ id, kind: z.enum(['stop', 'target']), price: amount, quantity: amount })

/** A level that the price has touched, and whose close is not done: the desk goes on trying. Dollars a unit, and units. */
export const hitLevel = z.object({ kind: z.enum(['stop', 'target']), price: amount, quantity: amount.nullable() })

export const position = z.object({
  id,
  symbol: z.string(),
  direction: z.enum(['LONG', 'SHORT']),
  quantity: amount,
  /** Units that no order of an exit holds. */
  free: amount,
  averageEntryPrice: amount,
  openCost: amount,
  realizedPnl: amount,
  price: price.nullable(),
  value: amount.nullable(),
  unrealizedPnl: amount.nullable(),
  unrealizedReturn: amount.nullable().meta({ description: 'A share of one' }),
  /** Realized and unrealized P&L together. */
  masterPnl: amount.nullable(),
  stop: level.nullable(),
  target: level.nullable(),
  partLevels: z.array(partLevel).meta({ description: 'Stops and targets that close only a part' }),
  hitLevels: z
    .array(hitLevel)
    .meta({ description: 'Touched levels whose close is not done. Without a quantity: of the whole position' }),
  scaleout: scaleout.nullable(),
  openedAt: moment,
  version: z.int().meta({ description: 'Goes up with every change' }),
})

const bySymbol = z.strictObject({ symbol })
const confirm = z
  .boolean()
  .optional()
  .meta({ description: 'The member has confirmed what the desk would ask about in chat' })
/** The position that the caller saw: another one, or a later one, is not acted on. */
const shown = z.int().optional().meta({ description: '`id` of the position that was shown' })

const one = (fields: Record<string, unknown>, names: string[]) =>
  names.filter((name) => fields[name] !== undefined && fields[name] !== false).length === 1

const close = z
  .strictObject({
    quantity: positive.optional(),
    share: positive.optional().meta({ description: 'A share of one of what is open, at most 1' }),
    limit: positive.optional().meta({ description: 'Dollars a unit; at the market unless said' }),
    expiresAt: moment.optional(),
    position: shown,
    confirm,
  })
  .refine(({ quantity, share }) => quantity === undefined || share === undefined, 'a quantity or a share, not both')

const setLevel = z
  .strictObject({
    price: positive.optional(),
    return: amount
      .optional()
      .meta({ description: 'Return on the average entry price, a share of one: -0.05 loses 5%' }),
    off: z.boolean().optional(),
    position: shown,
    confirm,
  })
  .refine((given) => one(given, ['price', 'return', 'off']), 'one of price, return and off')

const setTrail = z
  .strictObject({
    share: positive.optional().meta({ description: 'The distance as a share of the price: 0.04' }),
    dollars: positive.optional(),
    off: z.boolean().optional(),
    position: shown,
    confirm,
  })
  .refine((given) => one(given, ['share', 'dollars', 'off']), 'one of share, dollars and off')

const act = {
  method: 'POST',
  needs: 'trades',
  acts: true,
  // As in chat, what protects a position is always heard.
  exits: true,
  params: bySymbol,
  query: z.strictObject(inAccount),
  answer: done,
} as const

export const positionRows = {
  positions: row({
    method: 'GET',
    path: '/api/positions',
    summary: 'Open positions with their levels, P&L and scaleouts',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: page(position),
  }),
  closePosition: row({
    ...act,
    path: '/api/positions/{symbol}/close',
    summary: 'Closes a position or a part of it, at the market or with a limit',
    body: close,
  }),
  setStop: row({
    ...act,
    path: '/api/positions/{symbol}/stop',
    summary: 'Sets the stop, or takes it away',
    body: setLevel,
  }),
  setTarget: row({
    ...act,
    path: '/api/positions/{symbol}/target',
    summary: 'Sets the target, or takes it away',
    body: setLevel,
  }),
  setTrail: row({
    ...act,
    path: '/api/positions/{symbol}/trail',
    summary: 'Lets the stop follow the price, or takes such a stop away',
    body: setTrail,
  }),
  breakeven: row({
    ...act,
    path: '/api/positions/{symbol}/breakeven',
    summary: 'Sets the stop at the average entry price',
    body: z.strictObject({ position: shown, confirm }),
  }),
}

export type Price = z.infer<typeof price>
export type Level = z.infer<typeof level>
export type Position = z.infer<typeof position>
