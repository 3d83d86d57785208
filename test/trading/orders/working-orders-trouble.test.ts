import { describe, expect } from 'vitest'
import { startWorker } from '../../../jobs/worker.ts'
import { Big } from '../../../src/base/amounts.ts'
import { hearReport } from '../../../src/trading/orders/hear-report.ts'
import { type AnyOrder, ordersSentAs } from '../../../src/trading/orders/rows/orders.ts'
import { takeUpOrder, venueTold } from '../../../src/trading/orders/take-up.ts'
import type { NoAnswer, OrderEvent, Venue } from '../../../src/venues/venue.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { unanswered } from '../../support/venue-answers.ts'
import { protect, touch } from '../protection/touched.ts'
import { expectBooksToAddUp } from './books.ts'
import { type Trader, trader } from './resting.ts'

type Trouble = 'lost' | 'answer lost' | 'silent'

/** The trouble of the venue's next calls, by kind; without an entry the venue works normally. */
let trouble: { submit?: Trouble; cancel?: Trouble; replace?: Trouble }
/** The ids of orders that were sent, in order. */
let sent: string[]

async function troubled<Answer>(kind: keyof typeof trouble, act: () => Promise<Answer>): Promise<Answer | NoAnswer> {
  const which = trouble[kind]
  if (which === 'silent') return new Promise(() => {})
  if (which === 'lost') return unanswered()
  const answer = await act()
  return which === 'answer lost' ? unanswered() : answer
}

const between = (paper: Venue): Venue => ({
  ...paper,
  submit(order) {
    sent.push(order.clientOrderId)
    return troubled('submit', () => paper.submit(order))
  },
  cancel: (order) => troubled('cancel', () => paper.cancel(order)),
  replace: (order, price) => troubled('replace', () => paper.replace(order, price)),
})

const { test, desk, market } = deskTest({ venue: between, sweepEveryMs: 200 })
test.beforeEach(() => {
  trouble = {}
  sent = []
  market.set('BYND', '1.00', '1.01')
})

/** The first sent order, in its present state. */
async function firstSent({ desk: { parts } }: TestDesk = desk, id = sent[0]!): Promise<AnyOrder> {
  return (await ordersSentAs(parts.db, [id])).get(id)!
}
/** The state of a limit order at the venue. */
async function standing({ desk: { parts } }: TestDesk, { sentAs, accountId }: AnyOrder) {
  const { venue, account } = await parts.venues.of(accountId)
  return (await venue.find({ account, clientOrderId: sentAs }))?.state
}
async function firstLimit(on: TestDesk): Promise<AnyOrder> {
  const { sent_as } = await on.desk.parts.db
    .selectFrom('orders')
    .select('sent_as')
    .where('number', '=', 1)
    .executeTakeFirstOrThrow()
  return firstSent(on, sent_as)
}

const held = async (one: Trader) => (await one.position())?.workingQuantity.toFixed()
const count = (one: Trader, pattern: RegExp) => one.told().filter((text) => pattern.test(text)).length

