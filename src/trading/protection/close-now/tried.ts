import type { Big } from '../../../base/amounts.ts'
import type { AnyOrder } from '../../orders/rows/orders.ts'
import type { ClosingOrder } from '../rows/closings.ts'

/** The result of a try at a closing order. `stuck` means not over; `because` says why. */
export type Tried =
  | { outcome: 'filled'; price: Big; isFlat?: boolean }
  /** It ended without filling everything; another order closes the rest. */
  | { outcome: 'ended' }
  /** The venue has it and is filling it. */
  | { outcome: 'working'; order: AnyOrder }
  | { outcome: 'stuck'; because: string }
  /** No more of it will be filled. */
  | { outcome: 'given up'; order: AnyOrder }
  /** Given up, but a call to the venue may still be under way. */
  | { outcome: 'not back yet' }

/** A closing order before a try, and the result of the try. */
export interface ClosingTry {
  order: ClosingOrder
  went: Tried
}
