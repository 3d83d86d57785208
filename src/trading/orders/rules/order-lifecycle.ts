import { type Big, zero } from '../../../base/amounts.ts'

/** The states of an order, as far as the desk knows. */
export const orderStates = [
  /** Committed; the venue has not answered yet. */
  'new',
  /** Sent, with an unknown outcome: ask the venue, and never assume either outcome. */
  'unknown',
  /** The venue has it, without a fill. */
  'working',
  'partly_filled',
  /** A cancel is wanted, and the end is not known yet. */
  'cancel_asked',
  /** Another limit is wanted, and the result is not known yet. */
  'replace_asked',
  'filled',
  'cancelled',
  'expired',
  /** The venue refused it, or it never reached the venue. */
  'refused',
] as const

export type OrderState = (typeof orderStates)[number]

/** The news and wishes that change an order. */
export const orderChanges = [
  'no_answer',
  'accepted',
  'refused',
  /** It certainly never reached the venue. */
  'lost',
  /** A fill that leaves a rest. */
  'part',
  /** A fill that leaves no rest. */
  'whole',
  'cancel_asked',
  /** The venue keeps an order that was to be cancelled. */
  'cancel_refused',
  'cancelled',
  'expired',
  'replace_asked',
  /** It has the new limit, or keeps the old one. */
  'replace_settled',
  /** The venue reversed a fill. */
  'reversed',
] as const

export type OrderChange = (typeof orderChanges)[number]

/** States in which an order may still be filled, so its quantity is reserved. */
export const liveStates = ['new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked'] as const

const live = new Set<OrderState>(liveStates)
/** States in which the venue may never have had the order. */
const refusable = new Set<OrderState>(['new', 'unknown', 'cancel_asked'])

/** Is the order still live? */
export function isLive({ state }: { state: OrderState }): boolean {
  return live.has(state)
}

/** The filled part of an order. */
export interface OrderProgress {
  /** Units as sent. */
  quantity: Big
  /** Units; more than `quantity` when the venue overfilled it. */
  filledQuantity: Big
  /** Sum of quantity times price over its fills, in dollars. */
  filledValue: Big
}

/** The unfilled units of a live order. */
export function leftOf({ quantity, filledQuantity }: Pick<OrderProgress, 'quantity' | 'filledQuantity'>): Big {
  const left = quantity.minus(filledQuantity)
  return left.gt(0) ? left : zero
}

/** Quantity-weighted average price of the fills, in dollars a unit; zero without fills. */
export function averageFillPrice({ filledQuantity, filledValue }: Omit<OrderProgress, 'quantity'>): Big {
  return filledQuantity.eq(0) ? zero : filledValue.div(filledQuantity)
}

/**
 * The state after a change. Pure; the same news in any order, once or twice, leads to the same state.
 *
 * - An end stays, with two exceptions: `refused` was wrong if the venue later shows the order or a fill of it, and an order
 *   that is wholly filled is `filled`, however it seemed to have ended.
 * - A wish (`cancel_asked`, `replace_asked`) stays until the venue reports its result; fills do not change it.
 * - `filled` changes only when the venue reverses a fill: then the rest is over, and the order is `cancelled`.
 *
 * `isPartlyFilled`: a part of it was filled before, or by this change.
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
      // A confirmed or filled order cannot be refused any more; its end comes as other news.
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

/**
 * The state of an order that ended here when its account was unlinked, and is followed again because its venue shows it open: the end
 * was the desk's alone. Any other end stays.
 */
export function followedAgain(state: OrderState, isPartlyFilled: boolean): OrderState {
  if (state !== 'cancelled') return state
  return isPartlyFilled ? 'partly_filled' : 'working'
}

/** Does the reason of an end say anything about an order in this state? One that works or was filled may have one of an earlier end. */
export const hasReason = (state: OrderState) => state !== 'working' && state !== 'partly_filled' && state !== 'filled'

function isEnd(state: OrderState, butRefused?: 'but refused'): boolean {
  return !live.has(state) && !(butRefused && state === 'refused')
}
