import type { Big } from '../../base/amounts.ts'
import { priceText, shortPercentText } from '../../base/format.ts'

/** The stored outcome of a decision to trail. */
export function trailOutcome({ stop, share }: { stop: Big; share: Big }): string {
  return `the stop is at ${priceText(stop)} and trails by ${shortPercentText(share)}`
}

/** The stored outcome of an action that the guardian took by itself. */
export function deedOutcome(deed: { action: 'HOLD' } | { action: 'TRAIL_STOP'; stop: Big; share: Big }): string {
  return deed.action === 'HOLD' ? 'holding; nothing was done' : `tightened; ${trailOutcome(deed)}`
}
