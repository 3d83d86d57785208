import type { Big } from '../../../base/amounts.ts'
import type { Trail } from './protection.ts'

/** A working stop or target. */
export interface WatchedLevel {
  id: number
  /** Dollars a unit. */
  price: Big
  /** Set for a trailing stop. */
  trail?: Trail
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
