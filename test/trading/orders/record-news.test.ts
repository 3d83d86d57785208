import { expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { recordNews } from '../../../src/trading/orders/record-news.ts'
import { type AnyOrder, findOrder } from '../../../src/trading/orders/rows/orders.ts'
import { sweepOrders } from '../../../src/trading/orders/sweep-orders.ts'
import { venueTold } from '../../../src/trading/orders/take-up.ts'
import type { Venue, VenueFill } from '../../../src/venues/venue.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'
import { type Trader, trader } from './resting.ts'

/** Fills that the venue tells of when it is asked for those since the last look. */
let unheard: VenueFill[]

const between = (paper: Venue): Venue => ({
  ...paper,
  async fills(account, cursor) {
    const { fills, ...read } = await paper.fills(account, cursor)
    return { ...read, fills: [...fills, ...unheard.filter((fill) => fill.account === account)] }
  },
})

let one: Trader
let order: AnyOrder
const { test, desk, market } = deskTest({ worker: false, venue: between })
test.beforeEach(async () => {
  unheard = []
  market.set('BYND', '1.00', '1.01')
  one = await trader(desk, 'long BYND 100 @ .63')
  await one.exit('40', { limit: '1.05', id: `sell-40-${one.accountId}` })
  order = (await findOrder(desk.desk.parts.db, `sell-40-${one.accountId}`))!
})

function fill(venueFillId: string, quantity: string, more: Partial<VenueFill> = {}): VenueFill {
  const { sentAs, symbol, side, accountId } = order
  const what = { account: String(accountId), clientOrderId: sentAs, symbol, side, quantity: new Big(quantity) }
  const how = { price: new Big('1.05'), commission: new Big(0), filledAt: new Date() }
  return { venueFillId: `${venueFillId}-${accountId}`, ...what, ...how, ...more }
}

const outbox = { postedBy: 'outbox' as const }
const hear = (...fills: VenueFill[]) => recordNews(desk.desk.parts, { order, news: { fills }, say: outbox })
const now = async () => (await findOrder(desk.desk.parts.db, order.id))!
const booked = async () => {
  const fills = desk.desk.parts.db.selectFrom('fills').selectAll().where('order_id', '=', order.id).orderBy('id')
  return (await fills.execute()).map((row) => `${row.side} ${row.quantity}`)
}
const held = async () => {
  const position = (await one.position())!
  const { signedQuantity, openCost, workingQuantity, restingQuantity } = position
  return [signedQuantity, openCost, workingQuantity, restingQuantity].map((amount) => amount.toFixed())
}
/** The queued messages of the thread, first lines only. */
const said = async () => (await texts()).map((text) => text.split('\n')[0]!)
async function texts(): Promise<string[]> {
  const { db } = desk.desk.parts
  const { conversationId } = order
  const rows = db.selectFrom('replies').select('body').where('conversation_id', '=', conversationId)
  return (await rows.where('state', '=', 'queued').orderBy('id').execute()).map(({ body }) => body.text)
}

test('parts of an order are booked as they come, and only the rest stays reserved', async () => {
  await hear(fill('a', '15'))
  expect(await held()).toEqual(['85', '53.55', '25', '25'])
  await hear(fill('b', '25'))
  expect(await held()).toEqual(['60', '37.8', '0', '0'])
  expect(await now()).toMatchObject({ state: 'filled', filledQuantity: new Big(40), realizedPnl: new Big('16.8') })
  expect(await said()).toEqual([
    '✓ SOLD 15 of 40 BYND @ $1.05 (limit order 1)',
    '✓ SOLD 40 BYND @ $1.05 in all (limit order 1)',
  ])
})

test('the same part, heard by the stream, the sweep and an answer at once, is booked and told once', async () => {
  const part = fill('a', '15')
  unheard = [part]
  await Promise.all([
    hear(part),
    hear(part),
    venueTold(desk.desk.parts, { kind: 'fill', fill: part }),
    sweepOrders(desk.desk.parts),
  ])
  expect(await booked()).toEqual(['sell 15'])
  expect(await said()).toEqual(['✓ SOLD 15 of 40 BYND @ $1.05 (limit order 1)'])
})

test('a fill and its reversal that are read at once are both booked and told, and leave the position as it was', async () => {
  const part = fill('a', '15')
  unheard = [part, fill('a-bust', '15', { reverses: part.venueFillId })]
  await sweepOrders(desk.desk.parts)
  await sweepOrders(desk.desk.parts)
  expect(await booked()).toEqual(['sell 15', 'buy 15'])
  expect(await held()).toEqual(['100', '63', '40', '40'])
  expect(await said()).toEqual([
    '✓ SOLD 15 of 40 BYND @ $1.05 (limit order 1)',
    '↩️ TAKEN BACK BY THE VENUE: sold 15 BYND @ $1.05',
  ])
  expect(await one.person.say('pl BYND')).toContain('Realized P&L: $0.00')
})

test('a fill of another account, symbol or side is not booked, and told once', async () => {
  for (const wrong of [{ account: '999' }, { symbol: 'AAPL' }, { side: 'buy' as const }]) {
    await venueTold(desk.desk.parts, { kind: 'fill', fill: fill('wrong', '15', wrong) })
  }
  expect(await booked()).toEqual([])
  expect(await held()).toEqual(['100', '63', '40', '40'])
  expect(await said()).toEqual(['🚨 THE VENUE ANSWERED FOR ANOTHER ORDER — BYND'])
})

test('a fill of an order that this desk never sent moves nothing, and nobody is told', async () => {
  const stray = fill('stray', '15', { clientOrderId: 'another-desk-1' })
  unheard = [stray]
  await venueTold(desk.desk.parts, { kind: 'fill', fill: stray })
  await sweepOrders(desk.desk.parts)
  expect(await held()).toEqual(['100', '63', '40', '40'])
  expect(await said()).toEqual([])
})

test('a fill that comes after its position was closed moves what is open in the symbol then', async () => {
  await one.cancel()
  expect(await one.exit()).toContain('Position: FLAT')
  const late = fill('late', '40')
  await hear(late)
  expect((await one.position())?.signedQuantity.toFixed()).toBe('-40')
  expect(await said()).toEqual(['✓ SOLD 40 BYND @ $1.05 (limit order 1)'])
  expect(await now()).toMatchObject({ state: 'filled' })
  expect(await someone(desk, one.person.name, one.person.thread).say('positions')).toContain('SHORT 40 BYND @ $1.05')
})

test('parts of several orders that are heard at once are told in their order, each with the position after it', async () => {
  await one.exit('20', { limit: '1.06', id: `sell-20-${one.accountId}` })
  const other = (await findOrder(desk.desk.parts.db, `sell-20-${one.accountId}`))!
  const at = (second: number) => ({ filledAt: new Date(Date.UTC(2026, 10, 20, 15, 0, second)) })
  const ofOther = (id: string, quantity: string, second: number) =>
    fill(id, quantity, { clientOrderId: other.sentAs, price: new Big('1.06'), ...at(second) })
  const record = (of: AnyOrder, ...fills: VenueFill[]) =>
    recordNews(desk.desk.parts, { order: of, news: { fills }, say: outbox })
  await Promise.all([
    record(order, fill('a', '15', at(3))),
    record(other, ofOther('b', '5', 2)),
    record(order, fill('c', '25', at(4))),
    record(other, ofOther('d', '15', 5)),
  ])
  const lines = (await texts()).map((text) => text.split('\n'))
  expect(lines.map(([first, , position]) => `${first} ${position}`)).toEqual([
    '✓ SOLD 5 of 20 BYND @ $1.06 (limit order 2) Position: LONG 95 BYND @ $0.63',
    '✓ SOLD 15 of 40 BYND @ $1.05 (limit order 1) Position: LONG 80 BYND @ $0.63',
    '✓ SOLD 40 BYND @ $1.05 in all (limit order 1) Position: LONG 55 BYND @ $0.63',
    '✓ SOLD 20 BYND @ $1.06 in all (limit order 2) Position: LONG 40 BYND @ $0.63',
  ])
})
