import { sql } from 'kysely'
import { Gauge, type Registry } from 'prom-client'
import { doorNames } from '../../talk/chat/place.ts'
import { liveStates } from '../../trading/orders/rules/order-lifecycle.ts'
import type { Parts } from '../../trading/parts.ts'
import { within } from '../http/within.ts'
import { givenUpReplies, waitingReplies } from './outbox-age.ts'

/** A server that takes longer, in milliseconds, counts as down: its figures are left out and `deskhand_up` is 0. */
const answersWithinMs = 2000

/** Creates the gauges of the whole desk. The returned function refreshes them before a scrape and never throws. */
export function createGauges(
  { db, queues }: Pick<Parts, 'db' | 'queues'>,
  tally: () => Promise<void>,
  registers: Registry[],
): () => Promise<void> {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `deskhand_${name}`, help, labelNames, registers })
  const up = gauge('up', 'Does it answer? 1 or 0.', 'server')
  const jobs = gauge('queue_jobs', 'Jobs of a queue.', 'queue', 'state')
  const lag = gauge('queue_oldest_seconds', 'How long the oldest job of a queue has been due.', 'queue')
  const rows = gauge('outbox_replies', 'Replies that wait to be posted.', 'door')
  const age = gauge('outbox_age_seconds', 'How long the oldest reply has waited.', 'door')
  const lost = gauge('outbox_given_up', 'Replies of the last day that could not be posted and were given up.', 'door')
  const positions = gauge('positions_open', 'Open positions.')
  const scaleouts = gauge('scaleouts_running', 'Scaleouts that run or pause.')
  const resting = gauge('orders_resting', 'Orders with a limit that rest at the venue.')
  const held = gauge('alerts_held', 'Alerts that wait for the table at the end of their minute.')
  const halted = gauge('accounts_halted', 'Accounts that the circuit breaker has halted.')

  const labelled = new Set([jobs, lag, rows, age, lost])

  async function readPostgres(): Promise<void> {
    const [waiting, givenUp, { rows: counts }] = await Promise.all([
      waitingReplies(db),
      givenUpReplies(db),
      sql<{ positions: number; scaleouts: number; resting: number; held: number; halted: number }>`
        select (select count(*)::int from positions where closed_at is null) as positions,
          (select count(*)::int from scaleouts where state in ('running', 'paused')) as scaleouts,
          (select count(*)::int from orders where rests and state = any(${[...liveStates]}::text[])) as resting,
          (select count(*)::int from event_alerts where outcome = 'held') as held,
          (select count(*)::int from account_risk where halted_at is not null) as halted`.execute(db),
      tally(),
    ])
    for (const door of doorNames) {
      const there = waiting.find((one) => one.door === door)
      rows.set({ door }, there?.rows ?? 0)
      age.set({ door }, there?.age ?? 0)
      lost.set({ door }, givenUp.get(door) ?? 0)
    }
    positions.set(counts[0]!.positions)
    scaleouts.set(counts[0]!.scaleouts)
    resting.set(counts[0]!.resting)
    held.set(counts[0]!.held)
    halted.set(counts[0]!.halted)
  }

  async function readRedis(): Promise<void> {
    for (const { queue, oldestMs, ...counts } of await queues.depths()) {
      for (const [state, count] of Object.entries(counts)) jobs.set({ queue, state }, count)
      lag.set({ queue }, oldestMs / 1000)
    }
  }

  /** Reads one server's gauges. If the server is down its gauges are cleared, because old figures would be wrong. */
  async function read(server: string, reading: Promise<void>, its: Gauge[]): Promise<void> {
    try {
      await within(answersWithinMs, server, reading)
      up.set({ server }, 1)
    } catch {
      up.set({ server }, 0)
      for (const one of its) one.reset()
      for (const one of its.filter((gauge) => !labelled.has(gauge))) one.set(Number.NaN)
    }
  }

  return async () => {
    await Promise.all([
      read('postgres', readPostgres(), [rows, age, lost, positions, scaleouts, resting, held, halted]),
      read('redis', readRedis(), [jobs, lag]),
    ])
  }
}
