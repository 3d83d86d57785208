import { type Big, zero } from '../../../base/amounts.ts'

/** How an order stands, as far as the desk knows. */
export const orderStates = [
  /** Committed; the venue has not answered yet. */
  'new',
  /** Sent, and nobody knows whether it came: it is asked for, and never assumed either way. */
  'unknown',
  /** The venue has it, and has filled nothing of it. */
  'working',
  'partly_filled',
  /** Somebody wants it cancelled, and its end is not known yet. */
  'cancel_asked',
  /** It is to have another limit, and nobody knows yet whether it has. */
  'replace_asked',
  'filled',
  'cancelled',
  'expired',
  /** The venue did not take it, or it never came there. */
  'refused',
] as const

export type OrderState = (typeof orderStates)[number]

/** What is learned of an order, or asked for. */
export const orderChanges = [
  'no_answer',
  'accepted',
  'refused',
  /** It is certain that it never came to the venue. */
  'lost',
  /** A fill that leaves some of it. */
  'part',
  /** A fill that leaves nothing of it. */
  'whole',
  'cancel_asked',
  /** The venue goes on with an order that was to be cancelled. */
  'cancel_refused',
  'cancelled',
  'expired',
  'replace_asked',
  /** It has another limit now, or keeps the one that it had. */
  'replace_settled',
  /** A fill was taken back by the venue. */
  'reversed',
] as const

export type OrderChange = (typeof orderChanges)[number]

/** States in which an order may still be filled: its quantity counts as on its way. */
export const liveStates = ['new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked'] as const
/** Live states in which the venue has said that it has the order, unless it was to be cancelled before that. */
export const confirmedStates = ['working', 'partly_filled', 'cancel_asked', 'replace_asked'] as const

const live = new Set<OrderState>(liveStates)
/** States in which the venue may never have had the order. */
const refusable = new Set<OrderState>(['new', 'unknown', 'cancel_asked'])

/** Has the order no end yet? */
export function isLive({ state }: { state: OrderState }): boolean {
  return live.has(state)
}

/** What has been traded of an order. */
export interface OrderProgress {
  /** Units, as it was sent. */
  quantity: Big
  /** Units; more than `quantity` when the venue filled too much. */
  filledQuantity: Big
  /** Sum over its fills of quantity times price, in dollars. */
  filledValue: Big
}

/** What may still be filled of a live order, in units. */
export function leftOf({ quantity, filledQuantity }: Pick<OrderProgress, 'quantity' | 'filledQuantity'>): Big {
  const left = quantity.minus(filledQuantity)
  return left.gt(0) ? left : zero
}

/** Quantity-weighted price of what was filled, in dollars a unit; zero when nothing was. */
export function averageFillPrice({ filledQuantity, filledValue }: Omit<OrderProgress, 'quantity'>): Big {
  return filledQuantity.eq(0) ? zero : filledValue.div(filledQuantity)
}

/**
 * The state after a change; a pure function, so that the same news in any order, once or twice, ends in the same place.
 *
 * - An end stays, whatever is heard later, but for two: `refused` was wrong when the venue shows the order or a fill of it,
 *   and what is filled whole is `filled`, however it seemed to have ended.
 * - A wish (`cancel_asked`, `replace_asked`) stays until the venue says what came of it; fills move it no further.
 * - `filled` is left only when the venue takes a fill back: then the rest is over, and the order is `cancelled`.
 *
 * `isPartlyFilled`: some of it was filled before, or by this change.
 */
export function nextState(state: OrderState, change: OrderChange, isPartlyFilled: boolean): OrderState {
  const working = isPartlyFilled ? 'partly_filled' : 'working'
  switch (change) {
    case 'whole':
      return 'filled'
    case 'part':
      return state === 'cancel_asked' || state === 'replace_asked' || isEnd(state, 'but refused')
        ? state
        : 'partly_filled'
    case 'accepted':
      return state === 'new' || state === 'unknown' || state === 'refused' ? working : state
    case 'no_answer':
      return state === 'new' ? 'unknown' : state
    case 'refused':
    case 'lost':
      // What the venue has confirmed, or filled, was not refused; its end comes in other words.
      return !isPartlyFilled && refusable.has(state) ? 'refused' : state
    case 'cancel_asked':
      return isEnd(state) ? state : 'cancel_asked'
    case 'cancel_refused':
      return state === 'cancel_asked' ? working : state
    case 'cancelled':
      return isEnd(state, 'but refused') ? state : 'cancelled'
    case 'expired':
      return isEnd(state, 'but refused') ? state : 'expired'
    case 'replace_asked':
      return state === 'working' || state === 'partly_filled' ? 'replace_asked' : state
    case 'replace_settled':
      return state === 'replace_asked' ? working : state
    case 'reversed':
      if (state === 'filled') return 'cancelled'
      return state === 'partly_filled' ? working : state
  }
}

function isEnd(state: OrderState, butRefused?: 'but refused'): boolean {
  return !live.has(state) && !(butRefused && state === 'refused')
}
