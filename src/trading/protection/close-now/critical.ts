import { setTimeout as wait } from 'node:timers/promises'
import { Big } from '../../../base/amounts.ts'
import { atMost } from '../../../base/at-most.ts'
import { together } from '../../../base/together.ts'
import type { Parts } from '../../parts.ts'
import {
  type CriticalEvent,
  claimEvents,
  claimMs,
  keepEvents,
  releaseEvents,
  type TouchedEvent,
  type TouchedPartEvent,
} from '../rows/critical-events.ts'
import { closeAccount } from './breaker.ts'
import { createCriticalCloses } from './close.ts'
import type { Closing } from './place.ts'
import { partKey } from './purposes.ts'
import { tellOddity, tellUnknown } from './unreadable.ts'

/**
 * Acts on critical events by a fixed algorithm alone: a touched stop or target closes its position, a tripped breaker closes
 * its account.
 */
export interface Critical {
  /**
   * Acts on events that this process has claimed, each until nothing is left to do or another process has claimed it. Returns
   * at once. It needs only Postgres and the venue.
   */
  see(events: CriticalEvent[]): void
  /** Claims events that no process acts on, and acts on them. Throws when Postgres does not answer. */
  takeOver(): Promise<void>
  /** Resolves when nothing is under way. */
  rest(): Promise<void>
  /** Begins nothing new, finishes what it has begun, and leaves the rest to other processes. */
  close(): Promise<void>
}

/** Wait in milliseconds before asking Postgres again after a failure. */
const againMs = 250
/** A longer wait renews the claim in between, so that no other process takes the event over. */
const renewMs = claimMs / 2
/**
 * The most events that this process acts on or claims at once. More events wait for their turn, or other processes take them.
 */
const mostAtOnce = 1000

/** Creates the part of this process that acts on critical events, under the name `by`. */
export function createCritical(parts: Parts, by: string): Critical {
  const closes = createCriticalCloses(parts)
  const underway = new Map<number, Promise<void>>()
  /** Unknown events that the owners were told of. */
  const unknownIds = new Set<number>()
  const closing = new AbortController()
  const isClosed = () => closing.signal.aborted
  const keep = together(async (ids: number[]) => {
    const kept = await keepEvents(parts.db, by, ids)
    return ids.map((id) => kept.has(id))
  })

  async function seeTo(event: CriticalEvent): Promise<void> {
    while (!isClosed()) {
      try {
        const again = await act(event)
        if (again === undefined) return noteSettled(parts, event)
        if (!(await kept(event, again))) return
      } catch (cause) {
        parts.log.warn({ err: cause, ...idsOf(event) }, 'a critical event could not be acted on; it is tried again')
        await pause(againMs)
      }
    }
  }

  /** Waits, and renews the claim meanwhile. False when another process has it, or the event is settled. */
  async function kept(event: CriticalEvent, ms: number): Promise<boolean> {
    for (let left = ms; !isClosed(); left -= renewMs) {
      await pause(Math.min(left, renewMs))
      if (!isClosed() && !(await keep(event.id))) return false
      if (left <= renewMs) return true
    }
    return true
  }

  /**
   * Limits concurrent calls: a venue has a second to answer, and with more calls than it and this process can handle every
   * answer would come too late.
   */
  const inTurn = atMost(mostAtOnce)

  const act = (event: CriticalEvent): Promise<number | undefined> => inTurn(() => actNow(event))

  function actNow(event: CriticalEvent): Promise<number | undefined> {
    return event.type === 'risk.circuit_breaker_tripped'
      ? closeAccount(parts, closes, event)
      : closes.close(closingOf(event))
  }

  const pause = (ms: number) => wait(ms, undefined, { signal: closing.signal }).catch(() => {})

  function see(events: CriticalEvent[]): void {
    if (isClosed()) return
    for (const event of events) {
      if (underway.has(event.id)) continue
      if (event.data === undefined) void tellOddity(parts, event)
      underway.set(
        event.id,
        seeTo(event).finally(() => underway.delete(event.id)),
      )
    }
  }

  return {
    see,
    async takeOver() {
      while (!isClosed()) {
        const { events, unknown } = await claimEvents(parts.db, by, mostAtOnce)
        for (const { id, type } of unknown) {
          if (unknownIds.has(id)) continue
          unknownIds.add(id)
          void tellUnknown(parts, { id, type })
        }
        see(events)
        if (events.length + unknown.length < mostAtOnce) return
      }
    },
    async rest() {
      while (underway.size > 0) await Promise.all(underway.values())
    },
    async close() {
      closing.abort()
      await Promise.all(underway.values())
      await releaseEvents(parts.db, by).catch(() => {}) // Its claims expire by themselves.
    },
  }
}

function idsOf(event: CriticalEvent) {
  const position_id = 'positionId' in event ? event.positionId : undefined
  const { id, type, accountId, memberId } = event
  return { event_id: id, event_type: type, position_id, account_id: accountId, member_id: memberId }
}

/** Logs the ids, and the milliseconds from the observation to the committed close. */
function noteSettled(parts: Parts, event: CriticalEvent): void {
  const latency_ms = parts.clock.now().getTime() - event.at.getTime()
  parts.log.info({ ...idsOf(event), urgency: 'CRITICAL', latency_ms }, 'critical event settled')
  // The alerted channels hear how it ended. Nothing waits for a slow Redis; the sweep tells them without it.
  void parts.queues.event('alerts', event.id, 0, true).catch(() => {})
}

function closingOf(event: TouchedEvent | TouchedPartEvent): Closing {
  return isOfPart(event) ? partOf(event) : wholeOf(event)
}

function isOfPart(event: TouchedEvent | TouchedPartEvent): event is TouchedPartEvent {
  return event.type === 'trading.part_stop_hit' || event.type === 'trading.part_target_hit'
}

function partOf(event: TouchedPartEvent): Closing {
  const purpose = event.type === 'trading.part_stop_hit' ? 'stop' : 'target'
  const { id, at, positionId, symbol, memberId, data } = event
  return {
    eventId: id,
    since: at,
    positionId,
    symbol,
    purpose,
    key: partKey(purpose, data.partLevelId),
    partLevelId: data.partLevelId,
    memberId,
    conversationId: event.conversationId ?? undefined,
    seenPrice: new Big(data.price),
    level: new Big(data.level),
  }
}

function wholeOf(event: TouchedEvent): Closing {
  const purpose = event.type === 'trading.stop_loss_triggered' ? 'stop' : 'target'
  const { id, at, positionId, symbol, memberId, data } = event
  const protectiveOrderId = data?.protectiveOrderId ?? event.protectiveOrderId ?? undefined
  return {
    eventId: id,
    since: at,
    positionId,
    symbol,
    purpose,
    key: protectiveOrderId === undefined ? `${purpose}-event-${id}` : `${purpose}-${protectiveOrderId}`,
    protectiveOrderId,
    memberId,
    conversationId: event.conversationId ?? undefined,
    seenPrice: data && new Big(data.price),
    level: data?.level === undefined ? undefined : new Big(data.level),
  }
}
