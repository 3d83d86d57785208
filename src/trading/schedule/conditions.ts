import { hearScheduled } from '../../infra/db/announce.ts'
import type { Quote } from '../../market/market.ts'
import { sayOnce } from '../events/say-once.ts'
import type { Parts } from '../parts.ts'
import { type LevelWatch, watchLevels } from '../watch-levels.ts'
import { noteTouched, scheduledOrder, type WaitingOrder, waitingForPrices, weakKey } from './rows/scheduled-orders.ts'

/** A running watch on the prices that orders wait for. */
export type Conditions = LevelWatch

/**
 * Notes when the price reaches the level of a waiting order, and queues the order. For a linked account a weak price alone is not
 * enough, as for its stops: its member is told once, and the order waits on.
 */
export function startConditions(parts: Parts): Conditions {
  const { db, queues, clock, notices } = parts
  return watchLevels(parts, {
    of: 'orders that wait for a price',
    waiting: () => waitingForPrices(db),
    hear: (changed) => hearScheduled(notices, changed),
    isReached: ({ above, below }, { last }) => (above ? last.gte(above) : last.lte(below!)),
    doubts: ({ isLinked }) => isLinked,
    reachedWeakly: (order, quote) => tellWeak(parts, order, quote),
    async reached({ id }, { last }) {
      if (await noteTouched(db, id, last, clock.now())) await queues.scheduled(id, 'touched', 0)
    },
  })
}

async function tellWeak(parts: Parts, order: WaitingOrder, { last: price, weak: because = '' }: Quote): Promise<void> {
  const { id, accountId, memberId, conversationId, symbol, what } = order
  await sayOnce(parts, {
    notice: { kind: 'schedule.reached_weakly', order, price, because },
    conversationId,
    event: {
      type: 'scheduled_weak_touch',
      data: { what, price: price.toFixed(), because },
      ...{ accountId, memberId, conversationId, symbol },
      at: parts.clock.now(),
      dedupeKey: weakKey(id),
    },
    async isSo(trx) {
      const now = await scheduledOrder(trx, id)
      return now?.state === 'waiting' && !now.touched
    },
  })
}
