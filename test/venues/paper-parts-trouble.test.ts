import Big from 'big.js'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { sum } from '../../src/base/amounts.ts'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { chanceOf } from '../../src/venues/paper/chance.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import type { OrderEvent, OrderReport, Venue, VenueOrder } from '../../src/venues/venue.ts'
import { handClock } from '../market/hand-clock.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'
import fc from '../support/fast-check.ts'
import { listen, newsOf, reportIn } from './hearing.ts'

const log = pino({ level: 'silent' })

let fresh: FreshDatabase
/** Connections of two processes. */
let first: Kysely<Database>
let second: Kysely<Database>
let market: HandMarket
beforeAll(async () => {
  fresh = await freshDatabase()
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
  const [at, price] = [new Date(0), new Big(1)]
  const bar = { at, open: price, high: price, low: price, close: price, volume: new Big(10_000) }
  market.give('BYND', 1, [bar, bar])
})

function venueOn(db: Kysely<Database>, clock: Clock = systemClock(200)): Venue {
  return createPaperVenue({ db, market, clock, slippageBps: 0, commissionPerUnit: 0, fills: 'parts', seed: 1 })
}

let orders = 0
/** An order of about ten parts. */
function order(given: Partial<VenueOrder> = {}, isWanted = (_: ReturnType<typeof chanceOf>) => true): VenueOrder {
  let clientOrderId: string
  do clientOrderId = `trouble-${++orders}`
  while (chanceOf(1, clientOrderId).isBusy || !isWanted(chanceOf(1, clientOrderId)))
  return { account: '1', clientOrderId, symbol: 'BYND', side: 'sell', quantity: new Big(400), ...given }
}

const endOf = (venue: Venue, sent: VenueOrder) =>
  vi.waitFor(
    async () => {
      const report = (await venue.find(sent))!
      expect(report.state).not.toBe('working')
      return report
    },
    { interval: 10 },
  )

/** Expects the news of an order to match its report: each part once, and the end once. */
async function expectToldOnce(sent: VenueOrder, report: OrderReport, heard: () => OrderEvent[]): Promise<void> {
  await expect.poll(() => newsOf(sent, heard()).length).toBe(report.fills.length + 1)
  const news = newsOf(sent, heard())
  expect(news.flatMap((event) => (event.kind === 'fill' ? event.fill.venueFillId : [])).sort()).toEqual(
    report.fills.map(({ venueFillId }) => venueFillId).sort(),
  )
  expect(news.filter(({ kind }) => kind === 'order')).toEqual([{ kind: 'order', report }])
}

function expectToAddUp({ state, quantity, filledQuantity, fills }: OrderReport): void {
  expect(sum(fills.map((fill) => fill.quantity))).toEqual(filledQuantity)
  expect(state === 'filled').toBe(filledQuantity.eq(quantity))
}

