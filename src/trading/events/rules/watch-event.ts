import { Big } from '../../../base/amounts.ts'
import { averageText, exactText, percentText, priceText, quantityText } from '../../../base/format.ts'
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

/** The event of each type, as a heading. */
export const headings: Record<WatchEventType, string> = {
  'position.stop_approaching': '⚠️ STOP APPROACHING',
  'position.target_approaching': '🎯 TARGET APPROACHING',
  'position.profit_milestone': '💰 PROFIT MILESTONE',
  'position.time_decay': '⏳ OPEN FOR LONG',
  'position.thesis_invalidation': '🧭 THESIS INVALIDATED',
  'position.correlation_spike': '🔗 CORRELATION SPIKE',
  'position.volatility_spike': '🌊 VOLATILITY SPIKE',
  'trading.stop_loss_triggered': '🛑 STOP HIT',
  'trading.take_profit_hit': '🎯 TARGET HIT',
  'watching.feed_silent': '📡 NOT WATCHED',
  'watching.feed_back': '📡 WATCHED AGAIN',
  'risk.circuit_breaker_tripped': '🚨 CIRCUIT BREAKER TRIPPED',
  'risk.account_flat': '✓ ALL CLOSED',
}

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

const highMilestone = new Big('0.2')

/** A watch event of one type or another. */
export type WatchEvent = { [Type in WatchEventType]: { type: Type; data: WatchEventData[Type] } }[WatchEventType]

/** Is this the type of an event that watching brings forth? */
export function isWatchType(type: string): type is WatchEventType {
  return Object.hasOwn(headings, type)
}

/** How soon somebody has to hear of it; a milestone from +20% is HIGH. */
export function watchUrgency(event: WatchEvent): Urgency {
  const isHigh = event.type === 'position.profit_milestone' && new Big(event.data.milestone).gte(highMilestone)
  return isHigh ? 'HIGH' : urgencies[event.type]
}

/** What was seen, in a line: `LONG 3,750 @ $0.63 · now $0.561 · stop $0.55 (1.96% away)`. */
export function watchText(event: WatchEvent): string {
  if (event.type === 'risk.circuit_breaker_tripped') return trippedText(event.data)
  if (event.type === 'risk.account_flat') return flatText(event.data)
  const { signedQuantity, averageEntryPrice, price, unrealizedReturn } = event.data
  const direction = signedQuantity.startsWith('-') ? 'SHORT' : 'LONG'
  const position = `${direction} ${quantityText(new Big(signedQuantity))} @ ${averageText(new Big(averageEntryPrice))}`
  return `${position} · now ${priceText(new Big(price))} · ${detail(event, new Big(unrealizedReturn))}`
}

/** Whose account is halted, why, what is done about it, and what a person can do: all of it, for whoever reads nothing else. */
function trippedText({ because, account }: WatchEventData['risk.circuit_breaker_tripped']): string {
  const whose = account ? `The account ${account}` : 'The account'
  return `${because}. ${whose} is HALTED: what is open is being closed, and nothing is opened until an owner says \`resume\``
}

/** The end of what a tripped breaker began. */
function flatText({ because, loss }: WatchEventData['risk.account_flat']): string {
  const lost = loss ? `\n${loss}` : ''
  return `Nothing is open any more; the account is HALTED until an owner says \`resume\` (${because})${lost}`
}

/** `your stop $0.55 and target $0.70`. */
function levelsText({ stop, target }: Seen): string {
  const levels = [stop && `stop ${priceText(new Big(stop))}`, target && `target ${priceText(new Big(target))}`]
  return `your ${levels.filter(Boolean).join(' and ')}`
}

const isOrAre = ({ stop, target }: Seen) => (stop && target ? 'are' : 'is')

function detail(event: Exclude<WatchEvent, { type: `risk.${string}` }>, unrealizedReturn: Big): string {
  const dollars = (text = '0') => priceText(new Big(text))
  const away = (distance: string) => `${percentText(new Big(distance).abs()).slice(1)} away`
  switch (event.type) {
    case 'position.stop_approaching':
      return `stop ${dollars(event.data.stop)} (${away(event.data.distance)})`
    case 'position.target_approaching':
      return `target ${dollars(event.data.target)} (${away(event.data.distance)})`
    case 'position.profit_milestone':
      return `P&L ${percentText(unrealizedReturn)}, past ${percentText(new Big(event.data.milestone))}`
    case 'position.time_decay':
      return `open for ${event.data.hoursOpen} h, P&L ${percentText(unrealizedReturn)}`
    case 'position.thesis_invalidation':
      return event.data.because
    case 'position.correlation_spike':
      return `mean correlation ${event.data.value}, limit ${event.data.limit}`
    case 'position.volatility_spike':
      return `volatility ${event.data.value}× its mean, limit ${event.data.limit}×`
    case 'watching.feed_silent':
      return `${levelsText(event.data)} ${isOrAre(event.data)} not watched: no fresh price has come since ${exactText(new Date(event.data.since))}. The desk closes nothing at these levels until prices are back. 💡 Look at the price elsewhere; \`quote\` says what is wrong with it here, \`close\` goes through as soon as the venue has a price`
    case 'watching.feed_back':
      return `prices come again: ${levelsText(event.data)} ${isOrAre(event.data)} watched. There was no fresh price from ${exactText(new Date(event.data.since))} on`
    case 'trading.stop_loss_triggered':
      return `stop ${dollars(event.data.level)} touched`
    case 'trading.take_profit_hit':
      return `target ${dollars(event.data.level)} touched`
  }
}
