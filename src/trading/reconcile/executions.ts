import { Big, zero } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { VenueFill } from '../../venues/venue.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type AfterNews, afterNews } from '../orders/after-news.ts'
import { recordWithin } from '../orders/record-within.ts'
import { type AnyOrder, begunAt, findOrder } from '../orders/rows/orders.ts'
import { cursorsOf, saveCursors } from '../orders/rows/venue-cursors.ts'
import { findSent } from '../orders/sent.ts'
import { recordFills } from '../orders/sweep-orders.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockOpenPosition } from '../positions/rows/positions.ts'
import { fenced, type LookedAt } from './fence.ts'
import { externalIn, setExternal } from './rows/books.ts'
import { findExecution, noteExecution, notePartOfDesk, writeOrderOfOthers } from './rows/external-executions.ts'
import { homeOf } from './rows/looks.ts'
import { allocate } from './rules/books.ts'

/** The most pages of one look; the next look goes on. */
const mostPages = 200

/**
 * Records all executions of an account since the last look: those of the desk's orders by the one recorder of fills, those of other
 * orders as external. On the first look the latter are the past, and are left out. Returns how many were new: a venue may list known
 * ones again.
 */
export async function importExecutions(parts: Parts, looked: LookedAt, isFirst: boolean): Promise<number> {
  const { accountId } = looked
  const { venue, account } = await parts.venues.of(accountId)
  let cursor = (await cursorsOf(parts.db, [accountId])).get(accountId)
  let count = 0
  for (let page = 0; page < mostPages; page++) {
    const { fills, cursor: next } = await venue.fills(account, cursor)
    const orders = await findSent(parts, new Set(fills.map(({ clientOrderId }) => clientOrderId)))
    const own = Map.groupBy(
      fills.filter(({ clientOrderId }) => orders.has(clientOrderId)),
      ({ clientOrderId }) => clientOrderId,
    )
    const recorded = await Promise.all(
      [...own].map(([id, filled]) => recordFills(parts, account, orders.get(id)!, filled)),
    )
    count += recorded.filter(Boolean).length
    const others = fills.filter((fill) => !orders.has(fill.clientOrderId) && fill.account === account)
    // One after the other: each one finds what those before it have left.
    if (!isFirst) for (const fill of others) if (await importExternal(parts, looked, fill)) count += 1
    if (next !== cursor) await saveCursors(parts.db, [{ accountId, cursor: next }])
    if (fills.length === 0 || next === cursor) break
    cursor = next
  }
  return count
}

interface Imported {
  isNew: boolean
  after?: AfterNews
  conversations: number[]
}

/** Records an execution of an order that is not the desk's, once. Returns whether it was new. */
async function importExternal(parts: Parts, looked: LookedAt, fill: VenueFill): Promise<boolean> {
  const imported = await fenced(parts, looked, (trx) => importLocked(trx, parts, looked.accountId, fill))
  if (imported.after) await afterNews(parts, imported.after)
  await wakeReplies(parts, imported.conversations)
  return imported.isNew
}

async function importLocked(trx: Trx, parts: Parts, accountId: number, fill: VenueFill): Promise<Imported> {
  const at = parts.clock.now()
  const id = await noteExecution(trx, accountId, fill)
  if (id === undefined) return { isNew: false, conversations: [] }
  if (fill.reverses !== undefined) return takeBack(trx, parts, accountId, { id, fill, reverses: fill.reverses }, at)
  const { symbol } = fill
  const position = await lockOpenPosition(trx, accountId, symbol)
  const before = await externalIn(trx, accountId, symbol)
  const { ofDesk, external } = allocate(fill, { ledger: position?.signedQuantity ?? zero, external: before })
  await setExternal(trx, accountId, symbol, external, at)
  const home = await homeOf(trx, accountId)
  if (!position || ofDesk.eq(0)) return appeared(trx, parts, { accountId, symbol, before, external, ...home }, at)
  const conversationId = position.conversationId ?? home.conversationId
  if (conversationId === undefined) throw new Error(`position ${position.id} belongs to no conversation`)
  const order = await writeOrderOfOthers(trx, {
    ...begunAt(at),
    state: 'filled',
    callingUntil: undefined,
    clientOrderId: `elsewhere-${id}`,
    accountId,
    memberId: home.memberId,
    positionId: position.id,
    conversationId,
    chunkId: null,
    purpose: 'record',
    symbol,
    side: fill.side,
    quantity: ofDesk,
    expectedPrice: fill.price,
  })
  await notePartOfDesk(trx, id, ofDesk, order.id)
  return { isNew: true, after: await book(trx, parts, order, partOf(fill, ofDesk), at), conversations: [] }
}

/** Reverses a known execution: its part in the desk's position, and the rest of what is external. */
async function takeBack(
  trx: Trx,
  parts: Parts,
  accountId: number,
  { id, fill, reverses }: { id: number; fill: VenueFill; reverses: string },
  at: Date,
): Promise<Imported> {
  const taken = await findExecution(trx, accountId, reverses)
  if (!taken) return { isNew: true, conversations: [] }
  const { symbol, side, quantity, ofDesk, orderId } = taken
  const before = await externalIn(trx, accountId, symbol)
  const rest = quantity.minus(ofDesk).times(side === 'buy' ? 1 : -1)
  await setExternal(trx, accountId, symbol, before.minus(rest), at)
  const order = orderId === undefined ? undefined : await findOrder(trx, orderId)
  if (!order || orderId === undefined) return { isNew: true, conversations: [] }
  await notePartOfDesk(trx, id, ofDesk, orderId)
  return { isNew: true, after: await book(trx, parts, order, partOf(fill, ofDesk), at), conversations: [] }
}

async function book(trx: Trx, parts: Parts, order: AnyOrder, fill: VenueFill, at: Date): Promise<AfterNews> {
  const own = { ...fill, clientOrderId: order.sentAs }
  const item = { order, news: { fills: [own] }, say: { postedBy: 'outbox' as const } }
  return recordWithin(trx, parts, item, at)
}

/** The part of an execution that is booked in the desk's position, with its share of the commission. */
function partOf(fill: VenueFill, quantity: Big): VenueFill {
  const commission = quantity.eq(fill.quantity)
    ? fill.commission
    : fill.commission.times(quantity).div(fill.quantity).round(8, Big.roundHalfEven)
  return { ...fill, quantity, commission }
}

/** Tells once of a symbol in which something was opened elsewhere. */
async function appeared(
  trx: Trx,
  parts: Parts,
  of: {
    accountId: number
    symbol: string
    before: Big
    external: Big
    conversationId: number | undefined
  },
  at: Date,
): Promise<Imported> {
  const { accountId, symbol, before, external, conversationId } = of
  if (!before.eq(0) || external.eq(0) || conversationId === undefined) return { isNew: true, conversations: [] }
  const notice = { kind: 'books.external' as const, accountId, symbol, signedQuantity: external }
  await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
  return { isNew: true, conversations: [conversationId] }
}
