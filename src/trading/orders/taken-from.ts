import { type Big, least } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { anotherPosition } from './order-refusals.ts'

/** A decided exit: from this position, at most this quantity; `isAll`: whatever of it is free when the order is placed. */
export interface Taking {
  positionId: number
  quantity: Big
  isAll: boolean
}

/** The quantity to take from a locked position; refused if it is another position than the decided one. */
export function takenFrom(position: Position, { positionId, quantity, isAll }: Taking): Big | Refusal {
  if (position.id !== positionId) return anotherPosition(position.symbol)
  if (!isAll) return quantity
  const available = availableQuantity(position)
  if (available.gt(0)) return least(quantity, available)
  return new Refusal(
    'QUANTITY_IN_FLIGHT',
    `All of ${position.symbol} is already on its way out.`,
    '`orders` shows what works; try again in a moment',
  )
}
