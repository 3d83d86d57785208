import type { Position } from '../positions/rows/positions.ts'
import { reservedBy } from './apply-news.ts'
import { type AnyOrder, restsToProtect } from './rows/orders.ts'

/** What an order without a part of a position sets aside: nothing. */
export const none = reservedBy({ purpose: 'record' } as AnyOrder)

/** A position after a change of its reserved quantity; its version goes up. */
export function reserve(position: Position, released: typeof none, reserved: typeof none): Position {
  return {
    ...position,
    workingQuantity: position.workingQuantity.minus(released.working).plus(reserved.working),
    restingQuantity: position.restingQuantity.minus(released.resting).plus(reserved.resting),
    protectingQuantity: position.protectingQuantity.minus(released.protecting).plus(reserved.protecting),
    version: position.version + 1,
  }
}

/** Does an order protect as before? The monitors read a position again when its version is another one. */
export function isSameProtection(was: AnyOrder, order: AnyOrder): boolean {
  return order.purpose !== 'protect' || restsToProtect(was) === restsToProtect(order)
}

/** Would the live orders of a position take more than is open? */
export const isOverReserved = ({ workingQuantity, protectingQuantity, signedQuantity }: Position) =>
  workingQuantity.plus(protectingQuantity).gt(signedQuantity.abs())
