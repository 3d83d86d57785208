import { hearScheduled } from '../../infra/db/announce.ts'
import type { Parts } from '../parts.ts'
import { type LevelWatch, watchLevels } from '../watch-levels.ts'
import { noteTouched, waitingForPrices } from './rows/scheduled-orders.ts'

/** A running watch on the prices that orders wait for. */
export type Conditions = LevelWatch

/** Notes when the price reaches the level of a waiting order, and queues the order. */
export function startConditions(parts: Parts): Conditions {
  const { db, queues, clock, notices } = parts
  return watchLevels(parts, {
    of: 'orders that wait for a price',
    waiting: () => waitingForPrices(db),
    hear: (changed) => hearScheduled(notices, changed),
    isReached: ({ above, below }, { last }) => (above ? last.gte(above) : last.lte(below!)),
    async reached({ id }, { last }) {
      if (await noteTouched(db, id, last, clock.now())) await queues.scheduled(id, 'touched', 0)
    },
  })
}
