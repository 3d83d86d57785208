import { type Big, least } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { Parts } from '../parts.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { closingSide } from '../positions/rules/position.ts'
import {
  type Asked,
  endWaiting,
  isUnfinished,
  noteUnfinished,
  type UnfinishedExit,
  waitingClose,
} from '../protection/rows/unfinished-exits.ts'
import type { ExitPlacement } from './exit-placement.ts'
import { availableFor } from './held.ts'
import { anotherPosition, closeWaitsAlready } from './order-refusals.ts'
import { findOrder } from './rows/orders.ts'
import type { WantedExit } from './rules/describe.ts'

/** The exit in the words of its member. */
export function wantedOf(noted: UnfinishedExit): WantedExit {
  const { symbol, quantity, limitPrice, stopPrice, isExtended } = noted
  return { side: closingSide(noted.signedQuantity), symbol, quantity, limitPrice, stopPrice, isExtended }
}

/** A part, of the position for which it was asked, and never more than is there by now. */
export function partOf({ positionId }: Pick<UnfinishedExit, 'positionId'>, quantity: Big) {
  return (position: Position): Big | Refusal => {
    if (position.id !== positionId) return anotherPosition(position.symbol)
    const available = availableQuantity(position)
    if (available.gt(0)) return least(quantity, available)
    return new Refusal('QUANTITY_IN_FLIGHT', `All of ${position.symbol} is already on its way out.`)
  }
}

/** Ends the exits that wait for protection, as the locked position is being closed. The threads of parts are told. */
export async function replaceWaiting(trx: Trx, parts: Parts, { id, accountId }: Position, at: Date): Promise<void> {
  for (const one of await endWaiting(trx, id)) {
    const to = { conversationId: one.conversationId, accountId, urgent: true, at }
    await queueNotice(trx, parts, to, { kind: 'close.replaced', exit: wantedOf(one), number: one.number }, 'outbox')
  }
}

/** Notes a part of a locked position before its protection at the venue is taken back for it. */
export async function notePart(
  trx: Trx,
  parts: Parts,
  exit: Omit<Asked, 'quantity'> & { symbol: string; quantity: (position: Position) => Big | Refusal },
  position: Position,
): Promise<ExitPlacement | Refusal> {
  const { clientOrderId, symbol } = exit
  if ((await findOrder(trx, clientOrderId)) || (await isUnfinished(trx, clientOrderId)))
    return { kind: 'ordered before' }
  const close = await waitingClose(trx, position.id)
  if (close) return closeWaitsAlready(symbol, close.number)
  const quantity = await availableFor(trx, exit, position)
  if (quantity instanceof Refusal) return quantity
  await noteUnfinished(trx, { ...exit, quantity }, position, parts.clock.now())
  return { kind: 'protected', positionId: position.id }
}