describe('a venue that does not say', () => {
  test.each([
    ['that it took an order with a limit', 'answer lost', 1],
    ['anything of an order with a limit that it lost', 'lost', 2],
  ] as const)('%s is asked until it does, and the thread hears of it once', async (_, what, times) => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    trouble = { submit: what }
    expect(await one.exit('40', { limit: '1.05' })).toContain('was sent, but the venue has not confirmed it')
    expect(await held(one)).toBe('40')
    trouble = {}
    await one.hears(/^✓ LIMIT SELL ORDER 40 BYND @ \$1\.05 \(working\)/)
    expect(sent).toHaveLength(times)
    expect(new Set(sent).size).toBe(1)
    await one.cancel()
    expect(await held(one)).toBe('0')
  })

  test('anything at all when an order is sent is asked for it, and the member is not left waiting', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    trouble = { submit: 'silent' }
    expect(await one.exit('40')).toContain('was sent, but the venue has not confirmed it')
    trouble = {}
    await one.hears(/^✓ SOLD 40 BYND @ \$1\.00/)
    expect(new Set(sent).size).toBe(1)
  })

  test('that it cancelled an order is asked until it does; the quantity of the order stays reserved until then', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('40', { limit: '1.05' })
    trouble = { cancel: 'lost' }
    expect(await one.cancel(1)).toContain(
      'The venue has not confirmed that order 1 (LIMIT SELL 40 BYND @ $1.05) is cancelled',
    )
    expect(await held(one)).toBe('40')
    trouble = {}
    await one.hears(/^✓ CANCELLED order 1: LIMIT SELL 40 BYND @ \$1\.05\n· person\d+$/)
    expect(await held(one)).toBe('0')
  })

  test('that it has lost an order: its quantity is free again, and the loss is told', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('40', { limit: '1.05' })
    await desk.desk.parts.db.deleteFrom('paper_orders').where('client_order_id', '=', sent[0]!).execute()
    await one.hears(/^✓ CANCELLED order 1: LIMIT SELL 40 BYND @ \$1\.05 \(the venue does not have it\)\n· person\d+$/)
    expect(await held(one)).toBe('0')
  })

  test('that it has an order, until the desk has given it up: it is taken back, and never filled', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const venue = desk.desk.parts.venues.all()[0]!
    const { find, cancel } = venue
    trouble = { submit: 'answer lost' }
    await one.exit('40', { limit: '1.05' })
    trouble = {}
    venue.find = async () => undefined
    venue.cancel = async () => ({ outcome: 'refused', code: 'NO_SUCH_ORDER', words: 'it is not there' })
    expect(await one.cancel(1)).toContain('✓ CANCELLED order 1')
    const order = await firstSent()
    expect(order.state).toBe('cancelled')
    const book = desk.desk.parts.db.selectFrom('paper_orders').select('state')
    expect(await book.where('client_order_id', '=', order.sentAs).execute()).toEqual([{ state: 'working' }])
    Object.assign(venue, { find, cancel })
    await desk.desk.sweep()
    expect(await standing(desk, order)).toBe('cancelled')
    market.set('BYND', '1.06')
    await desk.desk.sweep()
    expect((await one.position())?.signedQuantity.toFixed()).toBe('100')
  })

  test('that it moved an order: `orders` has the price that the venue has, soon', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('40', { limit: '1.05' })
    trouble = { replace: 'answer lost' }
    expect(await one.move(1, '1.20')).toContain('has not confirmed the new price')
    const limit = async () => (await firstSent()).limit?.price.toFixed()
    await expect.poll(limit).toBe('1.2')
    await one.cancel()
  })

  test.each([
    ['lost', /^⚠️ BUY 10 BYND was not filled and never will be/, undefined],
    ['answer lost', /^✓ BOUGHT 10 BYND @ \$1\.01/, '10'],
  ] as const)('anything of an entry at the market (%s) is sent it once', async (what, said, open) => {
    const one = await trader(desk)
    trouble = { submit: what }
    expect(await one.enter('buy', '10')).toContain('was sent, but the venue has not confirmed it')
    trouble = {}
    await one.hears(said)
    expect(sent).toHaveLength(1)
    expect((await one.position())?.signedQuantity.toFixed()).toBe(open)
    await desk.desk.sweep()
    expect(one.told()).toHaveLength(1)
  })
})

