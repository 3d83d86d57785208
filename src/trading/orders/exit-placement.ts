import type { Big } from '../../base/amounts.ts'
import type { CancelledScaleout } from '../scaleouts/cancel-scaleout.ts'
import type { OpeningOrder, Order } from './rows/orders.ts'
import type { WantedExit } from './rules/describe.ts'

/** The result of placing an exit, once its position is locked. */
export type ExitPlacement =
  | {
      kind: 'ordered'
      order: Order
      ended?: CancelledScaleout
      /** The desk is closing the rest of the position at once. */
      isClosing: boolean
    }
  /** The desk is closing the position at once. */
  | { kind: 'closing'; positionId: number }
  /**
   * Resting orders hold a part of the position, or would open it again (`openings`, in their state of that moment). A running
   * scaleout has ended.
   */
  | {
      kind: 'held'
      positionId: number
      openings: OpeningOrder[]
      ended?: CancelledScaleout
    }
  /** Protection at the venue has to be taken back first. With `waits` the venue was asked for it, and the exit is kept until it is. */
  | { kind: 'protected'; positionId: number; waits?: Waiting }
  /** The request was heard before: its order exists, and the outbox posts the result. */
  | { kind: 'ordered before' }

/** An exit that is kept until the venue has given back the order that protects its position. */
interface Waiting {
  exit: WantedExit
  number: number
  /** The units of that order. */
  heldQuantity: Big
}
