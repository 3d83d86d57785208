import type { Big } from '../../base/amounts.ts'
import type { Quote } from '../../market/market.ts'
import type { Execution } from '../orders/apply-news.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { ClosingTry } from './close-now/tried.ts'
import type { AtVenue } from './rows/at-venue.ts'
import type { ClosingOrder, ClosingPurpose } from './rows/closings.ts'
import type { EntryLevel } from './rows/entry-levels.ts'
import type { PartLevel } from './rows/part-levels.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from './rows/protective-orders.ts'

/** Notices about the protection of a position, and about positions that are closed at once. */
export type ProtectionNotice =
  /** Levels of these kinds were set. `protection` is the present protection, `before` the former one. */
  | {
      kind: 'protection.set'
      kinds: ProtectionKind[]
      position: Position
      quote: Quote
      protection: Protection
      before: Protection
      /** Levels of parts that ended, because all is closed before the price gets to them. */
      behind: PartLevel[]
      /** The reason why the present price alone would not trigger them. */
      weak?: string
    }
  /** A level of a part was set. `replaced` has ended for it. `protection` is the present protection. */
  | {
      kind: 'protection.part_set'
      level: PartLevel
      position: Position
      quote: Quote
      protection: Protection
      replaced: PartLevel[]
      /** The reason why the present price alone would not trigger it. */
      weak?: string
    }
  /** The first fill of an order has set the levels that the order brought along. */
  | {
      kind: 'protection.began'
      kinds: ProtectionKind[]
      position: Position
      protection: Protection
      behind: PartLevel[]
    }
  /** An order with these levels waits for its first fill. */
  | { kind: 'protection.waits'; symbol: string; levels: EntryLevel[] }
  /** Levels were removed. */
  | { kind: 'protection.removed'; position: Position; ended: (ProtectiveOrder | PartLevel)[] }
  | VenueProtectionNotice
  | ClosingNotice
  | BreakerNotice

/** Notices about protection that rests at the venue. */
export type VenueProtectionNotice =
  /** It rests there. */
  | { kind: 'protection.at_venue'; order: AnyOrder; position: Position }
  /** The venue has ended it, or did not take it; the desk's own levels take over. */
  | { kind: 'protection.lost'; order: AnyOrder; position: Position; because: string }
  /** The venue has not said for a while that it has it, or cannot be reached: the desk's own levels protect. */
  | { kind: 'protection.unconfirmed'; order: AnyOrder; position: Position; isNowhere: boolean }
  /** It does not rest there, and the desk's own levels protect; `because` says why. */
  | { kind: 'protection.by_desk'; position: Position; because: string }

/** Notices about a position that is closed at once. The order is in its state after the change. */
export type ClosingNotice =
  /** The position was closed, or a part of it. */
  /** `level`: the price of the touched stop or target, in dollars. */
  | {
      kind: 'closing.filled'
      order: ClosingOrder
      position: Position
      executions: Execution[]
      level?: Big
      /** The level rested at the venue, which closed the position by itself. */
      isAtVenue?: boolean
    }
  /** The venue has not filled the order for `forMs` milliseconds. */
  | { kind: 'closing.stuck'; order: ClosingOrder; because: string; forMs: number }
  /** The venue has been filling the order for `forMs` milliseconds. */
  | { kind: 'closing.filling'; order: ClosingOrder; forMs: number }
  /**
   * The venue is closed: the order waits there, or is sent when it opens. `zone` is the member's. `isAssumed`: it does not answer, and
   * the exchange's calendar says so.
   */
  | {
      kind: 'closing.waits_for_open'
      order: ClosingOrder
      opensAt: Date
      isAssumed?: boolean
      zone: string
      now: Date
    }
  /** Other orders hold the whole position, and their outcome is unknown. `atVenue`: the protection at the venue is among them. */
  | { kind: 'closing.blocked'; purpose: ClosingPurpose; position: Position; forMs: number; atVenue?: AtVenue }
  /** A person gave the close up, and the order is over: the venue never took it, or has ended it. */
  | { kind: 'closing.given_up'; order: ClosingOrder; position: Position }
  /** A close that the venue refused each time is over because of a split. `stands`: its levels stand again, in new units. */
  | { kind: 'closing.withdrawn'; order: ClosingOrder; words: string; because: string; stands: boolean }
  /** A person gave the orders up: the result for each. */
  | { kind: 'closing.give_up_tried'; tries: ClosingTry[] }
  /** A person asked for a close that is under way: each order was tried once more. */
  | { kind: 'closing.pushed'; tries: ClosingTry[] }

/** Notices about the circuit breaker of an account. */
export type BreakerNotice =
  /** The breaker tripped; `memberName` is the member of the halted account. */
  | { kind: 'breaker.tripped'; memberName: string; because: string }
  /** The breaker has closed all positions of the account; `loss` is the stored text about the loss of the day. */
  | { kind: 'breaker.flat'; because: string; loss?: string }