describe('a fill', () => {
  test('that was sooner than the cancel is the answer to the cancel', async () => {
    const alone = await openTestDesk({ worker: false })
    try {
      alone.market.set('BYND', '1.00')
      const one = await trader(alone, 'long BYND 100 @ .63')
      await one.exit('40', { limit: '1.05' })
      const stop = alone.desk.parts.venues.all()[0]!.subscribe({ heard: () => {}, failed: () => {} })
      alone.market.set('BYND', '1.06')
      const order = await firstLimit(alone)
      await expect.poll(() => standing(alone, order)).toBe('filled')
      stop()
      expect(await one.cancel(1)).toContain('✓ SOLD 40 BYND @ $1.06 (limit order 1)')
      await expectBooksToAddUp(alone)
    } finally {
      await alone.close()
    }
  })

  test('that was not reported is found by the sweep of the next worker, and posted once', async () => {
    const alone = await openTestDesk({ worker: false })
    try {
      alone.market.set('BYND', '1.00')
      const one = await trader(alone, 'long BYND 100 @ .63')
      await one.exit('40', { limit: '1.05' })
      const heard: OrderEvent[] = []
      const listener = { heard: (event: OrderEvent) => void heard.push(event), failed: () => {} }
      const stop = alone.desk.parts.venues.all()[0]!.subscribe(listener)
      alone.market.set('BYND', '1.06')
      await expect.poll(() => heard.filter(({ kind }) => kind === 'fill')).toHaveLength(1)
      stop()
      const worker = startWorker(alone.desk)
      await expect.poll(async () => (await one.position())?.signedQuantity.toFixed()).toBe('60')
      await alone.desk.sweep()
      await worker.close()
      await expectBooksToAddUp(alone)
    } finally {
      await alone.close()
    }
  })

  test('that was not reported is found while Redis is away', async () => {
    const alone = await openTestDesk({ worker: false })
    try {
      alone.market.set('BYND', '1.00')
      const one = await trader(alone, 'long BYND 100 @ .63')
      await one.exit('40', { limit: '1.05' })
      await one.person.say('scaleout BYND fast 10')
      const stop = alone.desk.parts.venues.all()[0]!.subscribe({ heard: () => {}, failed: () => {} })
      alone.market.set('BYND', '1.06')
      const order = await firstLimit(alone)
      await expect.poll(() => standing(alone, order)).toBe('filled')
      stop()
      await alone.redis.kill9()
      await alone.desk.sweep().catch(() => {})
      expect((await one.position())?.signedQuantity.toFixed()).toBe('60')
      await alone.redis.start()
    } finally {
      await alone.close()
    }
  })

  test('that comes five times at once is recorded and told once', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const { parts } = desk.desk
    await one.exit('40', { limit: '1.05' })
    const order = await firstSent()
    const { venue, account } = await parts.venues.of(order.accountId)
    const price = order.limit!.price.minus('0.05')
    const answer = await venue.replace({ account, clientOrderId: order.sentAs }, price)
    if (answer.outcome !== 'replaced' || answer.report.state !== 'filled') throw new Error('it was to be filled')
    const { report } = answer
    await Promise.all([
      ...Array.from({ length: 3 }, () => venueTold(parts, { kind: 'fill', fill: report.fills[0]! })),
      ...Array.from({ length: 2 }, () => hearReport(parts, order, report, { postedBy: 'outbox' })),
    ])
    await one.hears(/^✓ SOLD 40 BYND @ \$1\.00 \(limit order 1\)/)
    await desk.desk.sweep()
    expect(count(one, /SOLD/)).toBe(1)
    expect((await one.position())?.signedQuantity.toFixed()).toBe('60')
  })
})

