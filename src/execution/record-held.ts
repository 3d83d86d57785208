import { Refusal } from '../chat/refusal.ts'
import type { Reply } from '../chat/reply.ts'
import type { Trx } from '../db/client.ts'
import type { DeskEvent } from '../events/desk-event.ts'
import { appendEvent } from '../ledger/events.ts'
import { noteRecorded } from '../ledger/note-recorded.ts'
import { type Order, recordFill } from '../ledger/orders.ts'
import { lockOpenPosition, type Position, savePosition } from '../ledger/positions.ts'
import { protectionOf } from '../ledger/protective-orders.ts'
import { queueReply } from '../ledger/replies.ts'
import { runningScaleout } from '../ledger/scaleouts.ts'
import { Big, zero } from '../trading/amounts.ts'
import { positionText } from '../trading/describe.ts'
import { priceText, profitText, quantityText } from '../trading/format.ts'
import { flat, openingSide, unrealizedPnl } from '../trading/position.ts'
import { refusedWhileHalted } from './halted.ts'
import { type Parts, wakeReplies } from './parts.ts'
import { lostText } from './protection-text.ts'

/** A position that a member says they hold. */
export interface Held {
  /** Made from the message: recording the same message twice changes nothing. */
  key: string
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  direction: 'LONG' | 'SHORT'
  quantity: Big
  /** Dollars a unit. */
  price: Big
  /** What to do with an open position, and the version of it that the member saw when deciding. */
  existing?: { how: 'add' | 'update' | 'replace'; version: number }
}

/** The open position is not the one that the member was asked about. */
export const changedMeanwhile = Symbol('changed meanwhile')

/**
 * Records a position that is held somewhere: no order goes to a venue. `add` nets with what is open, `update` corrects
 * quantity and price and keeps the realized P&L, `replace` ends the old position without P&L and begins a new one.
 */
export async function recordHeld(parts: Parts, held: Held): Promise<Reply[] | Refusal | typeof changedMeanwhile> {
  const at = parts.clock.now()
  const quote = await parts.market.quote(held.symbol)
  const recorded = await parts.db.transaction().execute(async (trx) => {
    const halted = await refusedWhileHalted(trx, held.accountId)
    if (halted) return halted
    const open = await lockOpenPosition(trx, held.accountId, held.symbol)
    if (open?.version !== held.existing?.version) return changedMeanwhile
    if (open && (open.workingQuantity.gt(0) || (await runningScaleout(trx, open.id)))) return busy(held.symbol)
    const before = open && (await protectionOf(trx, open.id))
    const change = await applied(trx, held, open, at)
    const lost = before && lostText(before, await protectionOf(trx, open.id))
    if (quote && !quote.stale) await noteRecorded(trx, change.position, quote.last, brought(held, open, quote.last), at)
    const to = { conversationId: held.conversationId, at }
    const reply = await queueReply(trx, to, { text: [change.text, lost].filter(Boolean).join('\n') }, 'door')
    return { reply, watching: await appendEvent(trx, change.event) }
  })
  if (recorded === changedMeanwhile || recorded instanceof Refusal) return recorded
  await wakeReplies(parts, recorded.watching)
  return [recorded.reply]
}

/** Dollars that the account is worth more at `price` after recording than before: they were gained or lost elsewhere. */
function brought(held: Held, open: Position | undefined, price: Big): Big {
  const gained = unrealizedPnl(correctedHolding(held), price)
  const forgotten = open && held.existing?.how !== 'add' ? unrealizedPnl(open, price) : zero
  return gained.minus(forgotten)
}

/** What recording came to. */
interface Change {
  text: string
  event: DeskEvent
  position: Position
}

async function applied(trx: Trx, held: Held, open: Position | undefined, at: Date): Promise<Change> {
  if (!open) return opened(trx, held, await newPosition(trx, held, at), at)
  switch (held.existing?.how) {
    case 'update':
      return corrected(trx, held, open, at)
    case 'replace': {
      await savePosition(trx, open, { ...flat, realizedPnl: open.realizedPnl }, at)
      const position = await newPosition(trx, held, at)
      const { text, position: filled } = await opened(trx, held, position, at)
      const data = { before: positionText(open), after: text.replace('✓ ', ''), price: held.price.toFixed() }
      return {
        text: `${text}\nReplaced: ${positionText(open)}`,
        position: filled,
        event: { type: 'position_replaced', data, ...of(held, position, at) },
      }
    }
    default:
      return added(trx, held, open, at)
  }
}

