import type { Big } from '../../base/amounts.ts'
import { durationText, priceText } from '../../base/format.ts'
import type { Bound } from '../../trading/scaleouts/rules/bound.ts'
import type { Speed } from '../../trading/scaleouts/rules/scaleout-plan.ts'

/** The speed of a scaleout, or the length of its own: `FAST`, `CUSTOM (2 h)`. */
export function paceName({ speed, lengthMs }: { speed: Speed; lengthMs?: number }): string {
  return lengthMs === undefined ? speed.toUpperCase() : `CUSTOM (${durationText(lengthMs)})`
}

/** The price beyond which a sale or purchase waits: `floor of $0.60`, `cap of $1.20`. */
export function boundText(kind: Bound['kind'], price: Big): string {
  return `${kind} of ${priceText(price)}`
}
