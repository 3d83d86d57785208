import Big from 'big.js'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { createPaperBook, type NextFill, type PaperBook } from '../../src/venues/paper/book.ts'
import { createFiller } from '../../src/venues/paper/filler.ts'
import { type HandClock, handClock } from '../market/hand-clock.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { handMarket } from '../support/desk.ts'

const log = pino({ level: 'silent' })

let fresh: FreshDatabase
let first: Kysely<Database>
let second: Kysely<Database>
let clock: HandClock
/** Books of two processes. */
let mine: PaperBook
let theirs: PaperBook
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
  clock = handClock()
  mine = createPaperBook(first, clock)
  theirs = createPaperBook(second, clock)
})

const market = handMarket()
const touch = { symbol: 'BYND', bid: new Big('1.01'), ask: new Big('1.02') }
const expiresInMs = 60_000

/** An order of 90 that rests and that the market has reached. */
async function entered() {
  const order = {
    account: '1',
    clientOrderId: 'order',
    symbol: 'BYND',
    side: 'sell' as const,
    quantity: new Big(90),
    limitPrice: new Big(1),
    expiresAt: new Date(clock.now().getTime() + expiresInMs),
  }
  await mine.enter({ order, at: clock.now() })
  return order
}

/** The next fill of every reached order, as a process reads it: a third of the order. */
async function read(book: PaperBook): Promise<NextFill[]> {
  const parts = { market, clock, slippageBps: 0, commissionPerUnit: 0, fills: 'parts' as const, seed: 1 }
  const quote = (await market.quote('BYND'))!
  return Promise.all((await book.reached([touch])).map((order) => createFiller(parts).next(order, quote)))
}

const idsOf = (fills: NextFill[]) => fills.map(({ fill }) => fill.venueFillId)
const quantityIn = async () => (await mine.find('order'))!.report.filledQuantity.toNumber()

describe('an order that has changed since it was read is left alone when', () => {
  test('another process has filled a part of it', async () => {
    await entered()
    const [read1, read2] = [await read(mine), await read(theirs)]
    expect(idsOf(await mine.fill(read1))).toEqual(['paper-order/1'])
    expect(await theirs.fill(read2)).toEqual([])
    expect(await quantityIn()).toBe(30)
  })

  test('two processes fill the same part at once', async () => {
    for (let round = 0; round < 20; round++) {
      await first.deleteFrom('paper_orders').execute()
      await entered()
      const reads = [await read(mine), await read(theirs)] as const
      const filled = await Promise.all([mine.fill(reads[0]), theirs.fill(reads[1])])
      expect(filled.flatMap(idsOf)).toEqual(['paper-order/1'])
      expect(await quantityIn()).toBe(30)
    }
  })

  test('its limit was moved', async () => {
    const order = await entered()
    const fills = await read(mine)
    expect(await theirs.change(order, new Big('1.50'))).toBe(true)
    expect(await mine.fill(fills)).toEqual([])
    expect(await quantityIn()).toBe(0)
  })

  test('it was cancelled', async () => {
    const order = await entered()
    const fills = await read(mine)
    expect(await theirs.end(order)).toMatchObject({ state: 'cancelled' })
    expect(await mine.fill(fills)).toEqual([])
    expect(await theirs.end(order)).toBeUndefined()
  })

  test.each([
    ['its cancel is due', 1_000, 'cancelled'],
    ['its time is over', expiresInMs, 'expired'],
  ])('%s', async (_, ms, state) => {
    const order = await entered()
    const fills = await read(mine)
    if (state === 'cancelled') await theirs.endLater(order, new Date(clock.now().getTime() + ms))
    clock.advance(ms - 1)
    expect(await theirs.endOverdue()).toEqual([])
    clock.advance(1)
    expect(await mine.fill(fills)).toEqual([])
    expect(await read(mine)).toEqual([])
    expect((await Promise.all([mine.endOverdue(), theirs.endOverdue()])).flat()).toEqual(['order'])
    expect((await mine.find('order'))!.report).toMatchObject({ state, fills: [] })
  })

  test('another statement is changing it', async () => {
    await entered()
    const fills = await read(mine)
    const changing = await second.startTransaction().execute()
    await changing.selectFrom('paper_orders').selectAll().forUpdate().execute()
    expect(await mine.fill(fills)).toEqual([])
    await changing.rollback().execute()
    expect(idsOf(await mine.fill(fills))).toEqual(['paper-order/1'])
  })
})

test('orders that come twice, also from two processes at once in different order, are in the book once', async () => {
  const orders = Array.from({ length: 200 }, (_, index) => ({
    account: '1',
    clientOrderId: `order-${index}`,
    symbol: 'BYND',
    side: 'sell' as const,
    quantity: new Big(1),
  }))
  const at = clock.now()
  const quote = (await market.quote('BYND'))!
  const filler = createFiller({ market, clock, slippageBps: 0, commissionPerUnit: 0, fills: 'whole', seed: 1 })
  const enter = async (book: PaperBook, order: (typeof orders)[number]) =>
    book.enter({
      order,
      at,
      fill: await filler.arriving({ ...order, filledQuantity: new Big(0), parts: 0 }, quote, at),
    })
  const answers = await Promise.all([
    ...orders.map((order) => enter(mine, order)),
    ...orders.toReversed().map((order) => enter(theirs, order)),
    ...orders.map((order) => enter(mine, order)),
  ])
  expect(answers.filter(Boolean)).toHaveLength(200)
  const found = await Promise.all(orders.map(({ clientOrderId }) => mine.find(clientOrderId)))
  for (const one of found) expect(one!.report.fills).toHaveLength(1)
})
