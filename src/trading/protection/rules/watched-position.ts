import type { Big } from '../../../base/amounts.ts'

/** A working stop or target. */
export interface WatchedLevel {
  id: number
  /** Dollars a unit. */
  price: Big
  /** A trailing stop follows the best price since it was set, at this distance as a share of one. */
  trail?: { share: Big; bestPrice: Big }
}

/** An open position with its levels. */
export interface WatchedPosition {
  id: number
  signedQuantity: Big
  openCost: Big
  openedAt: Date
  stop?: WatchedLevel
  target?: WatchedLevel
}
