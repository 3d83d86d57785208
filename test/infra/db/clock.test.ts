import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { openDatabaseClock } from '../../../src/infra/db/clock.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const log = pino({ level: 'silent' })

let database: FreshDatabase
let db: Kysely<Database>
/** The database's clock is ahead by this many milliseconds; the test's own function answers for it. */
let aheadMs = 0
beforeAll(async () => {
  database = await freshDatabase()
  const real = connectDatabase(database.url, log, 1)
  db = real.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      const rows = result.rows.map((row) => (typeof row.time === 'number' ? { ...row, time: row.time + aheadMs } : row))
      return { ...result, rows }
    },
  })
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

async function opened(options = { askEveryMs: 20, lookEveryMs: 20 }) {
  aheadMs = 0
  const clock = await openDatabaseClock(db, 1, log, options)
  onTestFinished(() => {
    clock.close()
    vi.restoreAllMocks()
  })
  return clock
}

/** The difference between the clock and the database's, in milliseconds. */
const differenceOf = (clock: { now(): Date }) => clock.now().getTime() - Date.now() - aheadMs
const patience = { interval: 10 }

test("it shows the time of the database, even when the machine's differs", async () => {
  aheadMs = 45_000
  const clock = await openDatabaseClock(db, 1, log)
  onTestFinished(() => clock.close())
  expect(Math.abs(differenceOf(clock))).toBeLessThan(1000)
})

test.each([
  ['ahead', 600_000],
  ['back', -600_000],
])("it goes on with time as it passes when the machine's clock is set %s", async (_, ms) => {
  const clock = await opened()
  const now = Date.now
  const before = clock.now().getTime()
  const began = performance.now()
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
  await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(100), patience) // time for a look
  const passed = performance.now() - began
  expect(Math.abs(clock.now().getTime() - before - passed)).toBeLessThan(1000)
})

test.each([
  ['ahead', 600_000],
  ['back', -600_000],
])("it follows the database's clock when that is set %s", async (_, ms) => {
  const clock = await opened()
  aheadMs = ms
  await vi.waitFor(() => expect(Math.abs(differenceOf(clock))).toBeLessThan(500), patience)
})

test("the machine's own clock that was set has the database asked at once", async () => {
  const clock = await opened({ askEveryMs: 3_600_000, lookEveryMs: 20 })
  aheadMs = 600_000
  const now = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 600_000)
  await vi.waitFor(() => expect(Math.abs(clock.now().getTime() - now() - 600_000)).toBeLessThan(500), patience)
})

test('a small correction never makes the time go back', async () => {
  const clock = await opened()
  aheadMs = 400
  await vi.waitFor(() => expect(differenceOf(clock)).toBeGreaterThan(-200), patience)
  aheadMs = 0
  let latest = 0
  let went = 0
  await vi.waitFor(() => {
    const time = clock.now().getTime()
    if (time < latest) went += 1
    latest = time
    expect(differenceOf(clock)).toBeLessThan(200)
  }, patience)
  expect(went).toBe(0)
})
