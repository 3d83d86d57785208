import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Big from 'big.js'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { createReplayMarket } from '../../src/market/feeds/replay/replay.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import type { Venue, VenueOrder } from '../../src/venues/venue.ts'
import { type HandClock, handClock } from '../market/hand-clock.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
let db: Kysely<Database>
beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await fresh?.drop()
})
beforeEach(async () => {
  await db.deleteFrom('paper_orders').execute()
})

/** Minutes of a recording: open, high, low, close. */
type Minutes = [number, number, number, number][]

/** A paper venue on a recording; the test sets its time, in quarters of a minute. */
async function venueOn(minutes: Minutes): Promise<{ venue: Venue; goTo(quarter: number): void; clock: HandClock }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'levels-'))
  const rows = minutes.map((prices, minute) => `2006-01-02T10:0${minute}:00Z,${prices.join(',')},1000`)
  writeFileSync(path.join(folder, 'X.csv'), ['time,open,high,low,close,volume', ...rows].join('\n'))
  const begin = Date.parse('2026-11-20T15:00:00Z')
  const clock = handClock(begin)
  const market = await createReplayMarket({ folder, clock, anchor: new Date(begin) })
  onTestFinished(async () => {
    await market.close()
    rmSync(folder, { recursive: true })
  })
  const venue = createPaperVenue({ db, market, clock, slippageBps: 0, commissionPerUnit: 0 })
  return { venue, clock, goTo: (quarter) => clock.set(begin + quarter * 15_000) }
}

let orders = 0
const order = (side: 'buy' | 'sell', given: Partial<VenueOrder>): VenueOrder => {
  const clientOrderId = `level-${++orders}`
  return { account: '1', clientOrderId, symbol: 'X', side, quantity: new Big(100), ...given }
}

const priceOf = async (venue: Venue, { account, clientOrderId }: VenueOrder) =>
  (await venue.find({ account, clientOrderId }))?.fills[0]?.price.toFixed()

const rising: Minutes = [
  [100, 150, 100, 150],
  [150, 150, 150, 150],
]
const falling: Minutes = [
  [100, 100, 80, 80],
  [80, 80, 80, 80],
]
const jumpsUp: Minutes = [
  [100, 100, 100, 100],
  [120, 150, 120, 150],
]
const jumpsDown: Minutes = [
  [100, 100, 100, 100],
  [90, 90, 80, 80],
]

describe('on recorded bars', () => {
  test.each([
    ['sell', 110, 'inside the bar', rising, 2, '110'],
    ['sell', 110, 'that the open jumps over', jumpsUp, 4, '120'],
    ['buy', 95, 'inside the bar', falling, 2, '95'],
    ['buy', 95, 'that the open jumps over', jumpsDown, 4, '90.01'],
  ] as const)('a resting limit to %s @ %i %s', async (side, limit, _, minutes, quarter, price) => {
    const { venue, goTo } = await venueOn(minutes)
    const rests = order(side, { limitPrice: new Big(limit) })
    expect(await venue.submit(rests)).toMatchObject({ report: { state: 'working' } })
    goTo(quarter)
    onTestFinished(venue.subscribe({ heard: () => {}, failed: () => {} }))
    await expect.poll(() => priceOf(venue, rests)).toBe(price)
  })

  test.each([
    ['a target', 'sell', 110, 'inside the bar', rising, 2, '110'],
    ['a target, a moment late,', 'sell', 110, 'inside the bar', rising, 3, '110'],
    ['a target', 'sell', 110, 'that the open jumps over', jumpsUp, 4, '120'],
    ['a stop', 'sell', 95, 'inside the bar', falling, 2, '95'],
    ['a stop', 'sell', 95, 'that the open jumps over', jumpsDown, 4, '90'],
    ['a target', 'buy', 95, 'inside the bar', falling, 2, '95'],
    ['a stop', 'buy', 110, 'inside the bar', rising, 2, '110'],
    ['a stop', 'buy', 110, 'that the open jumps over', jumpsUp, 4, '120.01'],
  ] as const)('%s that sends an order to %s at %i %s', async (_, side, level, __, minutes, quarter, price) => {
    const { venue, goTo } = await venueOn(minutes)
    goTo(quarter)
    const sent = order(side, { touchedLevel: new Big(level) })
    expect(await venue.submit(sent)).toMatchObject({ report: { state: 'filled' } })
    expect(await priceOf(venue, sent)).toBe(price)
  })

  test('an order that comes after the level was passed pays the current price', async () => {
    const { venue, goTo } = await venueOn(rising)
    goTo(2)
    const [atMarket, limited] = [order('sell', {}), order('sell', { limitPrice: new Big(110) })]
    for (const sent of [atMarket, limited]) {
      await venue.submit(sent)
      expect(await priceOf(venue, sent)).toBe('149.99')
    }
  })

  test('a changed limit counts as passed only from its change on', async () => {
    const { venue, goTo } = await venueOn([
      [100, 105, 100, 105],
      [105, 150, 105, 150],
    ])
    const rests = order('sell', { limitPrice: new Big(200) })
    await venue.submit(rests)
    goTo(5)
    expect(await venue.replace(rests, new Big(120))).toMatchObject({ report: { state: 'working' } })
    goTo(6)
    onTestFinished(venue.subscribe({ heard: () => {}, failed: () => {} }))
    await expect.poll(() => priceOf(venue, rests)).toBe('120')
  })
})

test.each([
  ['sell', '90', 'falling', '90'],
  ['buy', '120', 'rising', '120'],
  ['sell', '95', 'jumpsDown', '90'],
  ['buy', '110', 'jumpsUp', '120.01'],
] as const)('an order with a stop, to %s at $%s, is filled on a bar (%s) at $%s', async (side, stop, bars, price) => {
  const minutes = { falling, rising, jumpsDown, jumpsUp }[bars]
  const { venue, goTo } = await venueOn(minutes)
  const one = order(side, { stopPrice: new Big(stop) })
  await venue.submit(one)
  goTo(bars.startsWith('jumps') ? 4 : 3)
  const end = venue.subscribe({ heard: () => {}, failed: () => {} })
  await vi.waitFor(async () => expect(await priceOf(venue, one)).toBeDefined(), { interval: 10 })
  expect(await priceOf(venue, one)).toBe(price)
  end()
})
