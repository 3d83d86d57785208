import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Running, startWorker } from '../../../jobs/worker.ts'
import { createDesk, type Desk } from '../../../src/desk.ts'
import { type HandMarket, handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'

let opened: TestDesk
let market: HandMarket
const running: Running[] = []
const desks: Desk[] = []

beforeEach(async () => {
  market = handMarket()
  opened = await openTestDesk({ market, worker: false })
})
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.close()
  for (const desk of desks.splice(0)) await desk.close()
  await opened.close()
})

/** One more process: a desk with a worker on the same database, Redis and market. */
async function oneMoreWorker(): Promise<void> {
  const { config, parts } = opened.desk
  const shared = { ...market, close: async () => {} }
  const desk = await createDesk({ config, log: parts.log, clock: parts.clock, market: shared })
  desks.push(desk)
  running.push(startWorker(desk, { monitorEveryMs: 100, sweepEveryMs: 300 }))
}

const events = (type: string) =>
  opened.desk.parts.db.selectFrom('desk_events').select(['id', 'type']).where('type', 'like', type).execute()

async function closed(symbol: string) {
  const rows = await opened.desk.parts.db
    .selectFrom('positions')
    .select('closed_at')
    .where('symbol', '=', symbol)
    .execute()
  return rows.every((row) => row.closed_at !== null)
}

test('three workers that see the same prices raise each event once, and close once', async () => {
  for (let index = 0; index < 3; index++) await oneMoreWorker()
  await opened.say('long BYND 100')
  await opened.say('stop .90')
  // The price is repeated, as markets do, so that each worker sees it by tick and by sweep.
  await vi.waitFor(async () => {
    market.set('BYND', '0.915')
    expect(await events('position.%')).toHaveLength(1)
  }, 8000)
  await vi.waitFor(async () => {
    market.set('BYND', '0.89')
    expect(await closed('BYND')).toBe(true)
  }, 8000)
  for (let index = 0; index < 10; index++) market.set('BYND', '0.85')
  expect(await events('position.%')).toHaveLength(1)
  expect(await events('trading.%')).toHaveLength(1)
  const fills = await opened.desk.parts.db.selectFrom('orders').select('id').where('purpose', '=', 'stop').execute()
  expect(fills).toHaveLength(1)
})

test('sweeps go on after Redis lost everything', async () => {
  await oneMoreWorker()
  await opened.say('long BYND 100')
  const marked = async () =>
    (await opened.desk.parts.db.selectFrom('position_watch').select('marked_at').executeTakeFirst())?.marked_at
  const sweptSince = (since: Date) =>
    vi.waitFor(async () => expect((await marked())!.getTime()).toBeGreaterThan(since.getTime()), {
      timeout: 20_000,
      interval: 100,
    })
  await sweptSince(new Date())
  await opened.desk.parts.redis.flushdb()
  // A sweep may be under way still; the second mark after the loss is a new sweep's.
  await sweptSince(new Date(Date.now() + 1000))
}, 40_000)

test('a stop that is touched while Redis is away is closed all the same, once', async () => {
  await oneMoreWorker()
  await opened.say('long BYND 100')
  await opened.say('stop .90')
  await vi.waitFor(async () => {
    market.set('BYND', '0.915')
    expect(await events('position.stop_approaching')).toHaveLength(1)
  }, 8000)
  await opened.redis.halt()
  market.set('BYND', '0.89')
  await vi.waitFor(async () => expect(await closed('BYND')).toBe(true), { timeout: 20_000, interval: 50 })
  await opened.redis.start()
  expect(await events('trading.%')).toHaveLength(1)
}, 40_000)