async function opened(trx: Trx, held: Held, empty: Position, at: Date): Promise<Change> {
  const { position } = await fillHeld(trx, held, empty, at)
  const data = { direction: held.direction, quantity: held.quantity.toFixed(), price: held.price.toFixed() }
  return {
    text: `✓ ${positionText(position)}`,
    position,
    event: { type: 'position_opened', data, ...of(held, position, at) },
  }
}

async function added(trx: Trx, held: Held, open: Position, at: Date): Promise<Change> {
  const { position, realizedPnl } = await fillHeld(trx, held, open, at)
  const side = openingSide(held.direction)
  const data = {
    side,
    quantity: held.quantity.toFixed(),
    price: held.price.toFixed(),
    realizedPnl: realizedPnl.toFixed(),
    signedQuantity: position.signedQuantity.toFixed(),
  }
  const nets = open.signedQuantity.gt(0) !== (held.direction === 'LONG')
  const how = `${nets ? 'netted' : 'added'} ${quantityText(held.quantity)} @ ${priceText(held.price)}`
  const text = `✓ ${positionText(position)} (${how}${nets ? `, P&L ${profitText(realizedPnl)}` : ''})`
  return { text, position, event: { type: 'position_added', data, ...of(held, position, at) } }
}

async function corrected(trx: Trx, held: Held, open: Position, at: Date): Promise<Change> {
  const position = await savePosition(trx, open, { ...correctedHolding(held), realizedPnl: open.realizedPnl }, at)
  const data = { before: positionText(open), after: positionText(position), price: held.price.toFixed() }
  const text = `✓ ${positionText(position)} (was ${positionText(open)})`
  return { text, position, event: { type: 'position_updated', data, ...of(held, position, at) } }
}

/** What is held, as if nothing had been open. */
export function correctedHolding(held: Pick<Held, 'direction' | 'quantity' | 'price'>) {
  const signedQuantity = held.direction === 'LONG' ? held.quantity : held.quantity.neg()
  return { signedQuantity, openCost: held.quantity.times(held.price) }
}

/** The order and the fill of something that is held already: the fills of a position stay its whole story. */
async function fillHeld(trx: Trx, held: Held, position: Position, at: Date) {
  const clientOrderId = `record-${held.key}`
  const side = openingSide(held.direction)
  const { id } = await trx
    .insertInto('orders')
    .values({
      client_order_id: clientOrderId,
      account_id: held.accountId,
      member_id: held.memberId,
      position_id: position.id,
      conversation_id: held.conversationId,
      purpose: 'record',
      symbol: held.symbol,
      side,
      quantity: held.quantity.toFixed(),
      expected_price: held.price.toFixed(),
      state: 'working',
      created_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const order: Order = {
    ...held,
    id,
    clientOrderId,
    positionId: position.id,
    chunkId: null,
    purpose: 'record',
    side,
    expectedPrice: held.price,
    state: 'working',
    createdAt: at,
  }
  const fill = {
    venueFillId: clientOrderId,
    clientOrderId,
    quantity: held.quantity,
    price: held.price,
    commission: zero,
    filledAt: at,
  }
  return recordFill(trx, order, position, fill)
}

/** A row for a position that the next fill opens. */
async function newPosition(trx: Trx, held: Held, at: Date): Promise<Position> {
  const { id } = await trx
    .insertInto('positions')
    .values({
      account_id: held.accountId,
      symbol: held.symbol,
      signed_quantity: '0',
      open_cost: '0',
      conversation_id: held.conversationId,
      opened_at: at,
      closed_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { accountId, symbol, conversationId } = held
  return { ...flat, id, accountId, symbol, conversationId, version: 1, workingQuantity: new Big(0), openedAt: at }
}

function of(held: Held, position: Position, at: Date) {
  const { symbol, accountId, memberId, conversationId, key } = held
  return { symbol, accountId, memberId, conversationId, positionId: position.id, at, dedupeKey: `record-${key}` }
}

function busy(symbol: string): Refusal {
  return new Refusal(
    'POSITION_BUSY',
    `${symbol} is being sold right now, so the position cannot be changed. Nothing was done.`,
    `\`cancel scaleout ${symbol}\` first, or wait until it is done`,
  )
}
