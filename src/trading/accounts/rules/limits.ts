import type { Big } from '../../../base/amounts.ts'

/** The limits on orders of an account, for everybody who asks. Exits are never limited. */
export interface AccountLimits {
  /** Orders in a minute. Orders that the desk makes by itself do not count: chunks, stops, targets, the breaker's. */
  orders: number
  /** Such orders that are live at once. */
  working: number
  /** Orders for later that wait or are being carried out. */
  scheduled: number
  /** The largest value of one order in dollars; absent means that only buying power limits it. */
  dollars?: Big
  /** The most units of one order; absent means any number. */
  units?: Big
}

/**
 * The default limits of an account. One order a second for a whole minute is more than a person types, and little enough for
 * any broker. Fifty live orders are more than a person keeps in view.
 */
export const defaultLimits: AccountLimits = { orders: 60, working: 50, scheduled: 50 }

/** Is `wanted` a looser limit than `present`? Undefined means no limit. */
export function isLooser(wanted: Big | undefined, present: Big | undefined): boolean {
  return present !== undefined && (wanted === undefined || wanted.gt(present))
}
