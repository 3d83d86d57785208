import { announcePosition } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { OrderReport } from '../../venues/venue.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { freeQuantity, lockPosition, type Position } from '../positions/rows/positions.ts'
import { closingSide } from '../positions/rules/position.ts'
import { wasSet } from '../protection/protection-event.ts'
import {
  type Level,
  lockProtection,
  type Protection,
  setProtectiveOrder,
  touchedLevel,
} from '../protection/rows/protective-orders.ts'
import { unlinkedLevels } from '../protection/rows/unlinked-levels.ts'
import { type AfterNews, afterNews } from './after-news.ts'
import { mismatchIn, newsOf } from './news.ts'
import { recordWithin } from './record-within.ts'
import { type AnyOrder, findOrder } from './rows/orders.ts'
import { lockAccountRow } from './rows/working-orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'

/**
 * Follows an order again that ended here only because its account was unlinked, and that its venue still shows after the account was
 * linked again: it is live from now on, with its number, its quantity set aside, and its fills booked as those of any other. The levels
 * that an order protects at the venue stand again with it. `take back`: it ended for another reason, or its position is gone, or too little of
 * it is free; `leave`: it is followed now, by this look or by another one, or the account is unlinked again.
 */
export async function followAgain(parts: Parts, order: AnyOrder, report: OrderReport): Promise<'leave' | 'take back'> {
  const { account } = await parts.venues.of(order.accountId)
  if (mismatchIn({ order, account }, report) !== undefined) return 'take back'
  const done = await parts.db.transaction().execute(async (trx) => {
    await lockAccountRow(trx, order.accountId)
    const position = order.purpose === 'open' ? undefined : await lockPosition(trx, order.positionId)
    const now = await findOrder(trx, order.id)
    if (!now || isLive(now) || !(await isLinked(trx, order.accountId))) return 'leave'
    if (!now.isLeft) return 'take back'
    if (position && !isFit(now, position)) return 'take back'
    return follow(trx, parts, now, report, position)
  })
  if (typeof done === 'string') return done
  await afterNews(parts, done.after)
  await wakeReplies(parts, done.conversations)
  if (order.purpose !== 'open') await announcePosition(parts, order.positionId)
  return 'leave'
}

async function follow(
  trx: Trx,
  parts: Parts,
  order: AnyOrder,
  report: OrderReport,
  position: Position | undefined,
): Promise<{ after: AfterNews; conversations: number[] }> {
  const at = parts.clock.now()
  const { conversationId, accountId } = order
  const levels = position && order.protects ? await lockProtection(trx, position.id) : {}
  const since = (['stop', 'target'] as const).filter((kind) => order.protects?.[kind] && levels[kind])
  const notice = { kind: 'order.followed_again' as const, order, filledQuantity: report.filledQuantity, since }
  await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
  const news = { ...newsOf(report, order.filledQuantity), isFollowedAgain: true }
  const after = await recordWithin(trx, parts, { order, news, say: { postedBy: 'outbox' } }, at)
  const watching = position ? await setLevels(trx, parts, order, position.id, at) : []
  return { after, conversations: [conversationId, ...watching] }
}

async function isLinked(trx: Trx, accountId: number): Promise<boolean> {
  const row = await trx.selectFrom('accounts').select('unlinked_at').where('id', '=', accountId).executeTakeFirst()
  return row !== undefined && row.unlinked_at === null
}

/** May an exit take from its position again? That of a chunk has no scaleout any more. */
function isFit(order: AnyOrder, position: Position): boolean {
  if (order.purpose === 'chunk' || order.purpose === 'record') return false
  if (position.signedQuantity.eq(0) || closingSide(position.signedQuantity) !== order.side) return false
  if (order.purpose === 'protect' && position.workingQuantity.gt(0)) return false
  return freeQuantity(position).gte(leftOf(order))
}

/** Sets the levels again that an order protects at the venue, unless the member has set others since. */
async function setLevels(
  trx: Trx,
  parts: Parts,
  { protects, memberId, conversationId }: AnyOrder,
  positionId: number,
  at: Date,
): Promise<number[]> {
  const position = await lockPosition(trx, positionId)
  if (!protects || position.signedQuantity.eq(0) || (await touchedLevel(trx, positionId))) return []
  const before: Protection = await lockProtection(trx, positionId)
  const ended = await unlinkedLevels(trx, positionId)
  const conversations: number[] = []
  for (const kind of ['stop', 'target'] as const) {
    const price = protects[kind]
    if (!price || before[kind]) continue
    const level: Level = ended.get(kind) ?? { kind, price, memberId, conversationId }
    const set = await setProtectiveOrder(trx, position, level, at)
    conversations.push(...(await appendEvent(trx, parts, wasSet(set, undefined, at))))
  }
  return conversations
}
