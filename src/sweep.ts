import { forgetAllowances } from './talk/outbox/limits.ts'
import { conversationsThatWait } from './talk/outbox/rows.ts'
import { continueActions } from './trading/corporate-actions/act.ts'
import { finishCloses } from './trading/orders/finish-close.ts'
import { unconfirmedOrders } from './trading/orders/rows/orders.ts'
import { sweepOrders } from './trading/orders/sweep-orders.ts'
import { followClock } from './trading/scaleouts/rewind.ts'
import { waitingChunks } from './trading/scaleouts/rows/chunks.ts'
import { unfinishedScheduled } from './trading/schedule/rows/scheduled-orders.ts'
import { sweepAlerts } from './watch/alerts/sweep.ts'
import type { GuardianParts } from './watch/guardian/judge.ts'
import { sweepGuardian } from './watch/guardian/sweep.ts'
import { requeueEvents } from './watch/monitor/raise.ts'

/** An order that has been working for this long is asked for. */
const confirmedWithinMs = 10_000

/**
 * Puts back onto the clock what Postgres says should be there: the next chunk of every scaleout, orders without an
 * outcome, closes without an order, replies that are not out, events that nobody has finished with; and what alerts and the guardian owe. Whatever is on the clock already stays as it is. Run at start and every few
 * seconds, so that a Redis that lost everything costs a few seconds.
 */
export async function sweep(parts: GuardianParts): Promise<{ chunks: number; orders: number; conversations: number }> {
  const { db, queues, clock, config } = parts
  const now = clock.now()
  // What the venue knows is asked for first: that needs no Redis.
  await sweepOrders(parts)
  await finishCloses(parts)
  await continueActions(parts)
  await followClock(parts)
  const chunks = await waitingChunks(db)
  for (const chunk of chunks) await queues.chunk(chunk.id, chunk.attempt, chunk.dueAt.getTime() - now.getTime())
  const orders = await unconfirmedOrders(db, new Date(now.getTime() - confirmedWithinMs))
  for (const id of orders) await queues.order(id, 0)
  await sweepScheduled(parts, now)
  const conversations = await conversationsThatWait(db, now)
  for (const { id, place, urgent } of conversations) await queues.replies(place.door, id, 0, urgent)
  await forgetAllowances(db)
  await requeueEvents(parts)
  await sweepAlerts(parts, config)
  await sweepGuardian(parts)
  return { chunks: chunks.length, orders: orders.length, conversations: conversations.length }
}

/** Orders for later: those at a time, those whose price was there, those that end, and those that somebody died over. */
async function sweepScheduled({ db, queues }: GuardianParts, now: Date): Promise<void> {
  for (const { id, state, due_at, expires_at, touched_at } of await unfinishedScheduled(db)) {
    const next = state === 'running' ? now : (touched_at ?? due_at ?? expires_at)
    if (!next) continue
    const reason = state === 'running' ? 'again' : touched_at ? 'touched' : due_at ? 'due' : 'expiry'
    await queues.scheduled(id, reason, next.getTime() - now.getTime())
  }
}
