import type { StoredEvent } from '../../trading/events/rules/stored-event.ts'
import { isWatchType, type WatchEventType } from '../../trading/events/rules/watch-event.ts'

/** The heading of each event type. */
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
  'trading.part_stop_hit': '🛑 STOP HIT',
  'trading.part_target_hit': '🎯 TARGET HIT',
  'watching.feed_silent': '📡 NOT WATCHED',
  'watching.feed_back': '📡 WATCHED AGAIN',
  'watching.source_lost': '📡 SOURCE LOST',
  'watching.source_back': '📡 SOURCE BACK',
  'watching.weak_touch': '📡 TOUCHED ON A WEAK PRICE',
  'watching.sources_disagree': '📡 SOURCES DISAGREE',
  'risk.circuit_breaker_tripped': '🚨 CIRCUIT BREAKER TRIPPED',
  'risk.account_flat': '✓ ALL CLOSED',
}

const ownHeadings: Partial<Record<string, string>> = {
  order_error: '⚠️ ORDER DID NOT GO THROUGH',
  scaleout_error: '⚠️ SCALEOUT INTERRUPTED',
  corporate_action: '🔀 CORPORATE ACTION',
  books_differ: '🚨 BOOKS DIFFER',
  books_agree: '✓ BOOKS AGREE',
}

/** The heading of an event: `⚠️ STOP APPROACHING — BYND`. `whose` names the account when the conversation hears several. */
export function headingText(event: Pick<StoredEvent, 'type' | 'symbol'>, whose?: string): string {
  const title = isWatchType(event.type) ? headings[event.type] : (ownHeadings[event.type] ?? '🔔 EVENT')
  return [title, event.symbol ?? '', whose ?? ''].filter(Boolean).join(' — ')
}
