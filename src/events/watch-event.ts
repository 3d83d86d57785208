import type { Urgency } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
import { averageText, percentText, priceText, quantityText } from '../trading/format.ts'

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
  /** Loss of the day over its limit as shares of the equity at the day's start, or the command of an owner. */
  'risk.circuit_breaker_tripped': { because: string; loss?: string; limit?: string }
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
  'risk.circuit_breaker_tripped': '🚨 CIRCUIT BREAKER TRIPPED',
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
  'risk.circuit_breaker_tripped': 'CRITICAL',
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
  if (event.type === 'risk.circuit_breaker_tripped') return event.data.because
  const { signedQuantity, averageEntryPrice, price, unrealizedReturn } = event.data
  const direction = signedQuantity.startsWith('-') ? 'SHORT' : 'LONG'
  const position = `${direction} ${quantityText(new Big(signedQuantity))} @ ${averageText(new Big(averageEntryPrice))}`
  return `${position} · now ${priceText(new Big(price))} · ${detail(event, new Big(unrealizedReturn))}`
}

function detail(event: Exclude<WatchEvent, { type: 'risk.circuit_breaker_tripped' }>, unrealizedReturn: Big): string {
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
    case 'trading.stop_loss_triggered':
      return `stop ${dollars(event.data.level)} touched`
    case 'trading.take_profit_hit':
      return `target ${dollars(event.data.level)} touched`
  }
}
