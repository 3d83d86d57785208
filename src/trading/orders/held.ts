import type { Big } from '../../base/amounts.ts'
import { quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { freeText, heldRefusal } from './order-refusals.ts'
import { restingExits } from './rows/working-orders.ts'

/**
 * The refusal of an exit of this quantity from a position; undefined when it is possible. Call it before asking a member about
 * the exit.
 */
export async function refusedExit(db: Db, position: Position, wanted: Big): Promise<Refusal | undefined> {
  if (wanted.lte(availableQuantity(position))) return undefined
  return position.restingQuantity.gt(0) ? heldBy(db, position) : tooMuch(position, wanted)
}

/** The refusal of an exit for more than is free, with the orders that hold the rest. */
export async function heldBy(db: Db, position: Position): Promise<Refusal> {
  const holding = await restingExits(db, position.id)
  return heldRefusal(position.symbol, position.signedQuantity.abs(), availableQuantity(position), holding)
}

/**
 * What an exit of everything leaves, because working orders hold it: `80 of 110 AMD (30 held by order 1)`. Undefined when they
 * hold nothing. `taken`: the units of the exit; `except`: the client id of its own order.
 */
export async function clippedText(
  db: Db,
  { id, symbol, signedQuantity }: Pick<Position, 'id' | 'symbol' | 'signedQuantity'>,
  taken: Big,
  except?: string,
): Promise<string | undefined> {
  const holding = (await restingExits(db, id)).filter(({ clientOrderId }) => clientOrderId !== except)
  return holding.length > 0 ? freeText(symbol, signedQuantity.abs(), taken, holding) : undefined
}

/** The refusal of an exit for more than is open, or for more than the orders with an unknown outcome leave. */
export function tooMuch(
  { symbol, signedQuantity, workingQuantity: inFlight, missingQuantity }: Position,
  wanted: Big,
): Refusal {
  const open = signedQuantity.abs()
  if (missingQuantity.gt(0)) {
    return new Refusal(
      'MISMATCH',
      `The desk has ${quantityText(open)} ${symbol}, and the broker shows ${quantityText(missingQuantity)} fewer, so ${quantityText(wanted)} cannot be traded. Nothing was done.`,
      `\`reconcile\` shows both; \`adopt ${symbol}\` takes the broker’s quantity`,
    )
  }
  if (inFlight.gt(0)) {
    return new Refusal(
      'QUANTITY_IN_FLIGHT',
      `${quantityText(inFlight)} of ${quantityText(open)} ${symbol} are already on their way out, so ${quantityText(wanted)} cannot be traded.`,
      'Try again in a moment',
    )
  }
  return new Refusal(
    'QUANTITY_EXCEEDS_POSITION',
    `${quantityText(wanted)} is more than the ${quantityText(open)} ${symbol} that are open.`,
    `Use a quantity up to ${quantityText(open)}, or \`close ${symbol}\``,
  )
}

/** Refusal codes for a request that finds no free quantity. */
const inFlight = new Set(['QUANTITY_IN_FLIGHT', 'QUANTITY_HELD_BY_ORDERS'])

/** The wanted quantity of an exit, or a refusal when it is more than is free. */
export async function availableFor(
  db: Db,
  exit: { quantity: (position: Position) => Big | Refusal },
  position: Position,
): Promise<Big | Refusal> {
  const available = availableQuantity(position)
  const wanted = exit.quantity(position)
  const isTooMuch = wanted instanceof Refusal ? inFlight.has(wanted.code) : wanted.gt(available)
  if (!isTooMuch) return wanted
  if (position.restingQuantity.gt(0)) return heldBy(db, position)
  return wanted instanceof Refusal ? wanted : tooMuch(position, wanted)
}
