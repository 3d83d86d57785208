import type { Reply } from '../../chat/reply.ts'
import type { Trx } from '../../db/client.ts'
import { appendEvent } from '../../ledger/events.ts'
import { endOpening, lockOpening } from '../../ledger/opening-orders.ts'
import { endExit, isLive, lockOrder, type OpeningOrder, type Order } from '../../ledger/orders.ts'
import type { Position } from '../../ledger/positions.ts'
import { noteRests } from '../../ledger/working-orders.ts'
import type { Big } from '../../trading/amounts.ts'
import type { Standing } from '../../venue/venue.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { about, recordExit } from '../record.ts'
import { type Say, type Told, tell } from '../tell.ts'
import { cancelledText, expiredText, workingText } from './order-text.ts'
import { recordEntry } from './record-entry.ts'

type Any = Order | OpeningOrder

/** Why an order ends that the venue says is cancelled; it has expired when that is left out and its time is over. */
export type Because = string | undefined

/**
 * Writes down how an order stands at the venue, once, with all that follows from it: filled, resting (with another limit
 * than before, perhaps), or at its end. What is written already changes nothing. Answers with the replies for the door.
 */
export async function recordStanding(
  parts: Parts,
  order: Any,
  standing: Standing,
  say: Say,
  because?: Because,
): Promise<Reply[]> {
  if (standing.state === 'filled') {
    return order.purpose === 'open'
      ? recordEntry(parts, order, standing.fill, say)
      : recordExit(parts, order, standing.fill, say)
  }
  const at = parts.clock.now()
  const { replies, conversations } = await parts.db.transaction().execute(async (trx): Promise<Told> => {
    const locked = await lockAny(trx, order)
    if (!isLive(locked.order)) return { replies: [], conversations: [] }
    if (standing.state === 'working') return rests(trx, locked.order, standing.limitPrice, say, at)
    return ended(trx, locked, say, because, at)
  })
  await wakeReplies(parts, conversations)
  return replies
}

/** An order that is locked, and its position: the open one in its symbol, if there is one, for an order that opens. */
export interface LockedOrder {
  order: Any
  position?: Position
}

/** Locks an order and, before it, what it hangs on. */
export async function lockAny(trx: Trx, order: Any): Promise<LockedOrder> {
  return order.purpose === 'open' ? lockOpening(trx, order) : lockOrder(trx, order.id)
}

async function rests(trx: Trx, order: Any, limitPrice: Big, say: Say, at: Date): Promise<Told> {
  const was = order.limit!.price
  const now: Any = { ...order, limit: { ...order.limit!, price: limitPrice } }
  const isNew = order.state === 'working'
  if (!isNew && was.eq(limitPrice)) return { replies: [], conversations: [] }
  await noteRests(trx, order.id, limitPrice)
  const told = isNew ? await tell(trx, now, workingText(now), say, at) : { replies: [], conversations: [] }
  const event = { ...about(order), at }
  const data = workingData(now)
  const watching = isNew
    ? await appendEvent(trx, {
        ...event,
        type: 'order_working',
        data: { ...data, expiresAt: order.limit!.expiresAt?.toISOString() },
        dedupeKey: `order-${order.id}-working`,
      })
    : await appendEvent(trx, { ...event, type: 'order_moved', data: { ...data, was: was.toFixed() } })
  return { ...told, conversations: [...told.conversations, ...watching] }
}

async function ended(trx: Trx, { order, position }: LockedOrder, say: Say, given: Because, at: Date): Promise<Told> {
  const { expiresAt } = order.limit ?? {}
  const isAsked = say.postedBy === 'door' || order.cancelAskedAt !== undefined
  const because = given ?? order.cancelBecause ?? (isAsked ? undefined : 'the venue does not have it')
  const isExpired = given === undefined && !order.cancelAskedAt && expiresAt !== undefined && expiresAt <= at
  const state = isExpired ? 'expired' : 'cancelled'
  if (order.purpose === 'open') await endOpening(trx, order, { state })
  else await endExit(trx, order, position!, { state })
  const told = await tell(trx, order, isExpired ? expiredText(order) : cancelledText(order, because), say, at)
  const event = { ...about(order), at, dedupeKey: `order-${order.id}-ended` }
  const data = workingData(order)
  const watching = await appendEvent(
    trx,
    isExpired
      ? { ...event, type: 'order_expired', data }
      : { ...event, type: 'order_cancelled', data: { ...data, because: because ?? 'as you asked' } },
  )
  return { ...told, conversations: [...told.conversations, ...watching] }
}

function workingData(order: Any) {
  return {
    purpose: order.purpose as 'close' | 'trim' | 'open',
    side: order.side,
    quantity: order.quantity.toFixed(),
    number: order.limit?.number,
    limitPrice: order.limit?.price.toFixed(),
  }
}
