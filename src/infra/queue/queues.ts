import { type Job, Queue } from 'bullmq'
import type { Logger } from 'pino'
import { z } from 'zod'
import { slices } from '../../base/slices.ts'
import { together } from '../../base/together.ts'
import { type DoorName, doorNames } from '../../talk/chat/place.ts'
import type { RedisConnection } from './redis.ts'

/** What the keys of a queue begin with: a hash tag of its own, so that a Redis Cluster keeps them together, and the queues apart. */
export const prefixOf = (queue: string) => `{deskhand-${queue}}`

/** Names of the queues. Replies have one for each door, since only the process that runs the door can post there. */
export const queueNames = {
  chunks: 'chunks',
  orders: 'orders',
  /** Orders for later. */
  scheduled: 'scheduled',
  /** Sweeps over open positions. */
  monitor: 'monitor',
  /** Events that need judgement. */
  guardian: 'guardian',
  /** Events that people are told of. */
  alerts: 'alerts',
  replies: (door: DoorName) => `replies-${door}`,
}

/** What the jobs carry: ids, nothing else. */
export const chunkJob = z.object({ chunkId: z.number().int().positive() })
export const orderJob = z.object({ orderId: z.number().int().positive() })
export const scheduledJob = z.object({ scheduledId: z.number().int().positive() })
export const repliesJob = z.object({ conversationId: z.number().int().positive(), urgent: z.boolean().optional() })

/** A share of the accounts: those whose id leaves `index` when it is divided by `of`. */
export const shardJob = z
  .object({ index: z.number().int().min(0), of: z.number().int().min(1) })
  .refine(({ index, of }) => index < of)

export const eventJob = z.object({ eventId: z.number().int().positive() })

/** Events that people are told of; many that come at once are one job. */
export const alertsJob = z.union([
  eventJob.transform(({ eventId }) => ({ eventIds: [eventId] })),
  z.object({ eventIds: z.array(z.number().int().positive()).min(1) }),
])

export const tableJob = z.object({ tableOf: z.number().int().positive() })

/** The queues that work on events of the log. */
export type EventQueue = 'guardian' | 'alerts'

/** More events than this that people are told of share jobs, of so many each. */
const fewEvents = 20
const eventsOfAJob = 100

/** How often, and how far apart, work on an event is tried again. */
const persistence: Record<EventQueue, { attempts: number; backoff: { type: 'fixed' | 'exponential'; delay: number } }> =
  {
    guardian: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
    alerts: { attempts: 10, backoff: { type: 'exponential', delay: 500 } },
  }

/** A job that found no database is tried again for some eight seconds; after that the sweep puts it back until it works. */
const again = { attempts: 5, backoff: { type: 'exponential', delay: 500 } }

/** An order's time is over for sure when its job comes, though clocks have a grain. */
const graceMs = 5

/** What is overdue by this much while its job waits was put on a clock that was wrong, or has been set since. */
const overdueMs = 2000

/** Jobs leave no trace when they end: what must be remembered is in Postgres, and a leftover would block its own id. */
const leaveNothing = { removeOnComplete: true, removeOnFail: true }

/** Why an order for later is looked at. */
export type ScheduledReason = 'due' | 'expiry' | 'touched' | 'again'

/** The desk's way to put work on the clock. */
export interface Queues {
  /** Wakes a chunk when it is due. A chunk that already waits is left as it is, unless it is overdue: then it is woken now. */
  chunk(chunkId: number, attempt: number, delayMs: number): Promise<void>
  /** Asks again and again what became of an order, beginning in `delayMs`. */
  order(orderId: number, delayMs: number): Promise<void>
  /** Ends an order when its time is over, in `delayMs`. An order that already waits for that is left as it is. */
  expiry(orderId: number, delayMs: number): Promise<void>
  /** Looks at an order for later in `delayMs`, for a reason: its time, the end of its time, its price, or that somebody died over it. One that waits already is left as it is, unless it is overdue. */
  scheduled(scheduledId: number, reason: ScheduledReason, delayMs: number): Promise<void>
  /** Puts an event to one of the queues that work on events, before all that wait there if it is to be `first`; twice is once. */
  event(queue: EventQueue, eventId: number, delayMs?: number, first?: boolean): Promise<void>
  /** The same for many at once, in one go. */
  events(queue: EventQueue, eventIds: number[], first?: boolean): Promise<void>
  /** Posts the table of alerts that a conversation's minute, which ends at `endsAt`, has held back. */
  alertTable(conversationId: number, endsAt: Date, delayMs: number): Promise<void>
  /** Wakes the outbox of a conversation, now or in `delayMs`, before all that wait when something there is `urgent`. */
  replies(door: DoorName, conversationId: number, delayMs?: number, urgent?: boolean): Promise<void>
  /** How full every queue is. */
  depths(): Promise<QueueDepth[]>
  close(): Promise<void>
}

/** How many jobs of a queue wait, run, and are to come; and for how long the oldest that waits has been due. */
export interface QueueDepth {
  queue: string
  waiting: number
  active: number
  delayed: number
  oldestMs: number
}

interface Wake {
  door: DoorName
  conversationId: number
  urgent: boolean
  /** Milliseconds. */
  delay: number
}

function eventJobOf(queue: EventQueue, eventId: number, first: boolean) {
  const opts = { ...leaveNothing, ...persistence[queue], jobId: `event-${eventId}`, lifo: first }
  return { name: queue, data: { eventId }, opts }
}

