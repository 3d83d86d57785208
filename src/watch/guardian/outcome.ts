import type { Big } from '../../base/amounts.ts'
import { priceText, shortPercentText } from '../../base/format.ts'

/** Where a stop is that trails, as the outcome of a decision is kept. */
export function trailOutcome({ stop, share }: { stop: Big; share: Big }): string {
  return `the stop is at ${priceText(stop)} and trails by ${shortPercentText(share)}`
}

/** What the guardian has done by itself, as the outcome of a decision is kept. */
export function deedOutcome(deed: { action: 'HOLD' } | { action: 'TRAIL_STOP'; stop: Big; share: Big }): string {
  return deed.action === 'HOLD' ? 'holding; nothing was done' : `tightened; ${trailOutcome(deed)}`
}
