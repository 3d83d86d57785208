import { type Big, zero } from '../../base/amounts.ts'
import { priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { marksOf } from '../../market/marks.ts'
import { refusedWhileHalted } from '../accounts/halted.ts'
import { beginDay } from '../accounts/rows/day-equity.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { DeskEvent } from '../events/rules/desk-event.ts'
import type { QueuedNotice } from '../notice.ts'
import { applyNews } from '../orders/apply-news.ts'
import { heldBy } from '../orders/held.ts'
import { oppositeOrder } from '../orders/order-refusals.ts'
import { liveOpenings } from '../orders/rows/opening-orders.ts'
import { begunAt, type DraftOrder, type Order, orderRow } from '../orders/rows/orders.ts'
import { recordOrders } from '../orders/rows/record-orders.ts'
import { lockAccountRow } from '../orders/rows/working-orders.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { protectionOf } from '../protection/rows/protective-orders.ts'
import { claimExternal } from '../reconcile/claim-external.ts'
import { runningScaleout } from '../scaleouts/rows/scaleouts.ts'
import type { PositionNotice, PriceTaken } from './notices.ts'
import { noteRecorded } from './rows/note-recorded.ts'
import { lockOpenPosition, newPosition, type Position, savePosition } from './rows/positions.ts'
import { keepUndoable, keptHolding, keptLevels, keptParts } from './rows/undoables.ts'
import { positionText } from './rules/describe.ts'
import { closingSide, directionOf, openingSide, type Side, unrealizedPnl } from './rules/position.ts'

/** A position that a member reports as held. */
export interface Held {
  /** Comes from the message, so that recording the same message twice changes nothing. */
  key: string
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  direction: 'LONG' | 'SHORT'
  quantity: Big
  /** Dollars a unit. */
  price: Big
  /** The member named no price, and this one was taken. */
  priced?: PriceTaken
  /** The change to an open position, and the version of it that the member saw when deciding. */
  existing?: { version: number } & ({ how: 'add' | 'update' } | { how: 'replace'; endedAt: Big })
}

/** The open position is not the one that the member was asked about. */
export const changedMeanwhile = Symbol('changed meanwhile')

/**
 * Records a position that is held elsewhere; no order goes to a venue. `add` nets with the open position. `update` corrects
 * quantity and price and keeps the realized P&L. `replace` ends the old position at its exit price elsewhere (`endedAt`,
 * dollars), books its P&L, and begins a new position. The member can undo each of them for a minute. In a linked account it takes only
 * units that the broker shows and no position of the desk explains.
 */
export async function recordHeld(
  parts: Parts,
  held: Held,
): Promise<QueuedNotice<PositionNotice>[] | Refusal | typeof changedMeanwhile> {
  const at = parts.clock.now()
  const marks = marksOf(parts.market)
  marks.expect(held.symbol, held.price)
  const quote = await marks.quote(held.symbol)
  const { isLinked } = (await parts.venues.of(held.accountId)).venue.capabilities
  const recorded = await parts.db.transaction().execute(async (trx) => {
    // Without the lock two concurrent calls could both open a position.
    await lockAccountRow(trx, held.accountId)
    const halted = await refusedWhileHalted(trx, held.accountId)
    if (halted) return halted
    const open = await lockOpenPosition(trx, held.accountId, held.symbol)
    if (open?.version !== held.existing?.version) return changedMeanwhile
    // A resting exit order must not be for more than is open, so refuse any change that does not add to the position.
    const grows = held.existing?.how === 'add' && open && directionOf(open.signedQuantity) === held.direction
    if (open?.restingQuantity.gt(0) && !grows) return heldBy(trx, open)
    if (open && (open.workingQuantity.gt(open.restingQuantity) || (await runningScaleout(trx, open.id))))
      return busy(held.symbol)
    const opposite = await oppositeTo(trx, held, open)
    if (opposite) return opposite
    const beyond = isLinked && (await claimExternal(trx, held, changeOf(held, open), at))
    if (beyond) return beyond
    await beginDay(trx, held.accountId, at)
    const before = open && (await protectionOf(trx, open.id))
    const change = await applied(trx, held, open, at)
    const after = before && (await protectionOf(trx, open.id))
    const gained = quote && !quote.stale ? brought(held, open, change, quote.last) : zero
    if (quote && !quote.stale) await noteRecorded(trx, change.position, quote.last, gained, at)
    const { accountId, memberId, conversationId, symbol } = held
    const state = {
      positionId: change.position.id,
      version: change.position.version,
      before: open && keptHolding(open),
      corrected: change.corrected,
      clientOrderIds: change.clientOrderIds,
      lost: before && after ? keptLevels(before, after) : [],
      ...(before?.parts && after && { lostParts: keptParts(before, after) }),
      brought: gained.toFixed(),
    }
    const { what } = change
    await keepUndoable(trx, { kind: 'record', accountId, memberId, conversationId, symbol, what, state, at })
    const to = { conversationId: held.conversationId, accountId: held.accountId, at }
    const notice = { ...change.notice, protection: before && after && { before, after } }
    const told = await queueNotice(trx, parts, to, notice, 'door')
    return { told, watching: await appendEvent(trx, parts, change.event) }
  })
  if (recorded === changedMeanwhile || recorded instanceof Refusal) return recorded
  await wakeReplies(parts, recorded.watching)
  return [recorded.told]
}

/** The signed units that a recording adds to what is open. */
function changeOf(held: Held, open: Position | undefined): Big {
  const { signedQuantity } = correctedHolding(held)
  return held.existing?.how === 'add' || !open ? signedQuantity : signedQuantity.minus(open.signedQuantity)
}

/** Dollars by which recording raises the account's equity at `price`. This P&L arose elsewhere. */
function brought(held: Held, open: Position | undefined, { booked }: Change, price: Big): Big {
  const gained = unrealizedPnl(correctedHolding(held), price)
  const forgotten = open && held.existing?.how !== 'add' ? unrealizedPnl(open, price) : zero
  return gained.minus(forgotten).plus(booked ?? zero)
}

/** The result of a recording. */
interface Change {
  notice: Exclude<PositionNotice, { kind: 'position.undone' }>
  /** A description of the recording, shown when it is undone. */
  what: string
  clientOrderIds: string[]
  /** P&L in dollars that the end of an old position has locked in. */
  booked?: Big
  /** The corrected holding, which no fill records. */
  corrected?: { signedQuantity: string; openCost: string }
  event: DeskEvent
  position: Position
}

async function applied(trx: Trx, held: Held, open: Position | undefined, at: Date): Promise<Change> {
  if (!open) return opened(trx, held, await newPosition(trx, held, at), at)
  switch (held.existing?.how) {
    case 'update':
      return corrected(trx, held, open, at)
    case 'replace':
      return replaced(trx, held, open, held.existing.endedAt, at)
    default:
      return added(trx, held, open, at)
  }
}

async function opened(trx: Trx, held: Held, empty: Position, at: Date): Promise<Change> {
  const { position } = await fillHeld(trx, held, empty, fillOf(held), at)
  const data = { direction: held.direction, quantity: held.quantity.toFixed(), price: held.price.toFixed() }
  return {
    notice: { kind: 'position.recorded', position, priced: held.priced },
    what: `recording ${positionText(position)}`,
    clientOrderIds: [fillOf(held).clientOrderId],
    position,
    event: { type: 'position_opened', data, ...of(held, position, at) },
  }
}

/** Ends the old position with a fill at its exit price elsewhere, which books its P&L. */
async function replaced(trx: Trx, held: Held, open: Position, endedAt: Big, at: Date): Promise<Change> {
  const side = closingSide(open.signedQuantity)
  const quantity = open.signedQuantity.abs()
  const ending = { clientOrderId: `record-${held.key}-end`, side, quantity, price: endedAt }
  const { realizedPnl } = await fillHeld(trx, held, open, ending, at)
  const began = await opened(trx, held, await newPosition(trx, held, at), at)
  const { position } = began
  const after = positionText(position)
  const data = { before: positionText(open), after, price: held.price.toFixed() }
  return {
    notice: { kind: 'position.replaced', position, before: open, endedAt, realizedPnl },
    what: `replacing ${positionText(open)} by ${after}`,
    clientOrderIds: [ending.clientOrderId, ...began.clientOrderIds],
    booked: realizedPnl,
    position,
    event: { type: 'position_replaced', data, ...of(held, position, at) },
  }
}

async function added(trx: Trx, held: Held, open: Position, at: Date): Promise<Change> {
  const { position, realizedPnl } = await fillHeld(trx, held, open, fillOf(held), at)
  const side = openingSide(held.direction)
  const data = {
    side,
    quantity: held.quantity.toFixed(),
    price: held.price.toFixed(),
    realizedPnl: realizedPnl.toFixed(),
    signedQuantity: position.signedQuantity.toFixed(),
  }
  const isNetted = open.signedQuantity.gt(0) !== (held.direction === 'LONG')
  const { quantity, price } = held
  const { priced } = held
  const notice = { kind: 'position.added' as const, position, isNetted, quantity, price, priced, realizedPnl }
  const what = `recording ${held.direction} ${quantityText(held.quantity)} @ ${priceText(held.price)} with ${positionText(open)}`
  const clientOrderIds = [fillOf(held).clientOrderId]
  return { notice, what, clientOrderIds, position, event: { type: 'position_added', data, ...of(held, position, at) } }
}

async function corrected(trx: Trx, held: Held, open: Position, at: Date): Promise<Change> {
  const position = await savePosition(trx, open, { ...correctedHolding(held), realizedPnl: open.realizedPnl }, at)
  const data = { before: positionText(open), after: positionText(position), price: held.price.toFixed() }
  const what = `updating ${positionText(open)} to ${positionText(position)}`
  return {
    notice: { kind: 'position.corrected', position, before: open },
    what,
    clientOrderIds: [],
    corrected: { signedQuantity: position.signedQuantity.toFixed(), openCost: position.openCost.toFixed() },
    position,
    event: { type: 'position_updated', data, ...of(held, position, at) },
  }
}

/** The holding that a member reports, as if nothing had been open. */
export function correctedHolding(held: Pick<Held, 'direction' | 'quantity' | 'price'>) {
  const signedQuantity = held.direction === 'LONG' ? held.quantity : held.quantity.neg()
  return { signedQuantity, openCost: held.quantity.times(held.price) }
}

/** A trade made elsewhere, as a filled order. */
interface Ticket {
  clientOrderId: string
  side: Side
  quantity: Big
  price: Big
}

function fillOf({ key, direction, quantity, price }: Held): Ticket {
  return { clientOrderId: `record-${key}`, side: openingSide(direction), quantity, price }
}

/** Writes the order and the fill of a trade made elsewhere, so that the fills of a position stay its complete history. */
async function fillHeld(trx: Trx, held: Held, position: Position, ticket: Ticket, at: Date) {
  const { accountId, memberId, conversationId, symbol } = held
  const draft: DraftOrder = {
    ...begunAt(at),
    ...ticket,
    accountId,
    memberId,
    conversationId,
    symbol,
    positionId: position.id,
    chunkId: null,
    purpose: 'record',
    expectedPrice: ticket.price,
  }
  const row = await trx
    .insertInto('orders')
    .values(orderRow(draft))
    .returning(['id', 'sent_as'])
    .executeTakeFirstOrThrow()
  const order: Order = { ...draft, id: row.id, sentAs: row.sent_as }
  const { side, quantity, price, clientOrderId: venueFillId } = ticket
  const account = String(accountId)
  const fill = {
    account,
    venueFillId,
    clientOrderId: order.sentAs,
    symbol,
    side,
    quantity,
    price,
    commission: zero,
    filledAt: at,
  }
  const { holding, ...moved } = applyNews(order, position, { fills: [fill] }, new Map(), elsewhere)
  const after: Position = { ...position, ...holding, version: position.version + 1 }
  const fills = moved.rows.map((one) => ({ ...one, positionId: position.id }))
  const orders = [{ order: moved.order, positionId: position.id }]
  await recordOrders(trx, { orders, fills, positions: [after], settled: [], at })
  return { position: after, realizedPnl: moved.order.realizedPnl }
}

/** The venue id of fills that no venue of the desk made. */
const elsewhere = 'desk'

function of(held: Held, position: Position, at: Date) {
  const { symbol, accountId, memberId, conversationId, key } = held
  return { symbol, accountId, memberId, conversationId, positionId: position.id, at, dedupeKey: `record-${key}` }
}

/** Refuses a recording while an order that opens in the opposite direction is working. */
async function oppositeTo(trx: Trx, held: Held, open: Position | undefined): Promise<Refusal | undefined> {
  const { signedQuantity } = correctedHolding(held)
  const after = held.existing?.how === 'add' && open ? open.signedQuantity.plus(signedQuantity) : signedQuantity
  if (after.eq(0)) return undefined
  const openings = await liveOpenings(trx, held.accountId, held.symbol)
  const against = openings.find(({ side }) => side === closingSide(after))
  return against && oppositeOrder(held.symbol, against)
}

function busy(symbol: string): Refusal {
  return new Refusal(
    'POSITION_BUSY',
    `${symbol} is being sold right now, so the position cannot be changed. Nothing was done.`,
    `\`cancel scaleout ${symbol}\` first, or wait until it is done`,
  )
}