describe('an order in parts', () => {
  test('is cancelled a while after the request; parts may come until then, and none afterwards', async () => {
    const clock = handClock()
    const venue = venueOn(first, clock)
    const heard = listen(venue)
    const sent = order(
      { quantity: new Big(4_000), limitPrice: new Big(1) },
      ({ pauseMs, cancelMs }) => pauseMs(1) < cancelMs,
    )
    const { latencyMs, pauseMs, cancelMs } = chanceOf(1, sent.clientOrderId)
    const parts = async () => (await venue.find(sent))!.fills.length
    await venue.submit(sent)
    clock.advance(latencyMs + 1)
    await expect.poll(parts).toBe(1)
    expect(await venue.cancel(sent)).toEqual({ outcome: 'asked' })
    expect(await venue.cancel(sent)).toEqual({ outcome: 'asked' })
    expect(await venue.replace(sent, new Big(2))).toMatchObject({ outcome: 'refused', code: 'NOT_CHANGEABLE' })
    clock.advance(pauseMs(1))
    await expect.poll(parts).toBe(2)
    expect(await venue.openOrders('1')).toMatchObject([{ state: 'working' }])
    clock.advance(cancelMs - pauseMs(1) + 1)
    const report = await endOf(venue, sent)
    expect(report).toMatchObject({ state: 'cancelled', fills: [{}, {}] })
    expectToAddUp(report)
    await expectToldOnce(sent, report, () => heard)
    expect(await venue.cancel(sent)).toEqual({ outcome: 'ended', report })
    clock.advance(60_000)
    const next = order({ quantity: new Big(1) })
    await venue.submit(next)
    clock.advance(60_000)
    await endOf(venue, next)
    expect(await venue.find(sent)).toEqual(report)
  })

  test('shows as ended once its cancel is due, also while nothing is running', async () => {
    const venue = venueOn(first)
    const sent = order()
    await venue.submit(sent)
    expect(await venue.cancel(sent)).toEqual({ outcome: 'asked' })
    await expect.poll(async () => (await venue.cancel(sent)).outcome).toBe('ended')
    expect(await venue.find(sent)).toMatchObject({ state: 'cancelled', fills: [] })
  })

  test('expires with the quantity that was filled until then', async () => {
    const venue = venueOn(first)
    const heard = listen(venue)
    const expiresAt = new Date(Date.now() + 1_500)
    const sent = order({ quantity: new Big(100_000), limitPrice: new Big('0.90'), expiresAt })
    await venue.submit(sent)
    const report = await endOf(venue, sent)
    expect(report.state).toBe('expired')
    expect(report.filledQuantity.gt(0)).toBe(true)
    expectToAddUp(report)
    for (const { filledAt } of report.fills) expect(filledAt < expiresAt).toBe(true)
    await expectToldOnce(sent, report, () => heard)
  })

  test('is finished by another process when the one that began it is gone', async () => {
    const gone = connectDatabase(fresh.url, log)
    const dying = venueOn(gone, systemClock(20))
    const heard: OrderEvent[] = []
    const stop = dying.subscribe({ heard: (event) => heard.push(event), failed: () => {} })
    const sent = order()
    await dying.submit(sent)
    await expect.poll(() => heard.length, { interval: 5 }).toBeGreaterThan(0)
    // Queries that run at this moment fail, as if the process had been killed.
    const ended = gone.destroy()
    stop()
    await ended
    const other = venueOn(second)
    listen(other)
    const report = await endOf(other, sent)
    expect(report.state).toBe('filled')
    expectToAddUp(report)
    expect((await other.fills('1')).fills).toEqual(report.fills)
  })

  test('gets each part once, however many processes look', async () => {
    const venues = [venueOn(first), venueOn(second), venueOn(first)]
    const heard = venues.map(listen)
    const sent = Array.from({ length: 30 }, (_, index) => order({ account: String(index % 3) }))
    await Promise.all(sent.map((one, index) => venues[index % 3]!.submit(one)))
    for (const one of sent) {
      const report = await endOf(venues[0]!, one)
      expectToAddUp(report)
      await expectToldOnce(one, report, () => heard.flat())
    }
  })
})

const step = fc.record({
  at: fc.constantFrom(0, 1),
  what: fc.constantFrom('cancel', 'move', 'price', 'submit', 'find', 'open'),
  cents: fc.integer({ min: 95, max: 105 }),
})

test('in any race with its parts, an order has one end, adds up, and no part is beyond its limit', async () => {
  const venues = [venueOn(first), venueOn(second)]
  const heard = venues.map(listen)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (groups) => {
      market.set('BYND', '1.00', '1.01')
      const limits = [new Big('1.00')]
      const sent = order({ limitPrice: limits[0]! })
      await venues[0]!.submit(sent)
      const told: OrderReport[] = []
      for (const group of groups) {
        await Promise.all(
          group.map(async ({ at, what, cents }) => {
            const venue = venues[at]!
            const price = new Big(cents).div(100)
            if (what === 'price') return market.set('BYND', price.toFixed(), price.plus('0.01').toFixed())
            if (what === 'open') return told.push(...(await venue.openOrders('1')).filter(isOf(sent)))
            if (what === 'find') return told.push((await venue.find(sent))!)
            if (what === 'move') limits.push(price)
            const answer = await {
              cancel: () => venue.cancel(sent),
              move: () => venue.replace(sent, price),
              submit: () => venue.submit(sent),
            }[what]()
            if ('report' in answer) told.push(reportIn(answer))
            else expect(['asked', 'refused']).toContain(answer.outcome)
          }),
        )
      }
      await venues[1]!.cancel(sent)
      const end = await endOf(venues[0]!, sent)
      for (const report of [...told, end]) expectToAddUp(report)
      for (const report of told) if (report.state !== 'working') expect(report).toEqual(end)
      const lowest = limits.reduce((least, limit) => (limit.lt(least) ? limit : least))
      for (const { price } of end.fills) expect(price.gte(lowest)).toBe(true)
      await expectToldOnce(sent, end, () => heard.flat())
    }),
    { numRuns: 25 },
  )
})

const isOf = (sent: VenueOrder) => (report: OrderReport) => report.clientOrderId === sent.clientOrderId
