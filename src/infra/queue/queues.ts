import { type Job, Queue } from 'bullmq'
import type { Logger } from 'pino'
import { z } from 'zod'
import { slices } from '../../base/slices.ts'
import { together } from '../../base/together.ts'
import { type DoorName, doorNames } from '../../talk/chat/place.ts'
import type { RedisConnection } from './redis.ts'

/**
 * The prefix of a queue's keys: a hash tag, so that a Redis Cluster keeps the keys of one queue on one node and spreads the
 * queues.
 */
export const prefixOf = (queue: string) => `{deskhand-${queue}}`

/**
 * The names of the queues. Each door has its own queue of replies, since only the process that runs the door can post there.
 */
export const queueNames = {
  chunks: 'chunks',
  orders: 'orders',
  /** Scheduled orders. */
  scheduled: 'scheduled',
  /** Agents that trade by themselves. */
  agents: 'agents',
  /** Sweeps over open positions. */
  monitor: 'monitor',
  /** Events that need judgement. */
  guardian: 'guardian',
  /** Events to tell people about. */
  alerts: 'alerts',
  replies: (door: DoorName) => `replies-${door}`,
}

/** The payloads of jobs: ids only. */
export const chunkJob = z.object({ chunkId: z.number().int().positive() })
export const orderJob = z.object({ orderId: z.number().int().positive() })
export const scheduledJob = z.object({ scheduledId: z.number().int().positive() })
export const agentJob = z.object({ agentId: z.number().int().positive() })
export const repliesJob = z.object({ conversationId: z.number().int().positive(), urgent: z.boolean().optional() })

/** A shard of the accounts: those whose id modulo `of` is `index`. */
export const shardJob = z
  .object({ index: z.number().int().min(0), of: z.number().int().min(1) })
  .refine(({ index, of }) => index < of)

export const eventJob = z.object({ eventId: z.number().int().positive() })

/** Events to tell people about; many that come at once share a job. */
export const alertsJob = z.union([
  eventJob.transform(({ eventId }) => ({ eventIds: [eventId] })),
  z.object({ eventIds: z.array(z.number().int().positive()).min(1) }),
])

export const tableJob = z.object({ tableOf: z.number().int().positive() })

/** The queues that work on events of the log. */
export type EventQueue = 'guardian' | 'alerts'

/** More alerts than this share jobs, of so many events each. */
const fewEvents = 20
const eventsOfAJob = 100

/** The number of attempts for work on an event, and the wait between them. */
const persistence: Record<EventQueue, { attempts: number; backoff: { type: 'fixed' | 'exponential'; delay: number } }> =
  {
    guardian: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
    alerts: { attempts: 10, backoff: { type: 'exponential', delay: 500 } },
  }

/** A job that finds no database is tried again for about eight seconds; after that the sweep puts it back until it works. */
const again = { attempts: 5, backoff: { type: 'exponential', delay: 500 } }

/** A margin in milliseconds: clocks have a grain, and an order's time must be over when its job runs. */
const graceMs = 5

/**
 * A job that still waits when its work is overdue by this much got a wrong delay: some clock was wrong, or has been set
 * since.
 */
const overdueMs = 2000

/** Jobs leave no trace when they end: Postgres holds what must be remembered, and a leftover would block its own id. */
const leaveNothing = { removeOnComplete: true, removeOnFail: true }

/** The reason to look at a scheduled order. */
export type ScheduledReason = 'due' | 'expiry' | 'touched' | 'again' | 'asked' | 'answered'

