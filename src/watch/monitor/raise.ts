import type { EventQueue } from '../../infra/queue/queues.ts'
import { appendEvents } from '../../trading/events/append-event.ts'
import { type Raised, unjudgedEvents, type WatchDeskEvent } from '../../trading/events/rows/watch-events.ts'
import { urgencyOf } from '../../trading/events/rules/desk-event.ts'
import { type Parts, wakeReplies } from '../../trading/parts.ts'
import { toCritical } from '../../trading/protection/rows/critical-events.ts'

type RaisingParts = Pick<Parts, 'db' | 'queues' | 'clock' | 'log' | 'alarm' | 'wording' | 'notices'>

/**
 * Writes an event of the watch once for its dedupe key, and wakes its consumers: the alarm that closes positions for CRITICAL
 * events, the guardian for HIGH and MEDIUM events of a position, and the alerts for all. Returns the event's id, or
 * undefined when the event exists already. Throws only when Postgres fails.
 */
export async function raise(parts: RaisingParts, event: WatchDeskEvent): Promise<number | undefined> {
  return (await raiseAll(parts, [event]))[0]?.id
}

/** Raises many events in one statement. Returns those that are new. */
export async function raiseAll(parts: RaisingParts, events: WatchDeskEvent[]): Promise<Raised[]> {
  const { raised, conversations } = await appendEvents(parts.db, parts, events, { actingBy: parts.alarm.by })
  // The alarm rings before any call to Redis, because it must not wait for Redis.
  parts.alarm.ring(raised.flatMap(({ id, event }) => toCritical({ ...event, id }) ?? []))
  await route(parts, raised)
  for (const { id, event } of raised) note(parts, id, event)
  await wakeReplies(parts, conversations)
  return raised
}

/** The queues that an event goes to. */
export function queuesOf(event: Pick<WatchDeskEvent, 'type' | 'data'>): EventQueue[] {
  const urgency = urgencyOf(event)
  const needsJudgement = (urgency === 'HIGH' || urgency === 'MEDIUM') && event.type.startsWith('position.')
  return needsJudgement ? ['guardian', 'alerts'] : ['alerts']
}

/** Queues events for the guardian and the alerts. A failure of Redis is only logged, because the sweep repeats the work. */
async function route(parts: RaisingParts, raised: Raised[]): Promise<void> {
  for (const queue of ['guardian', 'alerts'] as const) {
    const its = raised.filter(({ event }) => queuesOf(event).includes(queue))
    // CRITICAL events go to the front of the queue.
    const isFirst = ({ event }: Raised) => urgencyOf(event) === 'CRITICAL'
    const [first, others] = [its.filter(isFirst), its.filter((one) => !isFirst(one))]
    try {
      await parts.queues.events(queue, idsOf(first), true)
      await parts.queues.events(queue, idsOf(others))
    } catch (cause) {
      parts.log.warn({ err: cause, queue, events: its.length }, 'events could not be queued; the sweep will')
    }
  }
}

const idsOf = (raised: Raised[]) => raised.map(({ id }) => id)

/** Logs an event with its ids and its latency in milliseconds. */
function note(parts: RaisingParts, id: number, event: WatchDeskEvent): void {
  parts.log.info(
    {
      event_id: id,
      position_id: event.positionId,
      account_id: event.accountId,
      member_id: event.memberId,
      symbol: event.symbol,
      event_type: event.type,
      urgency: urgencyOf(event),
      latency_ms: parts.clock.now().getTime() - event.at.getTime(),
    },
    'event raised',
  )
}

/**
 * Queues again the events that the guardian has not judged; an existing job stays as it is. The alerts and the code that
 * closes positions at once have sweeps of their own.
 */
export async function requeueEvents(parts: Pick<Parts, 'db' | 'queues' | 'clock'>): Promise<number> {
  const ids = await unjudgedEvents(parts.db, parts.clock.now())
  for (const id of ids) await parts.queues.event('guardian', id)
  return ids.length
}
