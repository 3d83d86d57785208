import type { Side } from '../../positions/rules/position.ts'
import type { Speed } from '../../scaleouts/rules/scaleout-plan.ts'
import type { Urgency } from './urgency.ts'
import { isWatchType, type WatchEvent, type WatchEventData, watchUrgency } from './watch-event.ts'

/** The purpose of an exit outside of scaleouts. */
export type ExitPurpose = 'close' | 'trim' | 'stop' | 'target' | 'breaker'

/** The data of an order that works, or worked, at the venue. `number`, `limitPrice` and `stopPrice` are absent for a market order. */
export interface WorkingOrderData {
  purpose: ExitPurpose | 'open'
  side: Side
  quantity: string
  number?: number
  limitPrice?: string
  stopPrice?: string
}

/** The data of each type of event. Quantities, prices and dollars are decimals in strings. */
export interface EventData extends WatchEventData {
  position_opened: { direction: string; quantity: string; price: string }
  position_added: { side: Side; quantity: string; price: string; realizedPnl: string; signedQuantity: string }
  position_updated: { before: string; after: string; price: string }
  position_replaced: { before: string; after: string; price: string }
  /** `left` is the open quantity afterwards. */
  order_filled: {
    purpose: ExitPurpose | 'open'
    side: Side
    quantity: string
    price: string
    realizedPnl: string
    left: string
    /** The order had rested at the venue, so nobody was waiting for its fill. */
    rested?: boolean
  }
  order_error: { purpose: ExitPurpose | 'open'; error: string }
  /** `expiresAt` is an ISO date. */
  order_working: WorkingOrderData & { expiresAt?: string }
  order_moved: WorkingOrderData & { was: string }
  /** `rejected`: the venue had taken the order, and then rejected it; `because` has its words. */
  order_cancelled: WorkingOrderData & { because: string; rejected?: boolean }
  order_expired: WorkingOrderData
  scaleout_start: {
    speed: Speed
    side: Side
    quantity: string
    chunks: number
    decisionPrice: string
    /** A length of the member's own, in planned milliseconds. */
    lengthMs?: number
  }
  scaleout_progress: {
    chunk: number
    chunks: number
    side: Side
    quantity: string
    price: string
    realizedPnl: string
    remaining: string
    totalPnl: string
  }
  scaleout_complete: { side: Side; quantity: string; chunks: number; totalPnl: string; shortfall: string }
  scaleout_cancelled: { because: string; sold: string; left: string; side: Side }
  scaleout_error: { chunk: number; error: string; inARow: number; retryAt?: string; left: string }
  /** An order for later has ended. `what` and `outcome` are words. */
  scheduled_ended: { what: string; outcome: string }
  /** A weak price reached the level of an order for later on a linked account, and did nothing. `price` in dollars; `because` is why it is weak. */
  scheduled_weak_touch: { what: string; price: string; because: string }
  /** `trail` is a share of one, `trailDollars` counts instead; `was` is the level that it replaces. */
  /** `quantity` is the part of the position that the level closes; without it, all of it. */
  protection_set: {
    kind: 'stop' | 'target'
    price: string
    quantity?: string
    trail?: string
    trailDollars?: string
    was?: string
  }
  protection_cancelled: { kind: 'stop' | 'target'; price: string; quantity?: string; because: string }
  /** `what` describes the undone act in words. */
  undone: { what: string }
  /** A split or a rename in words, with the position before and after, if there was one. */
  corporate_action: { what: string; before?: string; after?: string }
  /** The venue of a linked account shows another quantity than the desk (signed units), and nothing explains it. */
  books_differ: { ledger: string; venue: string; gap: string }
  /** The difference is over; `because` is its explanation. */
  books_agree: { because: string }
}

export type EventType = keyof EventData

/** Something that happened on the desk. */
export type DeskEvent = {
  [Type in EventType]: {
    type: Type
    data: EventData[Type]
    /** Absent when the event concerns a whole account. */
    symbol?: string
    accountId: number
    memberId: number
    positionId?: number
    scaleoutId?: number
    conversationId?: number
    at: Date
    /** An event with a key is written once, however many workers see its cause. */
    dedupeKey?: string
  }
}[EventType]

/** The urgency of an event. */
export function urgencyOf(event: Pick<DeskEvent, 'type' | 'data'>): Urgency {
  if (isWatchType(event.type)) return watchUrgency(event as WatchEvent)
  if (event.type === 'corporate_action') return 'MEDIUM'
  return ['scaleout_error', 'order_error', 'books_differ', 'scheduled_weak_touch'].includes(event.type) ? 'HIGH' : 'LOW'
}
