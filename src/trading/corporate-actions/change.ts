import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { Protection } from '../protection/rows/protective-orders.ts'
import type { ScheduledOrder } from '../schedule/rows/scheduled-orders.ts'
import type { PaidOut } from './rules/split.ts'

/** A change that an action made in an account. */
export type Change =
  /** A position and its levels, before and after. `paidOut` is the paid-out fraction. */
  | {
      kind: 'position'
      before: Position
      after: Position
      paidOut?: PaidOut
      levels: { before: Protection; after: Protection }
    }
  /** The remaining quantity of a scaleout and the count of its remaining chunks. */
  | { kind: 'scaleout'; before: Remainder; after: Remainder }
  /** An order that was taken back, with its remaining quantity, and the order that replaces it. */
  | { kind: 'order placed again'; before: AnyOrder; after: AnyOrder }
  | { kind: 'order not placed again'; order: AnyOrder; reason: Hindrance }
  /** An order that the broker had ended by itself before, and the terms of its rest in new units; absent for less than a lot. */
  | { kind: 'order ended there'; order: AnyOrder; anew?: { symbol: string; quantity: Big; limit?: Big; stop?: Big } }
  | { kind: 'order for later'; before: ScheduledOrder; after: ScheduledOrder }
  | { kind: 'order for later taken back'; order: ScheduledOrder; because: string }

/** The rest of a scaleout. */
export interface Remainder {
  quantity: Big
  chunks: number
}

/** The reason why an order is not placed again. */
export type Hindrance =
  | { kind: 'expired' }
  /** The position that it exits is no longer open. */
  | { kind: 'nothing open' }
  | { kind: 'less than a lot'; symbol: string }
  /** The gate refuses it. */
  | { kind: 'refused'; refusal: Refusal }

/** A change, and the conversation that is told of it. */
export interface ThreadChange {
  conversationId: number
  change: Change
}
