import { Refusal } from '../../base/refusal.ts'
import { queueReply, releaseRow } from '../../trading/events/rows/replies.ts'
import type { QueuedNotice } from '../../trading/notice.ts'
import { type AnyOrder, findOrder, isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import { isLive } from '../../trading/orders/rules/order-lifecycle.ts'
import { sendPlaced } from '../../trading/orders/send-placed.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { AgentParts } from '../parts.ts'
import type { Agent, Decision } from '../rules/agent.ts'

/** Refusals that pass by themselves; the order is tried again until the next day has ended. */
const passing = new Set<string>([
  ...['NO_FRESH_PRICE', 'MARKET_CLOSED', 'VENUE_SILENT', 'TOO_MANY_ORDERS'],
  ...['STALE_DATA', 'SOURCES_DISAGREE', 'OUTSIDE_HOURS', 'TOO_SOON'],
])
/** Does a refusal pass by itself? */
export const isPassing = ({ code }: Refusal): boolean => passing.has(code)

/** Real milliseconds until the next try. */
export const againMs = 5000

/** A leg of a plan that has ended: its order is there, or it failed. A check before an entry says why with its figures, and has no words. */
export type Leg = { ordered: true } | { code: string; because?: string }
/** A leg that has to wait for prices, or for its venue. */
export interface Waiting {
  again: number
}

/** The leg that a refusal makes: failed, or to be tried again. */
export const legOf = (refusal: Refusal): Leg | Waiting =>
  isPassing(refusal) ? { again: againMs } : { code: refusal.code, because: refusal.sentence }

/** The next day has ended: nothing more is begun. */
export const isLate = ({ lastDay = '' }: Agent, { day }: Decision) => day < lastDay
export const tooLate = { code: 'DAY_OVER', because: 'The next day had ended before it could be carried out' }

/**
 * Sends an order whose process died between its row and the call. Paper takes an order of the same id once; the order path itself refuses one
 * that has become too old.
 */
export async function sentAtLast(parts: AgentParts, agent: Agent, order: AnyOrder): Promise<AnyOrder> {
  if (!isLive(order) || order.venueOrderId !== undefined) return order
  await tell(parts, agent, () => sendPlaced(parts, order))
  return (await findOrder(parts.db, order.id)) ?? order
}

/**
 * Places an order, and leaves what is to be said to the outbox: no door has heard anything. The refusal, if there is one; an order that
 * another process has placed meanwhile is none.
 */
export async function tell(
  parts: AgentParts,
  { conversationId, accountId }: Agent,
  place: () => Promise<QueuedNotice[] | Refusal>,
): Promise<Refusal | undefined> {
  const done = await place().catch((cause: unknown) => {
    if (isOrderedAlready(cause)) return []
    throw cause
  })
  if (done instanceof Refusal) return done
  const conversations = [conversationId]
  for (const { notice, row } of done) {
    if (row !== undefined) conversations.push(...(await releaseRow(parts.db, row, true)))
    else if (notice.kind !== 'order.told_elsewhere')
      await parts.db
        .transaction()
        .execute((trx) =>
          queueReply(trx, { conversationId, accountId, at: parts.clock.now() }, parts.wording(notice), 'outbox'),
        )
  }
  await wakeReplies(parts, conversations)
  return undefined
}
