import { criticalEvents, type TouchedEvent } from '../ledger/critical-events.ts'
import { together } from '../together.ts'
import { Big } from '../trading/amounts.ts'
import { closeAccount } from './breaker.ts'
import { createCriticalCloses } from './critical-close.ts'
import type { Closing } from './critical-place.ts'
import type { Parts } from './parts.ts'

/**
 * What answers critical events, by an algorithm and nothing else: a touched stop or target closes its position, a
 * tripped breaker its account. Answers with the milliseconds after which to go on with an event; undefined when there
 * is nothing left to do. Throws when Postgres does not answer.
 */
export function createCritical(parts: Parts): (eventId: number) => Promise<number | undefined> {
  const closes = createCriticalCloses(parts)
  const load = together((ids: number[]) => criticalEvents(parts.db, ids))
  return async (eventId) => {
    const event = await load(eventId)
    if (!event) return undefined
    if (event.type === 'risk.circuit_breaker_tripped') return closeAccount(parts, closes, event)
    const again = await closes.close(closingOf(event))
    if (again === undefined) {
      const latency_ms = parts.clock.now().getTime() - event.at.getTime()
      const { id, type, positionId, memberId } = event
      parts.log.info(
        {
          event_id: id,
          position_id: positionId,
          member_id: memberId,
          event_type: type,
          urgency: 'CRITICAL',
          latency_ms,
        },
        'critical event settled',
      )
    }
    return again
  }
}

function closingOf(event: TouchedEvent): Closing {
  const purpose = event.type === 'trading.stop_loss_triggered' ? 'stop' : 'target'
  const { protectiveOrderId, price } = event.data
  return {
    eventId: event.id,
    positionId: event.positionId,
    symbol: event.symbol,
    purpose,
    key: `${purpose}-${protectiveOrderId}`,
    protectiveOrderId,
    memberId: event.memberId,
    conversationId: event.conversationId ?? undefined,
    seenPrice: new Big(price),
  }
}
