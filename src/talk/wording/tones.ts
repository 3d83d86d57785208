import type { AgentNotice } from '../../agents/notices.ts'
import type { RunNotice } from '../../strategies/runs/notices.ts'
import { isWatchType, type WatchEventType } from '../../trading/events/rules/watch-event.ts'
import type { Notice } from '../../trading/notice.ts'
import type { Execution } from '../../trading/orders/apply-news.ts'
import type { WatchNotice } from '../../watch/notices.ts'
import { type Tone, toneOfProfit } from '../chat/tone.ts'
import { profitTold } from './fills.ts'
import { profitOf } from './scaleout-groups.ts'

/** The tone of each event that the watch sees. */
const toneOfWatch: Record<WatchEventType, Tone | undefined> = {
  'position.stop_approaching': 'warning',
  'position.target_approaching': undefined,
  'position.profit_milestone': 'gain',
  'position.time_decay': undefined,
  'position.thesis_invalidation': 'warning',
  'position.correlation_spike': 'warning',
  'position.volatility_spike': 'warning',
  'trading.stop_loss_triggered': 'critical',
  'trading.take_profit_hit': 'gain',
  'trading.part_stop_hit': 'critical',
  'trading.part_target_hit': 'gain',
  'watching.feed_silent': 'warning',
  'watching.feed_back': undefined,
  'watching.source_lost': 'warning',
  'watching.source_back': undefined,
  'watching.weak_touch': 'warning',
  'watching.sources_disagree': 'warning',
  'risk.circuit_breaker_tripped': 'critical',
  'risk.account_flat': undefined,
}

/** Something did not go as it was asked for: the member should look. */
const warning = () => 'warning' as const
/** The member should act now. */
const critical = () => 'critical' as const

type One = Notice | WatchNotice | RunNotice | AgentNotice

/** The tones of notices. The others have none. */
const tones: { [Kind in One['kind']]?: (notice: Extract<One, { kind: Kind }>) => Tone | undefined } = {
  'link.given': ({ mode }) => (mode === 'live' ? 'warning' : undefined),
  'agent.waits': warning,
  'agent.rejected': warning,
  'agent.cut': warning,
  'agent.halted': warning,
  'account.refused': critical,
  'account.unprotected': critical,
  'run.ended': ({ run }) => (run.state === 'error' ? 'warning' : undefined),
  'run.told': ({ run }) => (run.state === 'error' ? 'warning' : undefined),
  'run.untold': warning,
  'email.undelivered': warning,
  'schedule.refused': warning,
  'schedule.reached_weakly': warning,
  'order.filled': ({ order, executions }) => {
    if (isOdd(executions)) return 'warning'
    return order.purpose === 'open' ? undefined : toneOfProfit(profitTold(order, executions))
  },
  'order.rejected': warning,
  'order.cancelled': ({ isRejected }) => (isRejected ? 'warning' : undefined),
  'order.not_sent': warning,
  'order.reversed': warning,
  'order.mismatched': critical,
  'books.mismatch': critical,
  'books.external': warning,
  'close.rest_refused': warning,
  'close.waits': warning,
  'close.replaced': warning,
  'close.refused': warning,
  'close.overtaken': warning,
  'close.too_late': warning,

  'position.replaced': ({ realizedPnl }) => toneOfProfit(realizedPnl),
  'position.added': ({ isNetted, realizedPnl }) => (isNetted ? toneOfProfit(realizedPnl) : undefined),

  'closing.filled': ({ order, executions }) => {
    if (order.purpose !== 'target') return 'critical'
    return isOdd(executions) ? 'warning' : toneOfProfit(profitTold(order, executions))
  },
  'protection.lost': critical,
  'protection.by_desk': warning,
  'closing.stuck': critical,
  'closing.waits_for_open': critical,
  'closing.blocked': critical,
  'breaker.tripped': critical,

  'scaleout.chunk_traded': ({ filled, isLate }) => (isLate ? 'warning' : toneOfProfit(filled.realizedPnl)),
  'scaleout.chunk_untraded': warning,
  'scaleout.paused': warning,
  'scaleout.price_missing': warning,
  'scaleout.stopped': warning,
  'scaleout.completed': ({ scaleout }) => toneOfProfit(scaleout.realizedPnl),
  'scaleouts.ended': ({ scaleouts }) => toneOfProfit(profitOf(scaleouts)),

  'event.alerted': ({ event }) => toneOfEvent(event.type),
  'event.ended': ({ ended }) => toneOfProfit(ended.realizedPnl),
  'events.held': warning,
  'owners.alarmed': critical,
  'guardian.proposed': ({ event }) => toneOfEvent(event.type),
  'guardian.acted': ({ event }) => toneOfEvent(event.type),
  'guardian.missed': warning,
}

/** The tone of a notice; undefined for most. */
export function toneOf(notice: One): Tone | undefined {
  return tones[notice.kind]?.(notice as never)
}

function toneOfEvent(type: string): Tone | undefined {
  if (isWatchType(type)) return toneOfWatch[type]
  return type === 'order_error' || type === 'scaleout_error' ? 'warning' : undefined
}

const isOdd = (executions: Execution[]) => executions.some(({ oddities }) => oddities.length > 0)
