import { type Big, least, zero } from '../../../base/amounts.ts'

/** The quantity that a scaleout still has to trade: never more than is open, whatever else has reduced the position. */
export function remainingOf(
  { totalQuantity, soldQuantity }: { totalQuantity: Big; soldQuantity: Big },
  { signedQuantity }: { signedQuantity: Big },
): Big {
  return least(totalQuantity.minus(soldQuantity), signedQuantity.abs())
}

/** The units of a running scaleout's rest that are no longer open: a trade by hand, a stop or another exit took them. */
export function goneOtherwise(
  scaleout: { totalQuantity: Big; soldQuantity: Big; state: string },
  position: { signedQuantity: Big },
): Big {
  const isRunning = scaleout.state === 'running' || scaleout.state === 'paused'
  const { totalQuantity, soldQuantity } = scaleout
  return isRunning ? totalQuantity.minus(soldQuantity).minus(remainingOf(scaleout, position)) : zero
}
