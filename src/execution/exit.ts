import { Refusal } from '../chat/refusal.ts'
import type { Reply } from '../chat/reply.ts'
import { workingClosing } from '../ledger/closings.ts'
import { type Order, placeExit } from '../ledger/orders.ts'
import { availableQuantity, lockOpenPosition, type Position } from '../ledger/positions.ts'
import { lockRunningScaleout } from '../ledger/scaleouts.ts'
import type { Big } from '../trading/amounts.ts'
import { quantityText } from '../trading/format.ts'
import { noPrice } from './chunk.ts'
import { pushClose } from './critical-give-up.ts'
import { type Parts, wakeReplies } from './parts.ts'
import { cancelScaleout } from './record.ts'
import { settleOrder } from './settle.ts'

/** Who wants out of what, and how much. `clientOrderId` makes a second request the same order. */
export interface Exit {
  clientOrderId: string
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  purpose: 'close' | 'trim'
  /** How much of the position, given what is open; a refusal when that makes no sense. */
  quantity: (position: Position) => Big | Refusal
}

/** How soon to ask the venue again about an order that it did not confirm. */
const askAgainMs = 2000

/**
 * Sells (or buys back) at the market, now. Closing ends a running scaleout first. Never takes more than is open and not
 * already on its way out. Answers with the replies for the thread.
 */
export async function exitPosition(parts: Parts, exit: Exit): Promise<Reply[] | Refusal> {
  const quote = await parts.market.quote(exit.symbol)
  const placed = await parts.db.transaction().execute(async (trx) => {
    const position = await lockOpenPosition(trx, exit.accountId, exit.symbol)
    if (!position)
      return new Refusal(
        'NO_POSITION',
        `You have no open position in ${exit.symbol}.`,
        'Type `positions` to see what is open',
      )
    if (exit.purpose === 'close' && position.workingQuantity.gt(0) && (await workingClosing(trx, position.id)))
      return { isClosing: position.id }
    const unusable = noPrice(quote)
    if (unusable)
      return new Refusal(
        'NO_FRESH_PRICE',
        `${exit.symbol} cannot be traded now: ${unusable}.`,
        'Nothing was sold. Try again when the price is fresh',
      )
    const wanted = exit.quantity(position)
    if (wanted instanceof Refusal) return wanted
    const available = availableQuantity(position)
    if (wanted.gt(available)) return tooMuch(exit, position, wanted)
    const at = parts.clock.now()
    const scaleout = exit.purpose === 'close' ? await lockRunningScaleout(trx, position.id) : undefined
    const ended =
      scaleout &&
      (await cancelScaleout(trx, scaleout, position, 'the position is being closed', at, 'door', exit.conversationId))
    const order = await placeExit(
      trx,
      position,
      { ...exit, quantity: wanted, expectedPrice: position.signedQuantity.gt(0) ? quote!.bid : quote!.ask },
      at,
    )
    return { order, ended }
  })
  if (placed instanceof Refusal) return placed
  if (placed.isClosing !== undefined) {
    const text = await pushClose(parts, placed.isClosing)
    return text ? [{ text }] : exitPosition(parts, exit)
  }
  const settled = await settleOrder(parts, placed.order, { triedBefore: false, postedBy: 'door' })
  if (settled.outcome === 'unknown') await askLater(parts, placed.order)
  if (placed.ended)
    await wakeReplies(
      parts,
      placed.ended.conversations.filter((id) => id !== exit.conversationId),
    )
  return [...(placed.ended ? [placed.ended.reply] : []), ...settled.replies]
}

function tooMuch(exit: Exit, position: Position, wanted: Big): Refusal {
  const open = position.signedQuantity.abs()
  const inFlight = position.workingQuantity
  if (inFlight.gt(0)) {
    return new Refusal(
      'QUANTITY_IN_FLIGHT',
      `${quantityText(inFlight)} of ${quantityText(open)} ${exit.symbol} are already on their way out, so ${quantityText(wanted)} cannot be traded.`,
      'Try again in a moment',
    )
  }
  return new Refusal(
    'QUANTITY_EXCEEDS_POSITION',
    `${quantityText(wanted)} is more than the ${quantityText(open)} ${exit.symbol} that are open.`,
    `Use a quantity up to ${quantityText(open)}, or \`close ${exit.symbol}\``,
  )
}

async function askLater(parts: Parts, order: Order): Promise<void> {
  try {
    await parts.queues.order(order.id, askAgainMs)
  } catch (cause) {
    parts.log.warn({ err: cause, order: order.id }, 'order could not be put on the clock; the sweep will')
  }
}
