import Big from 'big.js'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import type { OrderEvent, VenueOrder } from '../../src/venues/venue.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'

const clock = { now: () => new Date(), scale: 1 }
let fresh: FreshDatabase
let first: Kysely<Database>
let second: Kysely<Database>
let market: HandMarket
beforeAll(async () => {
  fresh = await freshDatabase()
  const log = pino({ level: 'silent' })
  first = connectDatabase(fresh.url, log)
  second = connectDatabase(fresh.url, log)
})
afterAll(async () => {
  await Promise.all([first?.destroy(), second?.destroy()])
  await fresh?.drop()
})
beforeEach(async () => {
  await first.deleteFrom('paper_orders').execute()
  market = handMarket()
  market.set('BYND', '1.00', '1.01')
})

const venueOn = (db: Kysely<Database>) => createPaperVenue({ db, market, clock, slippageBps: 0, commissionPerUnit: 0 })

let orders = 0
function stop(side: 'buy' | 'sell', price: string, given: Partial<VenueOrder> = {}): VenueOrder {
  const clientOrderId = `stop-${++orders}`
  const stopPrice = new Big(price)
  return { account: '1', clientOrderId, symbol: 'BYND', side, quantity: new Big(100), stopPrice, ...given }
}

/** Two processes that match the same book, and the fills that they announce. */
function twoProcesses() {
  const [one, other] = [venueOn(first), venueOn(second)]
  const fills: OrderEvent[] = []
  const heard = (event: OrderEvent) => void (event.kind === 'fill' && fills.push(event))
  const stops = [one, other].map((venue) => venue.subscribe({ heard, failed: () => {} }))
  return { one, other, fills, stop: () => stops.map((end) => end()) }
}

test('a stop is triggered and filled once by two processes, and one bad print triggers nothing', async () => {
  const { one, fills, stop: end } = twoProcesses()
  const order = stop('sell', '0.97')
  await one.submit(order)
  const beacon = stop('sell', '0.99')
  await one.submit(beacon)
  // A last price far outside of bid and ask is a bad print.
  market.print('BYND', '0.50', '1.00', '1.01')
  market.set('BYND', '0.99', '1.00')
  await vi.waitFor(async () => expect((await one.find(beacon))?.state).toBe('filled'), { interval: 10 })
  expect((await one.find(order))?.state).toBe('working')
  market.set('BYND', '0.97', '0.98')
  await vi.waitFor(async () => expect((await one.find(order))?.state).toBe('filled'), { interval: 10 })
  expect(fills).toHaveLength(2)
  end()
})

test('a stop outlives a restart, and is triggered by the price that it finds', async () => {
  const order = stop('buy', '1.03')
  await venueOn(first).submit(order)
  market.set('BYND', '1.04', '1.05')
  const { other, stop: end } = twoProcesses()
  await vi.waitFor(async () => expect((await other.find(order))?.state).toBe('filled'), { interval: 10 })
  expect((await other.find(order))?.fills[0]?.price.toFixed()).toBe('1.05')
  end()
})

test('a stale price triggers nothing, and a fresh one does', async () => {
  market.set('BYND', '1.04', '1.05')
  market.stale('BYND', 'a test')
  const { one, stop: end } = twoProcesses()
  const order = stop('buy', '1.03')
  const beacon = stop('buy', '60000', { symbol: 'BTC-USD', quantity: new Big('0.1') })
  await one.submit(order)
  await one.submit(beacon)
  await vi.waitFor(async () => expect((await one.find(beacon))?.state).toBe('filled'), { interval: 10 })
  expect((await one.find(order))?.state).toBe('working')
  market.set('BYND', '1.04', '1.05')
  await vi.waitFor(async () => expect((await one.find(order))?.state).toBe('filled'), { interval: 10 })
  end()
})
