import { Redis } from 'ioredis'
import pg from 'pg'

/** A request to Postgres or Redis that was answered. */
export type RoundTrip =
  | { to: 'postgres'; text: string; values: unknown[]; name?: string }
  | { to: 'redis'; command: string; args: (string | number | Buffer)[] }

let recording: RoundTrip[] | undefined

/** Does something and returns every round trip that this process made meanwhile, in order. */
export async function roundTripsOf(work: () => Promise<unknown>): Promise<RoundTrip[]> {
  recording = []
  try {
    await work()
    return recording
  } finally {
    recording = undefined
  }
}

const { query } = pg.Client.prototype
pg.Client.prototype.query = function record(this: pg.Client, ...args: unknown[]) {
  const [first, second] = args
  const { text, values, name } = typeof first === 'string' ? { text: first, values: second } : (first as pg.QueryConfig)
  recording?.push({ to: 'postgres', text, values: Array.isArray(values) ? values : [], name })
  return (query as (...args: unknown[]) => unknown).apply(this, args)
} as typeof query

const { sendCommand } = Redis.prototype
Redis.prototype.sendCommand = function record(this: Redis, command, stream) {
  recording?.push({ to: 'redis', command: command.name, args: command.args as string[] })
  return sendCommand.call(this, command, stream)
}

/** The number of round trips that wrote to Postgres's disk: commits of transactions, and writes outside of one. */
export function durableCommits(trips: RoundTrip[]): number {
  let inTransaction = false
  let commits = 0
  for (const trip of trips) {
    if (trip.to !== 'postgres') continue
    if (/^(begin|start transaction)/i.test(trip.text)) inTransaction = true
    else if (/^commit/i.test(trip.text)) {
      inTransaction = false
      commits += 1
    } else if (!inTransaction && /\b(insert into|update|delete from)\b/i.test(trip.text)) commits += 1
  }
  return commits
}
