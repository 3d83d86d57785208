import type { Big } from '../../../base/amounts.ts'

/** The half of an order that protects at the venue which a fill at this price, in dollars a unit, came from: the nearer one. */
export function halfFilled({ stop, target }: { stop?: Big; target?: Big }, price: Big): 'stop' | 'target' {
  if (!stop) return 'target'
  if (!target) return 'stop'
  return price.minus(target).abs().lt(price.minus(stop).abs()) ? 'target' : 'stop'
}
