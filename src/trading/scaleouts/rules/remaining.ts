import { type Big, least } from '../../../base/amounts.ts'

/** What a scaleout still has to trade: no more than is open, whatever else took from the position meanwhile. */
export function remainingOf(
  { totalQuantity, soldQuantity }: { totalQuantity: Big; soldQuantity: Big },
  { signedQuantity }: { signedQuantity: Big },
): Big {
  return least(totalQuantity.minus(soldQuantity), signedQuantity.abs())
}
