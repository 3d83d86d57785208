import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { ProtectionKind } from '../protection/rows/part-levels.ts'
import type { Execution } from './apply-news.ts'
import type { AnyOrder } from './rows/orders.ts'
import type { OrderOfOthers } from './rows/orders-of-others.ts'
import type { WantedExit } from './rules/describe.ts'

/** The part of a position that a notice shows, in its state after the change. */
type Held = Pick<Position, 'symbol' | 'signedQuantity' | 'openCost'>

/** Notices about an order, in its state after the change. */
export type OrderNotice =
  /** The venue refused it. `position` is the open position of an exit. */
  | { kind: 'order.rejected'; order: AnyOrder; because: string; position?: Held }
  /** It did not reach the venue in time, and is no longer sent. */
  | { kind: 'order.not_sent'; order: AnyOrder; because: string }
  /** Its outcome is unknown. */
  | { kind: 'order.unconfirmed'; order: AnyOrder }
  /** The venue has accepted a market order, without a fill yet. */
  | { kind: 'order.accepted'; order: AnyOrder }
  /** It rests at the venue. */
  /** `isForTheDay`: the venue keeps it until the close and no longer, whatever was said. */
  | { kind: 'order.working'; order: AnyOrder; isForTheDay?: boolean }
  /** It is for a part of a unit, so the venue keeps it until the close of the session, and no longer. */
  /** It rests at the venue with a new limit; `was` is the old one, in dollars a unit. */
  | { kind: 'order.moved'; order: AnyOrder; was: Big }
  /** The venue has not confirmed the new limit. */
  | { kind: 'order.move_unconfirmed'; order: AnyOrder }
  /** The venue filled a part of it or all. */
  | { kind: 'order.filled'; order: AnyOrder; position: Held; executions: Execution[] }
  /** The venue reversed fills that it had reported. */
  | { kind: 'order.reversed'; order: AnyOrder; position: Held; executions: Execution[] }
  /**
   * It ended before it was filled. `because` is absent when its member wanted that. `isClosedAgain`: another order follows for
   * the rest. `isRejected`: the venue had taken it, and then rejected it.
   */
  | { kind: 'order.cancelled'; order: AnyOrder; because?: string; isClosedAgain?: boolean; isRejected?: boolean }
  /** The venue has not confirmed the cancel. `opensAgain`: its position is closed, and the order would open it again. */
  | { kind: 'order.cancel_unconfirmed'; order: AnyOrder; opensAgain?: boolean }
  /** It has expired. */
  | { kind: 'order.expired'; order: AnyOrder }
  /** Another message tells what became of it: its news were recorded before the answer to the door came. */
  | { kind: 'order.told_elsewhere'; order: AnyOrder }
  /**
   * It stood at the venue while its account was not linked, and is followed again. `filledQuantity`: units filled by now; `order` is as
   * it ended. `since`: the levels that its member has set since, and that count instead of those that it protects.
   */
  | { kind: 'order.followed_again'; order: AnyOrder; filledQuantity: Big; since: ProtectionKind[] }
  /** It stood there, too, and is taken back, since its position is gone, or less of it is free than the order would take. */
  | { kind: 'order.left_taken_back'; order: AnyOrder }
  /**
   * Orders that stand at the broker and are not the desk's keep its exits in the symbol from being taken, or may. `isBroken`: the broker
   * has refused an exit for them.
   */
  | { kind: 'order.others_in_the_way'; symbol: string; orders: OrderOfOthers[]; isBroken: boolean }
  /** They were taken back for an exit that the broker had refused for them, or at their member's word; `left` are still there. */
  | {
      kind: 'order.others_taken_back'
      symbol: string
      gone: OrderOfOthers[]
      left: OrderOfOthers[]
      isForExit: boolean
    }
  /** The venue answered for something else; `difference` describes it. */
  | { kind: 'order.mismatched'; order: AnyOrder; difference: string }
  | CloseNotice

/** Notices about an exit without an order. */
export type CloseNotice =
  /** Orders were taken back first, but the rest is not closed. */
  | { kind: 'close.rest_refused'; refusal: Refusal }
  /**
   * The venue has not given back the order that protects the position there with `heldQuantity` units, or, with `isUnconfirmed`, does not
   * say whether it has it. The exit is sent as soon as it has, within `deadlineMs`; until then its number takes it back.
   */
  | {
      kind: 'close.waits'
      exit: WantedExit
      number: number
      heldQuantity: Big
      isUnconfirmed: boolean
      deadlineMs: number
    }
  /** Its member has taken back the exit that waited. */
  | { kind: 'close.withdrawn'; exit: WantedExit; number: number }
  /** A part waited, and the whole position is being closed now. */
  | { kind: 'close.replaced'; exit: WantedExit; number?: number }
  /** The exit is no longer done. */
  | { kind: 'close.refused'; exit: WantedExit; refusal: Refusal }
  /** The position has changed while the exit waited, or since its process died. */
  | { kind: 'close.overtaken'; exit: WantedExit; position: Held }
  /** The orders in the way were not taken back within `deadlineMs`. */
  | { kind: 'close.too_late'; exit: WantedExit; deadlineMs: number; position: Held }
