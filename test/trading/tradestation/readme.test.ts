import { afterAll, beforeAll, expect, test } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { signIn } from '../../api/serve.ts'
import { type DeskAtTradeStation, openDeskAtTradeStation, until } from './desk-at-tradestation.ts'

// The conversation of the README, on an account of TradeStation's simulator. A second here is half a minute there.

let there: DeskAtTradeStation
beforeAll(async () => {
  there = await openDeskAtTradeStation(14, 30)
})
afterAll(() => there.close())

test('the conversation of the README ends FLAT with fills in parts and three lost frames, and the books agree', async () => {
  const { ts, desk, said, price } = there
  // Fewer shares than any chunk has, and new ones each second.
  price('BYND', '1.03', '1.04', '200')
  const { account, alice } = await there.linked('3750')
  await until(() => ts.listening().length).toBe(1)

  expect(await alice.say('long BYND 3750 @ .63')).toContain('✓ LONG 3,750 BYND @ $0.63')
  expect(await alice.say('scaleout')).toContain('How fast should I scale out?')
  const notLost = ts.loseFrames(account, 3)
  expect(await alice.say('1')).toContain('SCALEOUT INITIATED - BYND')

  await until(said).toContain('Position: FLAT')
  expect(notLost()).toBe(0)
  expect(said()).toContain('🎉 SCALEOUT COMPLETE - BYND')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('positions')).toContain('No open positions')

  const { db } = desk.desk.parts
  const orders = await db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').execute()
  expect(ts.orders(account)).toHaveLength(orders.length)
  expect(ts.held(account, 'BYND')).toEqual(zero)
  const fills = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .selectAll('f')
    .where('o.purpose', '<>', 'record')
    .execute()
  expect(sum(fills.map(({ quantity }) => new Big(quantity))).toFixed()).toBe('3750')
  expect(ts.executions(account).length).toBeGreaterThan(orders.length)
  const came = sum(ts.executions(account).map(({ quantity, price: each }) => quantity.times(each)))
  const { realized_pnl } = await db.selectFrom('positions').select('realized_pnl').executeTakeFirstOrThrow()
  expect(new Big(realized_pnl).toFixed()).toBe(came.minus(new Big('0.63').times(3750)).toFixed())
  const { id } = await db
    .selectFrom('accounts')
    .select('id')
    .where('venue', '=', 'tradestation')
    .executeTakeFirstOrThrow()
  const page = await signIn(there.api, alice)
  const balance = async () => (await page.get(`/api/v1/account/balance?account=${id}`)).body
  await until(async () => (await balance()).cash).toBe(account.cash.toFixed())
  const { equity } = await balance()
  expect(await balance()).toMatchObject({ told_by: 'tradestation', money: 'broker paper', available_cash: equity })
  await until(async () => (await page.get('/api/v1/providers/tradestation/status')).body).toMatchObject({
    ...{ connected: true, authenticated: true },
    name: `tradestation account ••${account.id.slice(-4)}`,
  })
  // No refresh token of another member is ever ended.
  expect(ts.oauth.revocations()).toBe(0)
})

test('a touched stop closes at once while tokens have just ended, and unlinking leaves the broker alone', async () => {
  const { ts, said, price } = there
  price('BYND', '1.03', '1.04', '100000')
  const { account, alice } = await there.linked('0')
  await alice.say('buy 100 BYND')
  await until(() => alice.say('positions')).not.toContain('No open positions')
  expect(await alice.say('stop BYND 0.90')).toContain('$0.90')
  ts.oauth.expireTokens()
  price('BYND', '0.88', '0.89', '100000')
  await until(() => ts.held(account, 'BYND').toFixed()).toBe('0')
  await until(said).toMatch(/STOP/i)
  expect(ts.orders(account)).toHaveLength(2)
  expect(await alice.say('unlink tradestation-paper')).toContain('UNLINK')
})
