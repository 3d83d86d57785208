import Big from 'big.js'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { sum } from '../../src/base/amounts.ts'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { createSimMarket } from '../../src/market/feeds/sim/sim.ts'
import type { Bar } from '../../src/market/market.ts'
import { chanceOf, partOf } from '../../src/venues/paper/chance.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import { createActivity } from '../../src/venues/paper/slippage.ts'
import type { OrderReport, Venue, VenueOrder } from '../../src/venues/venue.ts'
import { handClock } from '../market/hand-clock.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'
import fc from '../support/fast-check.ts'
import { listen, newsOf, reportIn } from './hearing.ts'

const log = pino({ level: 'silent' })
const minuteVolume = 10_000

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
})

/** A venue that fills in parts; a planned second takes 5 ms. */
function venueOn(db: Kysely<Database>, given: { clock?: Clock; seed?: number; fills?: 'whole' } = {}): Venue {
  const { clock = systemClock(200), seed = 1, fills = 'parts' } = given
  return createPaperVenue({ db, market, clock, slippageBps: 0, commissionPerUnit: 0.01, fills, seed })
}

/** BYND trades 10,000 units a minute. */
function giveBars(): void {
  const bar: Bar = {
    at: new Date(0),
    open: new Big(1),
    high: new Big(1),
    low: new Big(1),
    close: new Big(1),
    volume: new Big(minuteVolume),
  }
  market.give('BYND', 1, [bar, bar])
}

let orders = 0
function order(given: Partial<VenueOrder> = {}): VenueOrder {
  let clientOrderId = `part-${++orders}`
  while (chanceOf(1, clientOrderId).isBusy) clientOrderId = `part-${++orders}`
  return { account: '1', clientOrderId, symbol: 'BYND', side: 'sell', quantity: new Big(100), ...given }
}

const quantitiesOf = (report: OrderReport | undefined) => report!.fills.map(({ quantity }) => quantity.toNumber())
const endOf = (venue: Venue, sent: VenueOrder) =>
  vi.waitFor(
    async () => {
      const report = (await venue.find(sent))!
      expect(report.state).not.toBe('working')
      return report
    },
    { interval: 10 },
  )

/** Resolves when the book has been checked against the current price of a symbol: the same look has filled a second order. */
async function lookedAt(symbol: string): Promise<void> {
  const beacon = order({ symbol: 'AAPL', side: 'buy', limitPrice: new Big(1e7) })
  market.stale('AAPL', 'not yet')
  const easy = venueOn(second, { fills: 'whole' })
  await easy.submit(beacon)
  const { bid, ask } = (await market.quote(symbol))!
  market.set(symbol, bid.toFixed(), ask.toFixed())
  market.set('AAPL', '190')
  await vi.waitFor(async () => expect((await easy.find(beacon))!.fills).not.toEqual([]), {
    timeout: 5_000,
    interval: 5,
  })
}

