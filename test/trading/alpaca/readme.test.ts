import { afterAll, beforeAll, expect, test } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// The conversation of the README, on a linked account, with Alpaca's prices. A second here is half a minute there.

let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(
    // Fewer shares than any chunk has, and new ones each second.
    14,
    30,
    (alpaca) => alpaca.setPrice('BYND', '1.03', '1.04', { size: '200' }),
  )
})
afterAll(() => there.close())

test('the conversation of the README ends FLAT with fills in parts and three lost frames, and the books agree', async () => {
  const { alpaca, desk, said } = there
  const { account, alice } = await there.linked('3750')
  const filled = () => alpaca.executions(account).map(({ quantity }) => quantity)
  await until(() => alpaca.listening().length).toBe(1)

  expect(await alice.say('long BYND 3750 @ .63')).toContain('✓ LONG 3,750 BYND @ $0.63')
  expect(await alice.say('scaleout')).toContain('How fast should I scale out?')
  const notLost = alpaca.loseFrames(account, 3)
  expect(await alice.say('1')).toContain('SCALEOUT INITIATED - BYND')
  expect(await alice.say('pl')).toContain('Unrealized P&L: $+1,500.00')

  await until(said).toContain('Position: FLAT')
  expect(notLost()).toBe(0)
  expect(said()).toContain('🎉 SCALEOUT COMPLETE - BYND')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('positions')).toContain('No open positions')

  const { db } = desk.desk.parts
  const orders = await db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').execute()
  const sent = alpaca.orders(account)
  expect(sent.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(orders.map(({ sent_as }) => sent_as).sort())
  expect(alpaca.held(account, 'BYND')).toEqual(zero)
  const fills = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .selectAll('f')
    .where('o.purpose', '<>', 'record')
    .execute()
  // More fills than orders: they came in parts.
  expect(fills.length).toBeGreaterThan(orders.length)
  expect(fills).toHaveLength(filled().length)
  expect(sum(filled()).toFixed()).toBe('3750')
  expect(sum(fills.map(({ quantity }) => new Big(quantity))).toFixed()).toBe('3750')
  const came = sum(alpaca.executions(account).map(({ quantity, price: each }) => quantity.times(each)))
  const { realized_pnl } = await db.selectFrom('positions').select('realized_pnl').executeTakeFirstOrThrow()
  expect(new Big(realized_pnl).toFixed()).toBe(came.minus(new Big('0.63').times(3750)).toFixed())
})
