import { type CriticalEvent, criticalEvents, type TouchedEvent } from '../../ledger/critical-events.ts'
import { together } from '../../together.ts'
import { Big } from '../../trading/amounts.ts'
import type { Parts } from '../parts.ts'
import { closeAccount } from './breaker.ts'
import { createCriticalCloses } from './close.ts'
import type { Closing } from './place.ts'

/** Events of the same price come together: whoever looks after one takes along what was raised in so many milliseconds. */
const sameBurstMs = 1000

/**
 * What answers critical events, by an algorithm and nothing else: a touched stop or target closes its position, a
 * tripped breaker its account. Answers with the milliseconds after which to go on with an event; undefined when there
 * is nothing left to do. Throws when Postgres does not answer.
 *
 * The first event of a burst begins what the others ask for as well, before their jobs are fetched one by one; each job
 * then joins what is under way for its event, or finds it done.
 */
export function createCritical(parts: Parts): (eventId: number) => Promise<number | undefined> {
  const closes = createCriticalCloses(parts)
  const underway = new Map<number, Promise<number | undefined>>()

  const load = together(async (ids: number[]) => {
    const since = new Date(parts.clock.now().getTime() - sameBurstMs)
    const events = await criticalEvents(parts.db, ids, since)
    const wanted = new Set(ids)
    for (const event of events.values()) if (!wanted.has(event.id)) takeAlong(event)
    return ids.map((id) => events.get(id))
  })

  /** Whatever comes of it, the event's own job sees to the end. */
  function takeAlong(event: CriticalEvent): void {
    if (event.type === 'risk.circuit_breaker_tripped' || underway.has(event.id)) return
    begin(event, () => closes.begin(closingOf(event))).catch((cause) =>
      parts.log.warn({ err: cause, event_id: event.id }, 'a close was left to its own job'),
    )
  }

  function begin(event: CriticalEvent, act: () => Promise<number | undefined>): Promise<number | undefined> {
    const acting = act().finally(() => underway.delete(event.id))
    underway.set(event.id, acting)
    acting.then(
      (again) => again === undefined && noteSettled(parts, event),
      () => {},
    )
    return acting
  }

  return async (eventId) => {
    const before = underway.get(eventId)
    if (before) return before
    const event = await load(eventId)
    if (!event) return undefined
    const joined = underway.get(eventId)
    if (joined) return joined
    return begin(event, () =>
      event.type === 'risk.circuit_breaker_tripped'
        ? closeAccount(parts, closes, event)
        : closes.close(closingOf(event)),
    )
  }
}

/** A line with the ids, and the milliseconds from what was seen to the committed close. */
function noteSettled(parts: Parts, event: CriticalEvent): void {
  const { id, type, accountId, memberId, at } = event
  const position_id = 'positionId' in event ? event.positionId : undefined
  const latency_ms = parts.clock.now().getTime() - at.getTime()
  const ids = { event_id: id, position_id, account_id: accountId, member_id: memberId }
  parts.log.info({ ...ids, event_type: type, urgency: 'CRITICAL', latency_ms }, 'critical event settled')
}

function closingOf(event: TouchedEvent): Closing {
  const purpose = event.type === 'trading.stop_loss_triggered' ? 'stop' : 'target'
  const { protectiveOrderId, price, level } = event.data
  return {
    eventId: event.id,
    since: event.at,
    positionId: event.positionId,
    symbol: event.symbol,
    purpose,
    key: `${purpose}-${protectiveOrderId}`,
    protectiveOrderId,
    memberId: event.memberId,
    conversationId: event.conversationId ?? undefined,
    seenPrice: new Big(price),
    level: level === undefined ? undefined : new Big(level),
  }
}
