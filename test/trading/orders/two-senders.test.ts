import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { repliesOf } from '../../../src/talk/wording/index.ts'
import { ordersSentAs, placeExit } from '../../../src/trading/orders/rows/orders.ts'
import { sendOrder } from '../../../src/trading/orders/send-order.ts'
import { takeUpOrder } from '../../../src/trading/orders/take-up.ts'
import { lockPosition } from '../../../src/trading/positions/rows/positions.ts'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { waitingChunks } from '../../../src/trading/scaleouts/rows/chunks.ts'
import type { Submitted, Venue, VenueOrder } from '../../../src/venues/venue.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { expectBooksToAddUp } from './books.ts'
import { trader } from './resting.ts'

type Sending = (order: VenueOrder, paper: Venue) => Promise<Submitted>

/** How the next orders are sent; then they all go as they should. */
let script: Sending[]
/** The ids of orders that were sent, in order. */
let sent: string[]

const between = (paper: Venue): Venue => ({
  ...paper,
  submit(order) {
    sent.push(order.clientOrderId)
    return (script.shift() ?? ((one) => paper.submit(one)))(order, paper)
  },
})

const clock = handClock()
const { test, desk, market } = deskTest({ venue: between, worker: false, clock })
test.beforeEach(() => {
  script = []
  sent = []
  market.set('BYND', '1.00', '1.01')
})

/** The price is stale at the venue, which refuses; the answer arrives once `until` resolves. */
const refusedAt =
  (until: Promise<void>): Sending =>
  async (order, paper) => {
    market.stale('BYND', 'the quote is 20 s old')
    const refusal = await paper.submit(order)
    await until
    return refusal
  }

/** The price is fresh, and the order is filled; the answer arrives once `until` resolves. */
const filledAt =
  (until: Promise<void>): Sending =>
  async (order, paper) => {
    market.set('BYND', '1.00', '1.01')
    const fill = await paper.submit(order)
    await until
    return fill
  }

const orderSent = async () => (await ordersSentAs(desk.desk.parts.db, [sent[0]!])).get(sent[0]!)!
const atVenue = async () => {
  const { venue, account } = await desk.desk.parts.venues.of((await orderSent()).accountId)
  return (await venue.find({ account, clientOrderId: sent[0]! }))?.state
}
const isSent = (times: number) => expect.poll(() => sent).toHaveLength(times)

test('an order whose sender was stopped between its commit and the call is not sent when that is too late', async () => {
  const one = await trader(desk, 'long BYND 100 @ .63')
  const { parts } = desk.desk
  const position = (await one.position())!
  const { memberId, conversationId } = await parts.db
    .selectFrom('orders')
    .select(['member_id as memberId', 'conversation_id as conversationId'])
    .where('position_id', '=', position.id)
    .executeTakeFirstOrThrow()
  const exit = { clientOrderId: 'close-stopped', memberId, conversationId, purpose: 'close' as const }
  const order = await parts.db.transaction().execute(async (trx) => {
    const locked = await lockPosition(trx, position.id)
    return placeExit(trx, locked, { ...exit, quantity: new Big(100), expectedPrice: new Big(1) }, clock.now())
  })
  clock.advance(parts.exitDeadlineMs + 1000)
  const { notices } = await sendOrder(parts, order, { postedBy: 'door', conversationId })
  expect(repliesOf(notices).map(({ text }) => text)).toEqual([expect.stringMatching(/^⚠️ NOT SENT: SELL 100 BYND\n/)])
  expect(sent).toEqual([])
  expect((await one.position())!.workingQuantity.toFixed()).toBe('0')
})

describe('an order that two send at the same time', () => {
  test('is filled when the venue refuses the one, for a stale price, and fills it for the other', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const [refusal, fill] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    script = [refusedAt(refusal.promise), filledAt(fill.promise)]
    const said = one.exit()
    await isSent(1)
    const second = takeUpOrder(desk.desk.parts, await orderSent())
    await isSent(2)
    await expect.poll(atVenue).toBe('filled')
    refusal.resolve()
    expect(await said).toContain('✓ SOLD 100 BYND @ $1.00')
    fill.resolve()
    await second
    expect(await one.position()).toBeUndefined()
    await expectBooksToAddUp(desk)
  })

  test('is not filled for the other after the one was told that it was refused', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    const refusal = Promise.withResolvers<void>()
    script = [refusedAt(refusal.promise)]
    const said = one.exit()
    await isSent(1)
    const working = await orderSent()
    refusal.resolve()
    expect(await said).toContain('The venue did not take the order')
    market.set('BYND', '1.00', '1.01')
    await takeUpOrder(desk.desk.parts, working)
    expect((await one.position())?.signedQuantity.toFixed()).toBe('100')
    expect((await one.position())?.workingQuantity.toFixed()).toBe('0')
    await expectBooksToAddUp(desk)
  })

  test('of a scaleout is sold once, and not again with the next try', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.person.say('scaleout BYND fast')
    const { parts } = desk.desk
    const [chunk] = await waitingChunks(parts.db)
    clock.set(chunk!.dueAt)
    const [refusal, fill] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    script = [refusedAt(refusal.promise), filledAt(fill.promise)]
    const first = runChunk(parts, chunk!.id)
    await isSent(1)
    const second = runChunk(parts, chunk!.id)
    await isSent(2)
    await expect.poll(atVenue).toBe('filled')
    refusal.resolve()
    await first
    fill.resolve()
    await second
    await one.person.say('cancel scaleout')
    await expectBooksToAddUp(desk)
  })

  test('of a scaleout waits for a price, and says so once, when three see at the same time that it is stale', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.person.say('scaleout BYND fast')
    const { parts } = desk.desk
    const [chunk] = await waitingChunks(parts.db)
    clock.set(chunk!.dueAt)
    market.stale('BYND', 'the quote is 20 s old')
    await Promise.all([1, 2, 3].map(() => runChunk(parts, chunk!.id)))
    const last = parts.db.selectFrom('scaleouts').select(['id', 'state', 'errors_in_a_row']).orderBy('id', 'desc')
    const { id, ...scaleout } = await last.executeTakeFirstOrThrow()
    expect(scaleout).toEqual({ state: 'paused', errors_in_a_row: 0 })
    const said = await parts.db.selectFrom('replies').select('body').where('scaleout_id', '=', id).execute()
    expect(said.filter(({ body }) => body.text.startsWith('⏸ SCALEOUT PAUSED - BYND'))).toHaveLength(1)
    await one.person.say('cancel scaleout')
  })
})
