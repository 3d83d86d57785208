import type { EventQueue } from '../../infra/queue/queues.ts'
import { appendEvents } from '../../trading/events/append-event.ts'
import { type Raised, unjudgedEvents, type WatchDeskEvent } from '../../trading/events/rows/watch-events.ts'
import { urgencyOf } from '../../trading/events/rules/desk-event.ts'
import { type Parts, wakeReplies } from '../../trading/parts.ts'
import { toCritical } from '../../trading/protection/rows/critical-events.ts'

type RaisingParts = Pick<Parts, 'db' | 'queues' | 'clock' | 'log' | 'alarm' | 'wording'>

/**
 * Writes an event of the watch, once for its dedupe key, and wakes those who work on it: whoever closes at once for
 * CRITICAL ones, the guardian for HIGH and MEDIUM ones of a position, the alerts for all of them. Answers with the
 * event's id, undefined when it was there already. Throws only when Postgres does not take it.
 */
export async function raise(parts: RaisingParts, event: WatchDeskEvent): Promise<number | undefined> {
  return (await raiseAll(parts, [event]))[0]?.id
}

/** The same for many, in one statement. Answers with those that were not there yet. */
export async function raiseAll(parts: RaisingParts, events: WatchDeskEvent[]): Promise<Raised[]> {
  const { raised, conversations } = await appendEvents(parts.db, parts, events, { actingBy: parts.alarm.by })
  // Whoever acts at once comes before anything that needs Redis.
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

/** When Redis is away the sweep does it later, so a failure is only logged. */
async function route(parts: RaisingParts, raised: Raised[]): Promise<void> {
  for (const queue of ['guardian', 'alerts'] as const) {
    const its = raised.filter(({ event }) => queuesOf(event).includes(queue))
    // Nobody waits behind others to hear of what is critical.
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

/** A line with the ids for each event, and the milliseconds from what was seen to now. */
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
 * Puts events that the guardian has not judged back to its queue; one that is there already stays as it is. (The alerts
 * look after what was not told, and whoever closes at once after what is critical.)
 */
export async function requeueEvents(parts: Pick<Parts, 'db' | 'queues' | 'clock'>): Promise<number> {
  const ids = await unjudgedEvents(parts.db, parts.clock.now())
  for (const id of ids) await parts.queues.event('guardian', id)
  return ids.length
}
