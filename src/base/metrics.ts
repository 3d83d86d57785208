import { Gauge, Histogram, Registry } from 'prom-client'

/** The metrics of this process. Labels are names from the code, never members, texts or symbols. */
export const metrics = new Registry()

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const handled = new Histogram({
  name: 'deskhand_handler_seconds',
  help: 'How long this process took to hear a message, to post one, and for a job of a queue.',
  labelNames: ['handler', 'outcome'],
  buckets,
  registers: [metrics],
})

const late = new Histogram({
  name: 'deskhand_job_lag_seconds',
  help: 'How much later than it was due a job began in this process.',
  labelNames: ['queue'],
  buckets,
  registers: [metrics],
})

const underway = new Gauge({
  name: 'deskhand_handlers_underway',
  help: 'What this process is at now.',
  labelNames: ['handler'],
  registers: [metrics],
})

/** The streams of events that are open in this process. */
export const openStreams = new Gauge({
  name: 'deskhand_streams_open',
  help: 'Streams of events that pages and programs have open in this process.',
  registers: [metrics],
})

/** Measures how long a handler takes. The outcome is `again` when a job has put itself back with a delay. */
export async function timed<T>(handler: string, work: () => Promise<T>): Promise<T> {
  const end = handled.startTimer({ handler })
  underway.inc({ handler })
  try {
    const result = await work()
    end({ outcome: 'done' })
    return result
  } catch (cause) {
    end({ outcome: cause instanceof Error && cause.name === 'DelayedError' ? 'again' : 'failed' })
    throw cause
  } finally {
    underway.dec({ handler })
  }
}

/** Records how many milliseconds late a job began. */
export function noteLag(queue: string, milliseconds: number): void {
  late.observe({ queue }, Math.max(0, milliseconds) / 1000)
}
