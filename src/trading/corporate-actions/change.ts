import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { Protection } from '../protection/rows/protective-orders.ts'
import type { ScheduledOrder } from '../schedule/rows/scheduled-orders.ts'
import type { PaidOut } from './rules/split.ts'

/** Something of an account that an action has changed. */
export type Change =
  /** A position, with its levels before and after. `paidOut` is its fraction. */
  | {
      kind: 'position'
      before: Position
      after: Position
      paidOut?: PaidOut
      levels: { before: Protection; after: Protection }
    }
  /** What a scaleout still has to trade, and the count of its chunks for that. */
  | { kind: 'scaleout'; before: Remainder; after: Remainder }
  /** An order that was taken back, for what was left of it, and the one that follows it. */
  | { kind: 'order placed again'; before: AnyOrder; after: AnyOrder }
  | { kind: 'order not placed again'; order: AnyOrder; reason: Hindrance }
  | { kind: 'order for later'; before: ScheduledOrder; after: ScheduledOrder }
  | { kind: 'order for later taken back'; order: ScheduledOrder; because: string }

/** What is left of a scaleout. */
export interface Remainder {
  quantity: Big
  chunks: number
}

/** Why an order is not placed again. */
export type Hindrance =
  | { kind: 'expired' }
  /** What it exits is not open any more. */
  | { kind: 'nothing open' }
  | { kind: 'less than a lot'; symbol: string }
  /** The gate refuses it. */
  | { kind: 'refused'; refusal: Refusal }

/** A change, and the conversation that is told of it. */
export interface ToldChange {
  conversationId: number
  change: Change
}
