import type { Logger } from 'pino'
import type { Queues } from './queues.ts'

/**
 * The same queues for callers that must not wait for Redis: each call returns at once. Failures are logged, and the sweep
 * makes up for them.
 */
export function unawaited(queues: Queues, log: Logger): Queues {
  const begin =
    <Given extends unknown[]>(call: (...given: Given) => Promise<void>) =>
    async (...given: Given): Promise<void> => {
      call(...given).catch((cause) => log.warn({ err: cause }, 'Redis did not take a job; the sweep puts it back'))
    }
  return {
    ...queues,
    chunk: begin(queues.chunk),
    order: begin(queues.order),
    expiry: begin(queues.expiry),
    scheduled: begin(queues.scheduled),
    event: begin(queues.event),
    events: begin(queues.events),
    alertTable: begin(queues.alertTable),
    replies: begin(queues.replies),
  }
}
