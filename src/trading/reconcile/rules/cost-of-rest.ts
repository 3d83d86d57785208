import { Big } from '../../../base/amounts.ts'
import type { Holding } from '../../positions/rules/position.ts'

/**
 * The cost of units beside the desk's own, in dollars a unit, by the broker's average (dollars a unit) of all of them: what the desk's
 * own leave, so that both show the same average from then on. The average itself where the desk has none of them, or its cost leaves
 * nothing. `units` is without a sign; the desk's have the same direction.
 */
export function costOfRest(
  average: Big,
  units: Big,
  own: Pick<Holding, 'signedQuantity' | 'openCost'> | undefined,
): Big {
  if (!own) return average
  const rest = average.times(own.signedQuantity.abs().plus(units)).minus(own.openCost)
  return rest.gt(0) ? rest.div(units).round(8, Big.roundHalfEven) : average
}
