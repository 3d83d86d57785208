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

/** A level at which a part of the position is closed. */
export interface WatchedPart {
  id: number
  kind: 'stop' | 'target'
  /** Dollars a unit. */
  price: Big
  /** Units to close. */
  quantity: Big
}

/** An open position with its levels. */
export interface WatchedPosition {
  id: number
  signedQuantity: Big
  openCost: Big
  openedAt: Date
  stop?: WatchedLevel
  target?: WatchedLevel
  parts?: WatchedPart[]
  /** The stop and the target rest at the venue, which closes the position by itself; touching them here does nothing. */
  isProtectedAtVenue?: boolean
}