/** The desk's producer of jobs, immediate and delayed. */
export interface Queues {
  /** Wakes a chunk when it is due. A chunk that already waits stays as it is, unless it is overdue: then it is woken now. */
  chunk(chunkId: number, attempt: number, delayMs: number): Promise<void>
  /** Checks on an order until its outcome is known, beginning in `delayMs`. */
  order(orderId: number, delayMs: number): Promise<void>
  /** Ends an order when its time is over, in `delayMs`. An order that already waits for this stays as it is. */
  expiry(orderId: number, delayMs: number): Promise<void>
  /**
   * Looks at a scheduled order in `delayMs`, for a reason: its time, its expiry, its price, a process that died while it
   * carried the order out, or a question about a late order and its answer. A job that already waits stays as it is, unless it is overdue.
   */
  scheduled(scheduledId: number, reason: ScheduledReason, delayMs: number): Promise<void>
  /**
   * Lets an agent do what it has to: after the day `bar` (`2017-01-04`), play its `backtest`, or carry out its `orders`. A job of the same agent
   * and bar that already waits stays as it is.
   */
  agent(agentId: number, bar: string): Promise<void>
  /** Adds an event to a queue, in front of the others when `first`. Adding it twice has the effect of adding it once. */
  event(queue: EventQueue, eventId: number, delayMs?: number, first?: boolean): Promise<void>
  /** Adds many events at once. */
  events(queue: EventQueue, eventIds: number[], first?: boolean): Promise<void>
  /** Posts the table of the alerts that were held back in a conversation during the minute that ends at `endsAt`. */
  alertTable(conversationId: number, endsAt: Date, delayMs: number): Promise<void>
  /** Wakes the outbox of a conversation, now or in `delayMs`; in front of the others when something in it is `urgent`. */
  replies(door: DoorName, conversationId: number, delayMs?: number, urgent?: boolean): Promise<void>
  /** The depth of every queue. */
  depths(): Promise<QueueDepth[]>
  close(): Promise<void>
}

/** The number of jobs of a queue by state; and for how many milliseconds the oldest waiting job has been due. */
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

/** Overlapping jobs do no harm: an event is told once in each place. */
function alertsJobOf(eventIds: number[], first: boolean) {
  const jobId = `events-${eventIds[0]}-${eventIds.at(-1)}-${eventIds.length}`
  return { name: 'alerts', data: { eventIds }, opts: { ...leaveNothing, ...persistence.alerts, jobId, lifo: first } }
}

/** The queues on a producer's connection. Job ids turn a second request for the same work into the same job. */
export function createQueues(redis: RedisConnection, log: Logger): Queues {
  const open = (name: string) => {
    // The workers look at the version of Redis; here each queue would read all of INFO for it.
    const queue = new Queue(name, { connection: redis, prefix: prefixOf(name), skipVersionCheck: true })
    queue.on('error', (cause) => log.warn({ err: cause, queue: name }, 'queue'))
    return queue
  }
  const chunks = open(queueNames.chunks)
  const orders = open(queueNames.orders)
  const scheduled = open(queueNames.scheduled)
  const agents = open(queueNames.agents)
  const events = { guardian: open('guardian'), alerts: open('alerts') }
  const replies = new Map(doorNames.map((door) => [door, open(queueNames.replies(door))]))
  const all = [chunks, orders, scheduled, agents, ...Object.values(events), ...replies.values()]
  let wakes = 0
  // Equal wakes of the same moment become one job, and all jobs of a door are added in one call.
  const wake = together(async (given: Wake[]) => {
    const one = new Map(given.map((wake) => [`${wake.door} ${wake.conversationId} ${wake.urgent} ${wake.delay}`, wake]))
    for (const [door, its] of Map.groupBy(one.values(), (wake) => wake.door)) {
      await replies.get(door)!.addBulk(its.map((wake) => ({ name: 'replies', ...jobOf(wake) })))
    }
    return given
  })

  function jobOf({ conversationId, urgent, delay }: Wake) {
    wakes += 1
    // Every wake is a job of its own: an active job may already have looked, and must not swallow the next one.
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
    async agent(agentId, bar) {
      await agents.add('agent', { agentId }, { ...leaveNothing, ...again, jobId: `agent-${agentId}-${bar}` })
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
 * Wakes a job that is still delayed: its delay depends on the clocks of its producer and of its worker, which may both be
 * wrong. A job in another state stays as it is: jobs may run twice, and the next sweep asks again.
 */
async function hurry(job: Job): Promise<void> {
  if (await job.isDelayed()) await job.promote().catch(() => {})
}

async function depthOf(queue: Queue): Promise<QueueDepth> {
  const [counts, [oldest], [next]] = await Promise.all([
    queue.getJobCounts('wait', 'active', 'delayed'),
    queue.getJobs(['wait'], 0, 0, true),
    // Without a worker a job stays delayed when its time comes.
    queue.getJobs(['delayed'], 0, 0, true),
  ])
  const due = [oldest, next].flatMap((job) => (job ? [job.timestamp + (job.opts.delay ?? 0)] : []))
  return {
    queue: queue.name,
    ...{ waiting: counts.wait ?? 0, active: counts.active ?? 0, delayed: counts.delayed ?? 0 },
    oldestMs: Math.max(0, ...due.map((dueAt) => Date.now() - dueAt)),
  }
}
