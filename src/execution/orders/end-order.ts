import type { Reply } from '../../chat/reply.ts'
import { liveOpenings } from '../../ledger/opening-orders.ts'
import type { OpeningOrder, Order } from '../../ledger/orders.ts'
import { liveLimits, noteCancelAsked } from '../../ledger/working-orders.ts'
import type { Standing } from '../../venue/venue.ts'
import { answered } from '../answered.ts'
import type { Parts } from '../parts.ts'
import type { Say } from '../tell.ts'
import { askLater } from './order-clock.ts'
import { recordStanding } from './standing.ts'

/** How an order ended, or that the venue has not said so yet; it is asked again until it does. */
export interface Ended {
  outcome: 'cancelled' | 'filled' | 'unknown'
  replies: Reply[]
}

/** How soon to ask the venue again to cancel an order. */
const askAgainMs = 1000

/**
 * Takes an order back at the venue and writes down how it ended: cancelled, or filled when that was sooner. `because` is
 * left out where a member asked for it, or where its time is over.
 */
export async function endOrder(parts: Parts, order: Order | OpeningOrder, say: Say, because?: string): Promise<Ended> {
  const isExpired = order.limit?.expiresAt !== undefined && order.limit.expiresAt <= parts.clock.now()
  // First of all: who finds it cancelled at the venue knows why, and who comes after a crash goes on.
  if (because !== undefined || !isExpired) await noteCancelAsked(parts.db, order.id, parts.clock.now(), because)
  let standing: Exclude<Standing, { state: 'working' }>
  try {
    standing = await answered(parts.venue.cancel(order.clientOrderId))
  } catch (cause) {
    parts.log.warn({ err: cause, order: order.id }, 'the venue did not cancel an order')
    await askLater(parts, order, askAgainMs)
    return { outcome: 'unknown', replies: [] }
  }
  return { outcome: standing.state, replies: await recordStanding(parts, order, standing, say, because) }
}

/** Takes back all that rests to exit a position. `isClear` when the venue has said how each of them ended. */
export async function takeBackExits(
  parts: Parts,
  positionId: number,
  because: string,
  say: Say,
): Promise<{ isClear: boolean; replies: Reply[] }> {
  return takeBack(parts, await liveLimits(parts.db, { positionId }), because, say)
}

/** Takes back all that is to open a position of an account, orders at the market of which nothing is known included. */
export async function takeBackOpenings(
  parts: Parts,
  accountId: number,
  because: string,
): Promise<{ isClear: boolean; replies: Reply[] }> {
  return takeBack(parts, await liveOpenings(parts.db, accountId), because, { postedBy: 'outbox' })
}

async function takeBack(parts: Parts, orders: (Order | OpeningOrder)[], because: string, say: Say) {
  const ended = await Promise.all(orders.map((order) => endOrder(parts, order, say, because)))
  return {
    isClear: ended.every(({ outcome }) => outcome !== 'unknown'),
    replies: ended.flatMap(({ replies }) => replies),
  }
}
