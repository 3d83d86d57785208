import type { Big } from '../../../base/amounts.ts'

/** What an account may order, whoever asks for it. What exits is never limited. */
export interface AccountLimits {
  /** Orders in a minute, those left out that the desk makes by itself: chunks, stops, targets, the breaker's. */
  orders: number
  /** Such orders at once that have no end yet. */
  working: number
  /** Orders for later that wait. */
  scheduled: number
  /** What one order may be worth, in dollars; left out: as much as there is buying power for. */
  dollars?: Big
  /** Units that one order may be for; left out: any number. */
  units?: Big
}

/**
 * The limits of an account that says nothing else. One order a second for a whole minute is more than a person types, and
 * little enough for any broker; fifty at once are more than a person keeps in view.
 */
export const defaultLimits: AccountLimits = { orders: 60, working: 50, scheduled: 50 }

/** Is `wanted` more than `present` lets through? Undefined is no limit. */
export function isLooser(wanted: Big | undefined, present: Big | undefined): boolean {
  return present !== undefined && (wanted === undefined || wanted.gt(present))
}
