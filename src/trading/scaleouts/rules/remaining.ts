import { type Big, least } from '../../../base/amounts.ts'

/** The quantity that a scaleout still has to trade: never more than is open, whatever else has reduced the position. */
export function remainingOf(
  { totalQuantity, soldQuantity }: { totalQuantity: Big; soldQuantity: Big },
  { signedQuantity }: { signedQuantity: Big },
): Big {
  return least(totalQuantity.minus(soldQuantity), signedQuantity.abs())
}