/** An event is told once in each place, whichever jobs are about it. */
function alertsJobOf(eventIds: number[], first: boolean) {
  const jobId = `events-${eventIds[0]}-${eventIds.at(-1)}-${eventIds.length}`
  return { name: 'alerts', data: { eventIds }, opts: { ...leaveNothing, ...persistence.alerts, jobId, lifo: first } }
}

/** The queues on a producer's connection. Job ids make a second request for the same work the same job. */
export function createQueues(redis: RedisConnection, log: Logger): Queues {
  const open = (name: string) => {
    const queue = new Queue(name, { connection: redis, prefix: prefixOf(name) })
    queue.on('error', (cause) => log.warn({ err: cause, queue: name }, 'queue'))
    return queue
  }
  const chunks = open(queueNames.chunks)
  const orders = open(queueNames.orders)
  const scheduled = open(queueNames.scheduled)
  const events = { guardian: open('guardian'), alerts: open('alerts') }
  const replies = new Map(doorNames.map((door) => [door, open(queueNames.replies(door))]))
  const all = [chunks, orders, scheduled, ...Object.values(events), ...replies.values()]
  let wakes = 0
  // What wakes a conversation in the same way at the same moment is one job, and many are added in one go.
  const wake = together(async (given: Wake[]) => {
    const one = new Map(given.map((wake) => [`${wake.door} ${wake.conversationId} ${wake.urgent} ${wake.delay}`, wake]))
    for (const [door, its] of Map.groupBy(one.values(), (wake) => wake.door)) {
      await replies.get(door)!.addBulk(its.map((wake) => ({ name: 'replies', ...jobOf(wake) })))
    }
    return given
  })

  function jobOf({ conversationId, urgent, delay }: Wake) {
    wakes += 1
    // Every wake is a job of its own: one that is active may already have looked, and must not swallow the next.
    const jobId = `conversation-${conversationId}-${process.pid}-${Date.now()}-${wakes}`
    const data = { conversationId, ...(urgent && { urgent }) }
    return { data, opts: { ...leaveNothing, ...again, jobId, delay, lifo: urgent } }
  }

  return {
    async chunk(chunkId, attempt, delayMs) {
      const job = await chunks.add(
        'chunk',
        { chunkId },
        {
          ...leaveNothing,
          ...again,
          jobId: `chunk-${chunkId}-${attempt}`,
          delay: Math.max(0, Math.round(delayMs)),
        },
      )
      if (delayMs < -overdueMs) await hurry(job)
    },
    async order(orderId, delayMs) {
      await orders.add(
        'order',
        { orderId },
        {
          ...leaveNothing,
          ...again,
          jobId: `order-${orderId}`,
          delay: Math.max(0, Math.round(delayMs)),
        },
      )
    },
    async expiry(orderId, delayMs) {
      const delay = Math.max(0, Math.ceil(delayMs) + graceMs)
      await orders.add('expiry', { orderId }, { ...leaveNothing, ...again, jobId: `expiry-${orderId}`, delay })
    },
    async scheduled(scheduledId, reason, delayMs) {
      const jobId = `scheduled-${scheduledId}-${reason}`
      const delay = Math.max(0, Math.ceil(delayMs))
      const job = await scheduled.add('scheduled', { scheduledId }, { ...leaveNothing, ...again, jobId, delay })
      if (delayMs < -overdueMs) await hurry(job)
    },
    async event(queue, eventId, delayMs = 0, first = false) {
      const job = eventJobOf(queue, eventId, first)
      await events[queue].add(queue, job.data, { ...job.opts, delay: Math.round(delayMs) })
    },
    async events(queue, eventIds, first = false) {
      if (eventIds.length === 0) return
      const isMany = queue === 'alerts' && eventIds.length > fewEvents
      const jobs = isMany
        ? Array.from(slices(eventIds, eventsOfAJob), (ids) => alertsJobOf(ids, first))
        : eventIds.map((eventId) => eventJobOf(queue, eventId, first))
      await events[queue].addBulk(jobs)
    },
    async alertTable(conversationId, endsAt, delayMs) {
      const jobId = `table-${conversationId}-${endsAt.getTime()}`
      const options = { ...leaveNothing, ...persistence.alerts, jobId, delay: Math.max(0, Math.ceil(delayMs)) }
      await events.alerts.add('table', { tableOf: conversationId }, options)
    },
    async replies(door, conversationId, delayMs = 0, urgent = false) {
      await wake({ door, conversationId, urgent, delay: Math.max(0, Math.round(delayMs)) })
    },
    depths: () => Promise.all(all.map(depthOf)),
    async close() {
      await Promise.all(all.map((queue) => queue.close()))
    },
  }
}

/**
 * Wakes a job that waits for its time by the clocks of those who gave it and who take it, which may both be wrong. One that
 * does not wait any more is left as it is: jobs may run twice, and the next sweep asks again.
 */
async function hurry(job: Job): Promise<void> {
  if (await job.isDelayed()) await job.promote().catch(() => {})
}

async function depthOf(queue: Queue): Promise<QueueDepth> {
  const [counts, [oldest]] = await Promise.all([
    queue.getJobCounts('wait', 'active', 'delayed'),
    queue.getJobs(['wait'], 0, 0, true),
  ])
  const dueAt = oldest && oldest.timestamp + (oldest.opts.delay ?? 0)
  return {
    queue: queue.name,
    ...{ waiting: counts.wait ?? 0, active: counts.active ?? 0, delayed: counts.delayed ?? 0 },
    oldestMs: dueAt === undefined ? 0 : Math.max(0, Date.now() - dueAt),
  }
}
