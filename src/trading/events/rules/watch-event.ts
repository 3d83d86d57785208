import { Big } from '../../../base/amounts.ts'
import type { Urgency } from './urgency.ts'

/** A position as it stood when something was seen: decimals in strings. */
export interface Seen {
  signedQuantity: string
  averageEntryPrice: string
  /** The price that was seen, in dollars. */
  price: string
  stop?: string
  target?: string
  /** Unrealized return as a share of one. */
  unrealizedReturn: string
  /** The version of the position. */
  version: number
}

/** What each type of event that watching brings forth carries, beside what was seen. */
export interface WatchEventData {
  /** `distance`: from the price to the stop, as a share of the price. */
  'position.stop_approaching': Seen & { distance: string }
  'position.target_approaching': Seen & { distance: string }
  /** `milestone`: the share of one that was crossed, such as 0.05. */
  'position.profit_milestone': Seen & { milestone: string }
  'position.time_decay': Seen & { hoursOpen: number }
  /** `because`: the broken swing level, or the flip of the trend. */
  'position.thesis_invalidation': Seen & { because: string; level?: string }
  /** `value` over `limit`: mean pairwise correlation. */
  'position.correlation_spike': Seen & { value: string; limit: string }
  /** `value` over `limit`: realized volatility over its own mean. */
  'position.volatility_spike': Seen & { value: string; limit: string }
  /** `level`: the stop that was touched; `orderId`: the protective order. */
  'trading.stop_loss_triggered': Seen & { level: string; protectiveOrderId: number }
  'trading.take_profit_hit': Seen & { level: string; protectiveOrderId: number }
  /** No price comes for a position with a stop or target; `since`: the last one that came, an ISO date. */
  'watching.feed_silent': Seen & { since: string }
  'watching.feed_back': Seen & { since: string }
  /**
   * Loss of the day over its limit as shares of the equity at the day's start, or the command of a member. `account`:
   * whose it is; `open`: how many positions were open at a command.
   */
  'risk.circuit_breaker_tripped': { because: string; loss?: string; limit?: string; account?: string; open?: number }
  /** The breaker has closed all of an account; `because`: why it tripped, `loss`: the loss of the day, in words. */
  'risk.account_flat': { because: string; loss?: string }
}

export type WatchEventType = keyof WatchEventData

const urgencies: Record<WatchEventType, Urgency> = {
  'position.stop_approaching': 'HIGH',
  'position.target_approaching': 'MEDIUM',
  'position.profit_milestone': 'MEDIUM',
  'position.time_decay': 'MEDIUM',
  'position.thesis_invalidation': 'HIGH',
  'position.correlation_spike': 'LOW',
  'position.volatility_spike': 'LOW',
  'trading.stop_loss_triggered': 'CRITICAL',
  'trading.take_profit_hit': 'CRITICAL',
  'watching.feed_silent': 'HIGH',
  'watching.feed_back': 'HIGH',
  'risk.circuit_breaker_tripped': 'CRITICAL',
  'risk.account_flat': 'LOW',
}

/** All types of events that watching brings forth. */
export const watchTypes = Object.keys(urgencies) as WatchEventType[]

const highMilestone = new Big('0.2')

/** A watch event of one type or another. */
export type WatchEvent = { [Type in WatchEventType]: { type: Type; data: WatchEventData[Type] } }[WatchEventType]

/** Is this the type of an event that watching brings forth? */
export function isWatchType(type: string): type is WatchEventType {
  return Object.hasOwn(urgencies, type)
}

/** How soon somebody has to hear of it; a milestone from +20% is HIGH. */
export function watchUrgency(event: WatchEvent): Urgency {
  const isHigh = event.type === 'position.profit_milestone' && new Big(event.data.milestone).gte(highMilestone)
  return isHigh ? 'HIGH' : urgencies[event.type]
}
