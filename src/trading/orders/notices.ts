import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { Execution } from './apply-news.ts'
import type { AnyOrder } from './rows/orders.ts'

/** A position as it is after what is told, as far as it is spoken of. */
type Held = Pick<Position, 'symbol' | 'signedQuantity' | 'openCost'>

/** What acts tell of an order. The order is as it is after what is told. */
export type OrderNotice =
  /** The venue does not take it. `position` is what is open now, of one that exits. */
  | { kind: 'order.rejected'; order: AnyOrder; because: string; position?: Held }
  /** It did not get to the venue in time, and is not sent any more. */
  | { kind: 'order.not_sent'; order: AnyOrder; because: string }
  /** Nobody knows yet whether the venue filled it. */
  | { kind: 'order.unconfirmed'; order: AnyOrder }
  /** The venue has it, at the market, and has filled nothing of it yet. */
  | { kind: 'order.accepted'; order: AnyOrder }
  /** It rests at the venue. */
  | { kind: 'order.working'; order: AnyOrder }
  /** It rests at the venue with another limit than `was`, in dollars a unit. */
  | { kind: 'order.moved'; order: AnyOrder; was: Big }
  /** The venue has not confirmed another limit. */
  | { kind: 'order.move_unconfirmed'; order: AnyOrder }
  /** The venue filled something of it. */
  | { kind: 'order.filled'; order: AnyOrder; position: Held; executions: Execution[] }
  /** The venue took back fills that it had told of. */
  | { kind: 'order.reversed'; order: AnyOrder; position: Held; executions: Execution[] }
  /** It ended before all of it was filled; no `because`: its member wanted that. `isClosedAgain`: another one follows for the rest. */
  | { kind: 'order.cancelled'; order: AnyOrder; because?: string; isClosedAgain?: boolean }
  /** The venue has not said that it is cancelled. `opensAgain`: its position is closed, and it would open that again. */
  | { kind: 'order.cancel_unconfirmed'; order: AnyOrder; opensAgain?: boolean }
  /** Its time is over. */
  | { kind: 'order.expired'; order: AnyOrder }
  /** The venue answered for it with something else; `difference` says with what. */
  | { kind: 'order.mismatched'; order: AnyOrder; difference: string }
  | CloseNotice

/** What acts tell of a close that has no order. */
export type CloseNotice =
  /** Orders were taken back first, and what is left is not closed. */
  | { kind: 'close.rest_refused'; refusal: Refusal }
  /** It is not done any more. */
  | { kind: 'close.refused'; symbol: string; refusal: Refusal }
  /** Its process ended before the close was done, and the position was changed since. */
  | { kind: 'close.overtaken'; position: Held }
  /** What rests was not taken back within `deadlineMs`. */
  | { kind: 'close.too_late'; close: { symbol: string; limitPrice?: Big }; deadlineMs: number; position: Held }
