import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { confirmIdOf } from '../../../src/venues/tradestation/confirm-id.ts'
import type { OrderEvent, Venue, VenueOrder } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/tradestation/account.ts'
import { startTradeStationServer, type TradeStationServer } from '../../platforms/tradestation/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { venueAt } from './under-test.ts'

// Streams that lost fills in the adapters of others: QuantConnect's issues #66, #84, #87, #94, #95 and #101 for TradeStation.

let database: FreshDatabase
let db: Kysely<Database>
beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

let ts: TradeStationServer
let account: Account
let venue: Venue
let heard: OrderEvent[]
let seed = 0
let stop: () => void
beforeEach(async () => {
  ts = await startTradeStationServer({ seed: ++seed, heartbeatMs: 30 })
  account = ts.addAccount({ id: `SIM${seed}L` })
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '1.00', '1.01')
  heard = []
  venue = venueAt(db, ts, [account], { times: { silentForMs: 400 } })
  stop = venue.subscribe({ heard: (event) => void heard.push(event), failed: () => {} })
  await vi.waitFor(() => expect(ts.listening()).toHaveLength(1))
})
afterEach(async () => {
  stop()
  venue.follow?.([])
  await ts.close()
})

let ids = 0
const order = (more: Partial<VenueOrder> = {}): VenueOrder => ({
  ...{
    account: account.id,
    clientOrderId: `lost-${++ids}`,
    symbol: 'BYND',
    side: 'buy',
    quantity: new Big(10),
    ...more,
  },
})
const send = async (more?: Partial<VenueOrder>) => {
  const sent = order(more)
  expect(await venue.submit(sent)).toMatchObject({ outcome: 'accepted' })
  return sent
}
const until = (holds: () => unknown) => vi.waitFor(holds, { interval: 10 })
const toldOf = ({ clientOrderId }: VenueOrder) =>
  heard
    .flatMap((event) => (event.kind === 'fill' ? [event.fill] : event.report.fills))
    .filter((fill) => fill.clientOrderId === clientOrderId)

test('eighteen orders are filled and four frames come, while heartbeats go on: the list has each fill once', async () => {
  // The first fourteen frames with fills are lost.
  ts.loseFrames(account, 14)
  const sent = await Promise.all(Array.from({ length: 18 }, () => send()))
  await ts.settle()
  // The stream of positions stirs, too.
  await until(() => expect(sent.filter((one) => toldOf(one).length > 0).length).toBeGreaterThanOrEqual(4))
  const { fills, cursor } = await venue.fills(account.id)
  expect(fills.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(sent.map((one) => one.clientOrderId).sort())
  expect(sum(fills.map(({ quantity }) => quantity)).toFixed()).toBe('180')
  expect((await venue.fills(account.id, cursor)).fills).toEqual([])
})

test('a stream that hangs in silence is given up after its time, and six orders’ fills come with the next', async () => {
  ts.freezeStreams(account)
  const sent = await Promise.all(Array.from({ length: 6 }, () => send()))
  await ts.settle()
  await until(() => expect(sent.filter((one) => toldOf(one).length > 0)).toHaveLength(6))
})

test('a stream that says GoAway is opened again, and brings what was missed', async () => {
  const sent = await send({ limitPrice: new Big('0.90') })
  ts.goAway(account)
  ts.setPrice('BYND', '0.88', '0.89')
  await ts.settle()
  await until(() => expect(new Set(toldOf(sent).map(({ venueFillId }) => venueFillId)).size).toBe(1))
})

test('fills inside an acknowledgement count, and an order is filled although no status says so', async () => {
  ts.faults.fillsInAck = 1
  const sent = await send()
  await until(() => expect(toldOf(sent).map(({ quantity }) => quantity.toFixed())).toContain('10'))
  const report = await venue.find(sent)
  expect(report).toMatchObject({ state: 'filled', filledQuantity: new Big(10) })
})

test('an order that is filled in part and then out ends with its part', async () => {
  ts.faults.outsAfterPartial = 1
  ts.setPrice('BYND', '1.00', '1.01', { size: '4' })
  const sent = await send({ limitPrice: new Big('1.01') })
  await ts.settle()
  await until(async () => expect((await venue.find(sent))?.filledQuantity.toFixed()).toBe('4'))
  await venue.cancel(sent)
  await ts.settle()
  await until(async () => expect((await venue.find(sent))?.state).toBe('cancelled'))
  const report = (await venue.find(sent))!
  expect(report.fills.map(({ quantity, price }) => `${quantity} @ ${price}`)).toEqual(['4 @ 1.01'])
})

test('an order whose answer is lost is found by its terms, beside one of somebody else, and is sent once', async () => {
  ts.failNext({ method: 'POST', path: /orders$/, as: 'unanswered' })
  const sent = order({ limitPrice: new Big('0.90') })
  expect(await venue.submit(sent)).toMatchObject({ outcome: 'unknown' })
  ts.placeElsewhere(account, {
    ...{ Symbol: 'BYND', Quantity: '11', TradeAction: 'BUY', OrderType: 'Limit', LimitPrice: '0.90' },
    TimeInForce: { Duration: 'GTC' },
  })
  const open = await venue.openOrders(account.id)
  expect(open).toHaveLength(2)
  expect(open.filter(({ clientOrderId }) => clientOrderId === sent.clientOrderId)).toHaveLength(1)
  expect(await venue.find(sent)).toMatchObject({ state: 'working', quantity: sent.quantity })
  expect(await venue.submit(sent)).toMatchObject({ outcome: 'refused', code: 'DUPLICATE' })
  expect(ts.ordersNamed(confirmIdOf(sent.clientOrderId))).toHaveLength(1)
  await venue.cancel(sent)
  await ts.settle()
  expect(await venue.find(sent)).toMatchObject({ state: 'cancelled' })
})

test('a list with an error beside nothing is no answer', async () => {
  ts.faults.softErrors = 1
  await expect(venue.openOrders(account.id)).rejects.toMatchObject({ name: 'VenueError' })
  await expect(venue.positions(account.id)).rejects.toMatchObject({ name: 'VenueError' })
  await expect(venue.balance(account.id)).rejects.toMatchObject({ name: 'VenueError' })
})

test('a stop with a target is two orders there and one here: its halves end together', async () => {
  await send({ quantity: new Big(10) })
  await ts.settle()
  const terms = { side: 'sell', isExit: true, stopPrice: new Big('0.90'), targetPrice: new Big('1.20') } as const
  const sent = await send(terms)
  expect(await venue.openOrders(account.id)).toHaveLength(1)
  ts.setPrice('BYND', '1.21', '1.22')
  await ts.settle()
  await until(async () => expect((await venue.find(sent))?.state).toBe('filled'))
  expect(await venue.openOrders(account.id)).toEqual([])
  expect(ts.held(account, 'BYND').toFixed()).toBe('0')
})
