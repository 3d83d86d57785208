import type { Big } from '../../../base/amounts.ts'

/** A working stop or target. */
export interface WatchedLevel {
  id: number
  /** Dollars a unit. */
  price: Big
  /** A stop that follows the best price since it was set, keeping this share of one from it. */
  trail?: { share: Big; bestPrice: Big }
}

/** An open position and what protects it. */
export interface WatchedPosition {
  id: number
  signedQuantity: Big
  openCost: Big
  openedAt: Date
  stop?: WatchedLevel
  target?: WatchedLevel
}