describe('an order that is filled in parts', () => {
  test('is accepted with nothing filled, and then filled part by part, each told once, and its end', async () => {
    giveBars()
    const [one, other] = [venueOn(first), venueOn(second)]
    const [heard, heardToo] = [listen(one), listen(other)]
    const sent = order({ quantity: new Big(150) })
    const accepted = reportIn(await one.submit(sent))
    expect(accepted).toMatchObject({ state: 'working', filledQuantity: new Big(0), fills: [] })
    const report = await endOf(one, sent)
    expect(report).toMatchObject({ state: 'filled', filledQuantity: new Big(150) })
    expect(sum(report.fills.map(({ quantity }) => quantity))).toEqual(new Big(150))
    expect(sum(report.fills.map(({ commission }) => commission))).toEqual(new Big('1.5'))
    expect(report.fills.length).toBeGreaterThan(1)
    expect(report.fills.map(({ venueFillId }) => venueFillId)).toEqual(
      report.fills.map((_, index) => `paper-${sent.clientOrderId}/${index + 1}`),
    )
    const news = () => newsOf(sent, [...heard, ...heardToo])
    await expect.poll(() => news().length).toBe(report.fills.length + 1)
    expect(news()).toEqual(
      expect.arrayContaining([...report.fills.map((fill) => ({ kind: 'fill', fill })), { kind: 'order', report }]),
    )
    expect(await other.submit(sent)).toEqual({ outcome: 'accepted', report })
  })

  test('waits for each part: nothing comes before its time', async () => {
    giveBars()
    const clock = handClock('2026-11-20T15:00:00Z')
    const venue = venueOn(first, { clock })
    const sent = order()
    await venue.submit(sent)
    listen(venue)
    const { latencyMs, pauseMs } = chanceOf(1, sent.clientOrderId)
    const partsAfter = async (ms: number) => {
      clock.advance(ms)
      await lookedAt('BYND')
      return quantitiesOf(await venue.find(sent)).length
    }
    expect(await partsAfter(Math.floor(latencyMs) - 1)).toBe(0)
    expect(await partsAfter(2)).toBe(1)
    expect(await partsAfter(Math.floor(pauseMs(1)) - 2)).toBe(1)
    expect(await partsAfter(3)).toBe(2)
  })

  test('has the same parts from the same seed, on any day and machine, and other parts from another seed', async () => {
    giveBars()
    const sent = order({ quantity: new Big(150) })
    const partsFrom = async (seed: number) => {
      await first.deleteFrom('paper_orders').execute()
      const venue = venueOn(first, { seed })
      const stop = venue.subscribe({ heard: () => {}, failed: () => {} })
      await venue.submit(sent)
      const report = await endOf(venue, sent)
      stop()
      return quantitiesOf(report)
    }
    const parts = await partsFrom(1)
    expect(await partsFrom(1)).toEqual(parts)
    expect(await partsFrom(2)).not.toEqual(parts)
  })

  test('has thirds when the volume is unknown', async () => {
    const venue = venueOn(first)
    listen(venue)
    const [shares, coins] = [
      order({ quantity: new Big(100) }),
      order({ symbol: 'BTC-USD', quantity: new Big('0.0005') }),
    ]
    for (const sent of [shares, coins]) await venue.submit(sent)
    expect(quantitiesOf(await endOf(venue, shares))).toEqual([34, 34, 32])
    expect(quantitiesOf(await endOf(venue, coins))).toEqual([0.0002, 0.0002, 0.0001])
  })

  test('of a single lot has one part, with the id of a whole fill', async () => {
    const venue = venueOn(first)
    listen(venue)
    const sent = order({ quantity: new Big(1) })
    await venue.submit(sent)
    expect((await endOf(venue, sent)).fills).toMatchObject([{ venueFillId: `paper-${sent.clientOrderId}` }])
  })

  test('fills nothing on a stale quote, and goes on when prices are back', async () => {
    const venue = venueOn(first)
    const sent = order()
    await venue.submit(sent)
    market.stale('BYND', 'the quote is 42 s old (limit 15 s)')
    listen(venue)
    for (let looks = 0; looks < 3; looks++) await lookedAt('AAPL')
    expect(await venue.find(sent)).toMatchObject({ state: 'working', filledQuantity: new Big(0) })
    market.set('BYND', '0.90', '0.91')
    const { fills } = await endOf(venue, sent)
    expect(new Set(fills.map(({ price }) => price.toFixed()))).toEqual(new Set(['0.9']))
  })

  test('is filled at the touch of each part, within its limit, and rests while the market is beyond', async () => {
    giveBars()
    const venue = venueOn(first)
    const heard = listen(venue)
    const sent = order({ limitPrice: new Big('1.00'), quantity: new Big(1_500) })
    await venue.submit(sent)
    await expect.poll(() => newsOf(sent, heard).length).toBeGreaterThan(0)
    market.set('BYND', '0.98', '0.99')
    await lookedAt('BYND')
    const { filledQuantity } = (await venue.find(sent))!
    expect(filledQuantity.lt(1_500)).toBe(true)
    market.set('BYND', '1.03', '1.04')
    const { fills } = await endOf(venue, sent)
    const prices = fills.map(({ price }) => price.toFixed())
    expect(prices[0]).toBe('1')
    expect(prices.at(-1)).toBe('1.03')
    expect(new Set(prices)).toEqual(new Set(['1', '1.03']))
  })

  test('is refused at first, two times in a hundred, and taken when it comes again', async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `busy-${index}`)
    const busy = ids.filter((id) => chanceOf(1, id).isBusy)
    expect(busy.length).toBeGreaterThan(150)
    expect(busy.length).toBeLessThan(250)
    const sent = order({ clientOrderId: busy[0]! })
    const refused = { outcome: 'refused', code: 'OTHER', words: 'the paper venue is busy' }
    expect(await venueOn(first).submit(sent)).toEqual(refused)
    expect(await venueOn(first).find(sent)).toBeUndefined()
    expect(reportIn(await venueOn(second).submit(sent))).toMatchObject({ state: 'working' })
    expect(reportIn(await venueOn(first).submit(sent))).toMatchObject({ state: 'working' })
  })

  test('is filled as a whole once the venue is no longer difficult', async () => {
    const difficult = venueOn(first)
    const sent = order()
    await difficult.submit(sent)
    const easy = venueOn(second, { fills: 'whole' })
    listen(easy)
    expect((await endOf(easy, sent)).fills).toHaveLength(1)
  })
})

test('a part takes at most its share of the volume, at least a lot, and the parts add up to the order', () => {
  const lots = fc.constantFrom('1', '0.0001', '100')
  fc.assert(
    fc.property(fc.nat(), fc.nat(5_000), lots, fc.option(fc.nat(1_000_000)), (seed, count, step, volume) => {
      const lot = new Big(step)
      const quantity = lot.times(count + 1)
      let left = quantity
      for (let number = 1; left.gt(0); number++) {
        const parts = { clientOrderId: `order-${seed}`, quantity, left, lot, number }
        const part = partOf(parts, seed, volume ?? undefined)
        expect(part.gte(lot) && part.lte(left) && part.mod(lot).eq(0)).toBe(true)
        if (volume !== null) expect(part.lte(lot) || part.lte(0.2 * volume)).toBe(true)
        else expect(number).toBeLessThanOrEqual(3)
        left = left.minus(part)
      }
    }),
    { numRuns: 200 },
  )
})

test('a chunk of 400 BYND in the simulated market mostly comes in two to five parts, within a planned minute', async () => {
  const clock = handClock()
  const simulated = createSimMarket({ seed: '1', clock })
  const [lot, quantity] = [new Big(1), new Big(400)]
  const counts: number[] = []
  for (let chunk = 0; chunk < 500; chunk++) {
    clock.advance(80 * 60_000)
    const volume = (await createActivity(simulated, clock.now)('BYND'))!.minuteVolume
    const clientOrderId = `chunk-${chunk}`
    let [left, number, ms] = [quantity, 0, 0]
    while (left.gt(0)) {
      if (number > 0) ms += chanceOf(1, clientOrderId).pauseMs(number)
      number += 1
      left = left.minus(partOf({ clientOrderId, quantity, left, lot, number }, 1, volume))
    }
    counts.push(number)
    expect(ms).toBeLessThan(60_000)
  }
  expect(counts.filter((parts) => parts >= 2 && parts <= 5).length).toBeGreaterThan(300)
})
