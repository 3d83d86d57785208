import { urgencyOf } from '../events/desk-event.ts'
import { type Parts, wakeReplies } from '../execution/parts.ts'
import { appendWatchEvents, type Raised, unfinishedEvents, type WatchDeskEvent } from '../ledger/watch-events.ts'
import type { EventQueue } from '../queue/queues.ts'

type RaisingParts = Pick<Parts, 'db' | 'queues' | 'clock' | 'log'>

/**
 * Writes an event of the watch, once for its dedupe key, and puts it to those who work on it: CRITICAL ones to the
 * critical queue, HIGH and MEDIUM ones of a position to the guardian, all of them to the alerts. Answers with the
 * event's id, undefined when it was there already. Throws only when Postgres does not take it.
 */
export async function raise(parts: RaisingParts, event: WatchDeskEvent): Promise<number | undefined> {
  return (await raiseAll(parts, [event]))[0]?.id
}

/** The same for many, in one statement. Answers with those that were not there yet. */
export async function raiseAll(parts: RaisingParts, events: WatchDeskEvent[]): Promise<Raised[]> {
  const { raised, conversations } = await appendWatchEvents(parts.db, events)
  await route(parts, raised)
  for (const { id, event } of raised) note(parts, id, event)
  await wakeReplies(parts, conversations)
  return raised
}

/** The queues that an event goes to. */
export function queuesOf(event: Pick<WatchDeskEvent, 'type' | 'data'>): EventQueue[] {
  const urgency = urgencyOf(event)
  if (urgency === 'CRITICAL') return ['critical', 'alerts']
  const needsJudgement = urgency !== 'LOW' && event.type.startsWith('position.')
  return needsJudgement ? ['guardian', 'alerts'] : ['alerts']
}

/** Whoever acts at once is woken first. When Redis is away the sweep does it later, so a failure is only logged. */
async function route(parts: RaisingParts, raised: Raised[]): Promise<void> {
  for (const queue of ['critical', 'guardian', 'alerts'] as const) {
    const its = raised.filter(({ event }) => queuesOf(event).includes(queue))
    // Nobody waits behind others to hear of what is critical.
    const isFirst = ({ event }: Raised) => queue === 'alerts' && urgencyOf(event) === 'CRITICAL'
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
 * Puts events that nobody has finished with back to their queues; one that is there already stays as it is. (The alerts
 * look after what was not told.)
 */
export async function requeueEvents(parts: Pick<Parts, 'db' | 'queues' | 'clock'>): Promise<number> {
  const { critical, guardian } = await unfinishedEvents(parts.db, parts.clock.now())
  for (const id of critical) await parts.queues.event('critical', id)
  for (const id of guardian) await parts.queues.event('guardian', id)
  return critical.length + guardian.length
}
