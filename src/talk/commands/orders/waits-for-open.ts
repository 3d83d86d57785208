import { closedNow, opensText, zoneOf } from '../../../trading/orders/venue-hours.ts'
import type { Reply } from '../../chat/reply.ts'
import { repliesOf } from '../../wording/index.ts'
import type { Hearing } from '../command.ts'

type Told = Parameters<typeof repliesOf>[0]

/**
 * The replies of an order. One that rests at a venue that is closed is followed by the time of the open; it is a reply of its own,
 * because a reply with a row is posted to the letter.
 */
export async function repliesTold(
  parts: Hearing['parts'],
  of: { accountId: number; memberId: number; symbol: string; isExtended?: boolean },
  told: Told,
): Promise<Reply[]> {
  const replies = repliesOf(told)
  if (of.isExtended || !told.some(({ notice }) => notice.kind === 'order.working')) return replies
  const closed = await closedNow(parts, of)
  if (!closed) return replies
  const opens = opensText(closed, parts.clock.now(), await zoneOf(parts.db, of.memberId))
  const isClosed = closed.isAssumed ? 'By the exchange’s calendar the venue is closed' : 'The venue is closed'
  return [...replies, { text: `🌙 ${isClosed}: the order waits there for the open, ${opens}.` }]
}
