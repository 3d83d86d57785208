import type { Quote } from '../../market/market.ts'
import type { Execution } from '../orders/apply-news.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { ClosingTry } from './close-now/tried.ts'
import type { ClosingOrder, ClosingPurpose } from './rows/closings.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from './rows/protective-orders.ts'

/** What acts tell of what protects a position, and of positions that are closed at once. */
export type ProtectionNotice =
  /** Levels of these kinds are set. `protection` is what protects the position now, `before` is what did until then. */
  | {
      kind: 'protection.set'
      kinds: ProtectionKind[]
      position: Position
      quote: Quote
      protection: Protection
      before: Protection
    }
  /** A stop, a target or both are taken away. */
  | { kind: 'protection.removed'; position: Position; ended: ProtectiveOrder[] }
  | ClosingNotice
  | BreakerNotice

/** What acts tell of a position that is closed at once. The order is as it is after what is told. */
export type ClosingNotice =
  /** The position is closed, or a part of it. */
  | { kind: 'closing.filled'; order: ClosingOrder; position: Position; executions: Execution[] }
  /** The venue has not filled the order, for `forMs`. */
  | { kind: 'closing.stuck'; order: ClosingOrder; because: string; forMs: number }
  /** The venue is filling the order, for `forMs`. */
  | { kind: 'closing.filling'; order: ClosingOrder; forMs: number }
  /** All of the position is in other orders, of which nobody knows what became. */
  | { kind: 'closing.blocked'; purpose: ClosingPurpose; position: Position; forMs: number }
  /** A person does not want the close any more: the venue never took the order, or has ended it. */
  | { kind: 'closing.given_up'; order: ClosingOrder; position: Position }
  /** A person gave the orders up: how far each of them can still be had back. */
  | { kind: 'closing.give_up_tried'; tries: ClosingTry[] }
  /** A person wants closed what is being closed: each order was tried once more. */
  | { kind: 'closing.pushed'; tries: ClosingTry[] }

/** What acts tell of the circuit breaker of an account. */
export type BreakerNotice =
  /** It tripped; `memberName`: whose account is halted. */
  | { kind: 'breaker.tripped'; memberName: string; because: string }
  /** It has closed all of the account; `loss`: the loss of the day, as it was stored. */
  | { kind: 'breaker.flat'; because: string; loss?: string }
