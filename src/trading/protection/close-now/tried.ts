import type { Big } from '../../../base/amounts.ts'
import type { AnyOrder } from '../../orders/rows/orders.ts'
import type { ClosingOrder } from '../rows/closings.ts'

/** How a try at a closing order went. `stuck`: not over, and why. */
export type Tried =
  | { outcome: 'filled'; price: Big; isFlat?: boolean }
  /** It ended, and not all of it was filled: what is open is closed by another. */
  | { outcome: 'ended' }
  /** The venue has it, and fills it. */
  | { outcome: 'working'; order: AnyOrder }
  | { outcome: 'stuck'; because: string }
  /** Nothing more of it is filled. */
  | { outcome: 'given up'; order: AnyOrder }
  /** Given up, but a call to the venue may still be on its way. */
  | { outcome: 'not back yet' }

/** A closing order as it was before a try, and how that went. */
export interface ClosingTry {
  order: ClosingOrder
  went: Tried
}
