import { forgetAllowances } from './talk/outbox/limits.ts'
import { conversationsThatWait } from './talk/outbox/rows.ts'
import { endOldRequests } from './trading/access/rows/link-requests.ts'
import { endUnlinkedOrders } from './trading/accounts/end-unlinked.ts'
import { tellRefused } from './trading/accounts/tell-refused.ts'
import { continueActions } from './trading/corporate-actions/act.ts'
import { finishExits } from './trading/orders/finish-exit.ts'
import { unconfirmedOrders } from './trading/orders/rows/orders.ts'
import { sweepOrders } from './trading/orders/sweep-orders.ts'
import { sweepProtection } from './trading/protection/at-venue/follow.ts'
import { followClock } from './trading/scaleouts/rewind.ts'
import { waitingChunks } from './trading/scaleouts/rows/chunks.ts'
import { sweepScheduledEnds } from './trading/schedule/end-with-position.ts'
import { unfinishedScheduled } from './trading/schedule/rows/scheduled-orders.ts'
import { sweepAlerts } from './watch/alerts/sweep.ts'
import type { GuardianParts } from './watch/guardian/judge.ts'
import { sweepGuardian } from './watch/guardian/sweep.ts'
import { requeueEvents } from './watch/monitor/raise.ts'

/** The sweep asks for the state of an order that has been unconfirmed for this long. */
const confirmedWithinMs = 10_000

/**
 * Queues again all work that Postgres has and BullMQ may have lost: the next chunk of every scaleout, orders without an
 * outcome, closes without an order, scheduled orders, unposted replies, unfinished events, and the work of alerts and the
 * guardian. Existing jobs stay as they are. It runs at start and every few seconds, so that a loss of all data in Redis
 * costs only seconds.
 */
export async function sweep(parts: GuardianParts): Promise<{ chunks: number; orders: number; conversations: number }> {
  const { db, queues, clock, config } = parts
  const now = clock.now()
  // The questions to the venue come first: they need no Redis.
  await sweepOrders(parts)
  await endUnlinkedOrders(parts)
  await finishExits(parts)
  await sweepProtection(parts)
  await continueActions(parts)
  await followClock(parts)
  await sweepScheduledEnds(parts)
  const chunks = await waitingChunks(db)
  for (const chunk of chunks) await queues.chunk(chunk.id, chunk.attempt, chunk.dueAt.getTime() - now.getTime())
  const orders = await unconfirmedOrders(db, new Date(now.getTime() - confirmedWithinMs))
  for (const id of orders) await queues.order(id, 0)
  await sweepScheduled(parts, now)
  const conversations = await conversationsThatWait(db, now)
  for (const { id, place, urgent } of conversations) await queues.replies(place.door, id, 0, urgent)
  await forgetAllowances(db)
  await endOldRequests(db, now)
  await tellRefused(parts)
  await requeueEvents(parts)
  await sweepAlerts(parts, config)
  await sweepGuardian(parts)
  return { chunks: chunks.length, orders: orders.length, conversations: conversations.length }
}

/**
 * Queues scheduled orders that are due at a time, touched by a price, expiring, asked about, or left `running` by a process that
 * died.
 */
async function sweepScheduled({ db, queues }: GuardianParts, now: Date): Promise<void> {
  for (const { id, state, due_at, expires_at, touched_at, asked_at } of await unfinishedScheduled(db)) {
    const next = state === 'running' || asked_at ? now : (touched_at ?? due_at ?? expires_at)
    if (!next) continue
    const reason =
      state === 'running' ? 'again' : asked_at ? 'asked' : touched_at ? 'touched' : due_at ? 'due' : 'expiry'
    await queues.scheduled(id, reason, next.getTime() - now.getTime())
  }
}
