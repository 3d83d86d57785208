import { expect, vi } from 'vitest'
import { type Running, startWorker } from '../../../jobs/worker.ts'
import { createDesk, type Desk } from '../../../src/desk.ts'
import { freshDeskTest } from '../../support/desk-test.ts'

const running: Running[] = []
const desks: Desk[] = []

const { test, desk } = freshDeskTest({ worker: false })
test.afterEach(async () => {
  for (const worker of running.splice(0)) await worker.close()
  for (const another of desks.splice(0)) await another.close()
})

/** One more process: a desk with a worker on the same database, Redis and market. */
async function oneMoreWorker(): Promise<void> {
  const { config, parts } = desk.desk
  const market = { ...desk.market, close: async () => {} }
  const another = await createDesk({ config, log: parts.log, clock: parts.clock, market })
  desks.push(another)
  running.push(startWorker(another, { monitorEveryMs: 100, sweepEveryMs: 300 }))
}

const events = (type: string) =>
  desk.desk.parts.db.selectFrom('desk_events').select(['id', 'type']).where('type', 'like', type).execute()

async function closed(symbol: string) {
  const rows = await desk.desk.parts.db
    .selectFrom('positions')
    .select('closed_at')
    .where('symbol', '=', symbol)
    .execute()
  return rows.every((row) => row.closed_at !== null)
}

test('three workers that see the same prices raise each event once, and close once', async () => {
  for (let index = 0; index < 3; index++) await oneMoreWorker()
  await desk.say('long BYND 100')
  await desk.say('stop .90')
  // The price is repeated, as markets do, so that each worker sees it by tick and by sweep.
  await vi.waitFor(async () => {
    desk.market.set('BYND', '0.915')
    expect(await events('position.%')).toHaveLength(1)
  })
  await vi.waitFor(async () => {
    desk.market.set('BYND', '0.89')
    expect(await closed('BYND')).toBe(true)
  })
  for (let index = 0; index < 10; index++) desk.market.set('BYND', '0.85')
  expect(await events('position.%')).toHaveLength(1)
  expect(await events('trading.%')).toHaveLength(1)
  const fills = await desk.desk.parts.db.selectFrom('orders').select('id').where('purpose', '=', 'stop').execute()
  expect(fills).toHaveLength(1)
})

test('sweeps go on after Redis lost everything', async () => {
  await oneMoreWorker()
  await desk.say('long BYND 100')
  const marked = async () =>
    (await desk.desk.parts.db.selectFrom('position_watch').select('marked_at').executeTakeFirst())?.marked_at
  const sweptSince = (since: Date) =>
    vi.waitFor(async () => expect((await marked())!.getTime()).toBeGreaterThan(since.getTime()), { interval: 100 })
  await sweptSince(new Date())
  await desk.desk.parts.redis.flushdb()
  // A sweep may be under way still; the second mark after the loss is a new sweep's.
  await sweptSince(new Date(Date.now() + 1000))
})

test('a stop that is touched while Redis is away is closed all the same, once', async () => {
  await oneMoreWorker()
  await desk.say('long BYND 100')
  await desk.say('stop .90')
  await vi.waitFor(async () => {
    desk.market.set('BYND', '0.915')
    expect(await events('position.stop_approaching')).toHaveLength(1)
  })
  await desk.redis.halt()
  desk.market.set('BYND', '0.89')
  await vi.waitFor(async () => expect(await closed('BYND')).toBe(true), { interval: 50 })
  await desk.redis.start()
  expect(await events('trading.%')).toHaveLength(1)
})
