import { announcePosition, announceScheduled } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import { appendEvents } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type AfterNews, afterNews } from '../orders/after-news.ts'
import { lockAccountRow } from '../orders/rows/working-orders.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { lockOpenPosition, type Position } from '../positions/rows/positions.ts'
import { positionText } from '../positions/rules/describe.ts'
import { withdrawRefused } from '../protection/close-now/withdraw.ts'
import type { Chunk } from '../scaleouts/rows/chunks.ts'
import { lockWaitingOf } from '../schedule/rows/scheduled-orders.ts'
import type { ThreadChange } from './change.ts'
import { movePosition } from './move-position.ts'
import { moveScheduled } from './move-scheduled.ts'
import { type Terms, tellEndedThere, writeAnew } from './place-anew.ts'
import { type CorporateAction, isToMove, noteMoved } from './rows/corporate-actions.ts'
import { type InTheWay, inTheWay } from './rows/in-the-way.ts'
import { becauseOf, phraseOf } from './rules/describe.ts'

/** An account and the name of its holder. */
type Whose = Pick<InTheWay, 'accountId' | 'name'>

/** The work left after the commit of a moved account. */
interface Moved {
  conversations: number[]
  events: number[]
  positionId?: number
  next?: Chunk
  /** The closes that the venue had refused. */
  withdrawn: AfterNews[]
}

/**
 * Moves everything that an account has in the symbol of an action, once, in one transaction: the position and its protection,
 * the running scaleout, and orders for later. It also writes the orders that were taken back again, and tells each thread. If
 * anything in the symbol is under way, it moves nothing and returns what that is. Throws when Postgres does not answer.
 */
export async function moveAccount(
  parts: Parts,
  action: CorporateAction,
  account: Whose,
  terms: Terms,
): Promise<InTheWay[]> {
  const { venue } = await parts.venues.of(account.accountId)
  const isLinked = venue.capabilities.isLinked === true
  const moved = await parts.db.transaction().execute((trx) => moveLocked(trx, parts, action, account, terms, isLinked))
  if (moved === undefined) return []
  if (Array.isArray(moved)) return moved
  if (moved.positionId !== undefined) await announcePosition(parts, moved.positionId)
  await announceScheduled(parts)
  if (moved.next) await wakeChunk(parts, moved.next)
  await wakeReplies(parts, moved.conversations)
  for (const after of moved.withdrawn) await afterNews(parts, after)
  for (const id of moved.events) {
    await parts.queues
      .event('alerts', id)
      .catch((cause) => parts.log.warn({ err: cause, event_id: id }, 'an alert could not be queued'))
  }
  return []
}

async function moveLocked(
  trx: Trx,
  parts: Parts,
  action: CorporateAction,
  { accountId, name }: Whose,
  terms: Terms,
  isLinked: boolean,
): Promise<Moved | InTheWay[] | undefined> {
  const at = parts.clock.now()
  await lockAccountRow(trx, accountId)
  if (!(await isToMove(trx, action.id, accountId))) return undefined
  const before = await lockOpenPosition(trx, accountId, action.symbol)
  // An order for later that becomes due now waits for this lock, and then runs in its new form.
  const planned = await lockWaitingOf(trx, accountId, action.symbol)
  const left = await inTheWay(trx, action, accountId)
  if (left.length > 0) return left
  const { newSymbol } = action
  const isHeld = before && newSymbol !== action.symbol && (await lockOpenPosition(trx, accountId, newSymbol))
  if (isHeld) return [{ accountId, name, kind: 'both', symbol: newSymbol }]
  const withdrawn = before ? await withdrawRefused(trx, parts, before, becauseOf(action), at) : []
  const held = withdrawn.length > 0 ? await lockOpenPosition(trx, accountId, action.symbol) : before
  await noteMoved(trx, action.id, accountId)
  const told: ThreadChange[] = []
  const conversations: number[] = []
  const moved = held && (await movePosition(trx, parts, action, held, terms, at))
  if (moved) {
    told.push(...moved.told)
    conversations.push(...moved.conversations)
  }
  told.push(...(await moveScheduled(trx, parts, action, planned, before, terms, at)))
  told.push(...(await writeAnew(trx, parts, action, accountId, moved?.position, terms, at)))
  if (isLinked) told.push(...(await tellEndedThere(trx, action, accountId, terms, at)))
  for (const [conversationId, here] of Map.groupBy(told, (one) => one.conversationId)) {
    const notice = { kind: 'corporate_action.moved' as const, action, changes: here.map(({ change }) => change) }
    await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
    conversations.push(conversationId)
  }
  const { raised, conversations: watching } = await appendEvents(trx, parts, [
    {
      type: 'corporate_action',
      data: {
        what: phraseOf(action),
        ...(moved && { before: positionText(held), after: positionText(moved.position) }),
      },
      symbol: action.symbol,
      accountId,
      memberId: action.memberId,
      positionId: before?.id,
      conversationId: threadOf(before, told),
      at,
      dedupeKey: `corporate-action-${action.id}-${accountId}`,
    },
  ])
  return {
    conversations: [...conversations, ...watching],
    events: raised.map(({ id }) => id),
    positionId: before?.id,
    next: moved?.next,
    withdrawn,
  }
}

function threadOf(position: Position | undefined, told: ThreadChange[]): number | undefined {
  return position?.conversationId ?? told[0]?.conversationId
}