describe('a close at once', () => {
  test('takes back resting orders, and closes everything with one order', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const stopped = await protect(desk, one.person, 'BYND', { stop: '0.55' })
    await one.exit('60', { limit: '1.05' })
    await one.exit('40', { limit: '1.06' })
    await touch(desk, stopped, 'stop', '0.55')
    await one.hears(/^🛑 STOP HIT — BYND\nSold 100 @ \$0\.55 · stop \$0\.55\n/)
    await one.hears(/^✓ CANCELLED order 1: LIMIT SELL 60 BYND @ \$1\.05 \(the stop was hit\)\n· person\d+$/)
    await one.hears(/^✓ CANCELLED order 2/)
    expect(await one.position()).toBeUndefined()
  })

  test('closes the free quantity while the venue does not give back the rest, and the rest when it does', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const stopped = await protect(desk, one.person, 'BYND', { stop: '0.55' })
    await one.exit('60', { limit: '1.05' })
    trouble = { cancel: 'silent' }
    await touch(desk, stopped, 'stop', '0.55')
    await one.hears(/^🛑 STOP HIT — BYND\nSold 40 @ \$0\.55 · stop \$0\.55\n/)
    trouble = {}
    await one.hears(/^🛑 STOP HIT — BYND\nSold 60 @ \$0\.55 · stop \$0\.55\n/)
    await one.hears(/^✓ CANCELLED order 1: LIMIT SELL 60 BYND @ \$1\.05 \(the stop was hit\)\n· person\d+$/)
    expect(await one.position()).toBeUndefined()
  })

  test('is told as the reason, also by a sweep that finds an order cancelled before the cancel is recorded', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const stopped = await protect(desk, one.person, 'BYND', { stop: '0.55' })
    await one.exit('60', { limit: '1.05' })
    const venue = desk.desk.critical.venues.all()[0]!
    const { cancel } = venue
    venue.cancel = async (order) => {
      const end = await cancel(order)
      venue.cancel = cancel
      await takeUpOrder(desk.desk.parts, await firstSent())
      return end
    }
    await touch(desk, stopped, 'stop', '0.55')
    await one.hears(/^✓ CANCELLED order 1: LIMIT SELL 60 BYND @ \$1\.05 \(the stop was hit\)\n· person\d+$/)
    await one.hears(/^🛑 STOP HIT — BYND\nSold 100 @ \$0\.55 · stop \$0\.55\n/)
  })

  test('by `close` does not say that nothing was sold when an order was filled before it was taken back', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('60', { limit: '1.05' })
    const venue = desk.desk.parts.venues.all()[0]!
    const { cancel } = venue
    venue.cancel = async (order) => {
      venue.cancel = cancel
      await venue.replace(order, new Big('1.00'))
      market.stale('BYND', 'the quote is 20 s old')
      return cancel(order)
    }
    const said = await one.exit()
    expect(said).toContain('BYND cannot be traded now: the quote is 20 s old')
    expect(said).not.toContain('Nothing was sold')
    // A sweep may have found it before.
    const sold = expect.stringContaining('✓ SOLD 60 BYND @ $1.00 (limit order 1)')
    await expect.poll(() => [said, ...one.told()]).toContainEqual(sold)
  })

  test('by `close` does the same, and tells the end of the working order', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('60', { limit: '1.05' })
    trouble = { cancel: 'lost' }
    expect(await one.exit()).toMatch(/^✓ SOLD 40 BYND @ \$1\.00/)
    expect(await one.exit()).toContain('Free: 0 of 60 BYND (60 held by order 1)')
    trouble = {}
    await one.hears(/^✓ CANCELLED order 1/)
    expect(await one.exit()).toMatch(/^✓ SOLD 60 BYND/)
  })

  test('by the breaker takes back opening orders, too, and nothing opens while the account is halted', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.enter('buy', '50', { limit: '0.90' })
    await one.exit('60', { limit: '1.05' })
    trouble = { cancel: 'lost' }
    await one.person.say('breaker')
    await one.hears(/^🚨 CIRCUIT BREAKER TRIPPED — BYND\nSold 40 @/)
    expect(await one.enter('buy', '10')).toContain('HALTED')
    trouble = {}
    await one.hears(/^✓ CANCELLED order 1: LIMIT BUY 50 BYND @ \$0\.90/)
    await one.hears(/^🚨 CIRCUIT BREAKER TRIPPED — BYND\nSold 60 @/)
    market.set('BYND', '0.80')
    await desk.desk.sweep()
    expect(await one.position()).toBeUndefined()
    expect(await one.working()).toEqual([])
  })
})

test('nothing turns a position round: not an entry, not a record, while an order opens the other way', async () => {
  const one = await trader(desk)
  await one.enter('buy', '50', { limit: '0.90' })
  expect(await one.enter('sell', '50', { limit: '1.20' })).toContain('`cancel 1` first')
  expect(await one.person.say('short BYND 10 @ 1.00')).toContain(
    'LIMIT BUY 50 BYND @ $0.90 is working and would open BYND the other way',
  )
  expect(await one.person.say('long BYND 10 @ 1.00')).toContain('✓ LONG 10 BYND')
  await one.cancel()
})
