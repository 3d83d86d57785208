import { Big } from '../../../base/amounts.ts'
import type { Urgency } from './urgency.ts'

/** The state of a position when the watch saw something; decimals are strings. */
export interface Seen {
  signedQuantity: string
  averageEntryPrice: string
  /** The observed price, in dollars. */
  price: string
  stop?: string
  target?: string
  /** Unrealized return as a share of one. */
  unrealizedReturn: string
  /** The version of the position. */
  version: number
}

/**
 * A source and the account's open positions that depend on it, as symbols with commas between them: `alone` are those that
 * nothing else serves, `replaced` those that the source `fallback` serves meanwhile. `since` is an ISO date. `broker` is true when the
 * source is the account's broker and not one of prices.
 */
export interface SourceData {
  source: string
  since: string
  alone?: string
  replaced?: string
  fallback?: string
  broker?: boolean
}

/** The data of each type of watch event, beside the state of the position. */
export interface WatchEventData {
  /** `distance` is from the price to the stop, as a share of the price. */
  'position.stop_approaching': Seen & { distance: string }
  'position.target_approaching': Seen & { distance: string }
  /** `milestone` is the crossed share of one, such as 0.05. */
  'position.profit_milestone': Seen & { milestone: string }
  'position.time_decay': Seen & { hoursOpen: number }
  /** `because` is the broken swing level, or the flip of the trend. */
  'position.thesis_invalidation': Seen & { because: string; level?: string }
  /** Mean pairwise correlation: `value` is over `limit`. */
  'position.correlation_spike': Seen & { value: string; limit: string }
  /** Realized volatility over its own mean: `value` is over `limit`. */
  'position.volatility_spike': Seen & { value: string; limit: string }
  /** `level` is the touched stop; `protectiveOrderId` is its protective order. */
  'trading.stop_loss_triggered': Seen & { level: string; protectiveOrderId: number }
  'trading.take_profit_hit': Seen & { level: string; protectiveOrderId: number }
  /** `level` is the price of the touched level, and `quantity` the part of the position that it closes, in units. */
  'trading.part_stop_hit': Seen & { level: string; quantity: string; partLevelId: number }
  'trading.part_target_hit': Seen & { level: string; quantity: string; partLevelId: number }
  /** A position with a stop or target gets no price. `since` is the time of the last price, an ISO date. */
  'watching.feed_silent': Seen & { since: string }
  'watching.feed_back': Seen & { since: string }
  /** A source of prices, or the account's broker, does not answer. */
  'watching.source_lost': SourceData & { because: string }
  /** It answers again. `since` is the beginning of the outage. */
  'watching.source_back': SourceData
  /**
   * A stop, a target (`level`, in dollars) or the limit of the day's loss was touched on a linked account, by a price that alone
   * is not enough for that, `because` of this.
   */
  'watching.weak_touch': Seen & { what: 'stop' | 'target' | 'day loss'; because: string; level?: string }
  /** Two sources say different prices; `because` has both. */
  'watching.sources_disagree': Seen & { because: string }
  /**
   * The circuit breaker tripped, by a loss or by a member's command. `loss` and `limit` are shares of the equity at the day's
   * start. `account` names the account and its member; `open` is the number of open positions at a command.
   */
  'risk.circuit_breaker_tripped': { because: string; loss?: string; limit?: string; account?: string; open?: number }
  /**
   * The breaker has closed all positions of an account. `because` is why it tripped; `loss` is the loss of the day in words.
   */
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
  'trading.part_stop_hit': 'CRITICAL',
  'trading.part_target_hit': 'CRITICAL',
  'watching.feed_silent': 'HIGH',
  'watching.feed_back': 'HIGH',
  'watching.source_lost': 'HIGH',
  'watching.source_back': 'HIGH',
  'watching.weak_touch': 'HIGH',
  'watching.sources_disagree': 'MEDIUM',
  'risk.circuit_breaker_tripped': 'CRITICAL',
  'risk.account_flat': 'LOW',
}

/** All types of watch events. */
export const watchTypes = Object.keys(urgencies) as WatchEventType[]

const highMilestone = new Big('0.2')

/** A watch event of any type. */
export type WatchEvent = { [Type in WatchEventType]: { type: Type; data: WatchEventData[Type] } }[WatchEventType]

/** Is this the type of a watch event? */
export function isWatchType(type: string): type is WatchEventType {
  return Object.hasOwn(urgencies, type)
}

/** The urgency of a watch event; a milestone from +20% is HIGH, a lost source that another one replaces is MEDIUM. */
export function watchUrgency(event: WatchEvent): Urgency {
  const isReplaced = isAboutSource(event) && event.data.alone === undefined
  if (isReplaced) return 'MEDIUM'
  const isHigh = event.type === 'position.profit_milestone' && new Big(event.data.milestone).gte(highMilestone)
  return isHigh ? 'HIGH' : urgencies[event.type]
}

/** An event about a source instead of a position. */
export type SourceEvent = Extract<WatchEvent, { type: 'watching.source_lost' | 'watching.source_back' }>

/** Is an event about a source? */
export const isAboutSource = (event: WatchEvent): event is SourceEvent =>
  event.type === 'watching.source_lost' || event.type === 'watching.source_back'
