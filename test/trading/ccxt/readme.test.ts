import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { someone } from '../../talk/commands/someone.ts'
import { type DeskAtKraken, openDeskAtKraken, until } from './desk-at-kraken.ts'

// The conversation of the README, with coins on an account at Kraken. A second here is half a minute there.

vi.setConfig({ testTimeout: 240_000 }) // a wait that ends in vain names itself before the test's time is over
let there: DeskAtKraken
beforeAll(async () => {
  there = await openDeskAtKraken(15, 30)
})
afterAll(() => there.close())

test('the conversation of the README ends FLAT with fills in parts, lost answers and lost frames, and the books agree', async () => {
  const { kraken, desk, said, price } = there
  // Fewer coins than any chunk has, and new ones each second.
  price('63000.0', '63000.1', '0.05')
  const { account, alice } = await there.linked('1.5')
  await until(() => kraken.listening().length).toBe(1)

  expect(await alice.say('long BTC-USD 1.5 @ 60000')).toContain('✓ LONG 1.5 BTC-USD @ $60,000.00')
  expect(await alice.say('scaleout')).toContain('How fast should I scale out?')
  const notLost = kraken.loseFrames(account, 20)
  // The first chunk arrives, and nobody hears that it did.
  kraken.failNext({ path: /AddOrder$/, as: 'unanswered' })
  kraken.failNext({ path: /AddOrder$/, as: { afterwards: 504 } })
  expect(await alice.say('1')).toContain('SCALEOUT INITIATED - BTC-USD')

  await until(said).toContain('Position: FLAT')
  expect(notLost()).toBeLessThan(20)
  expect(said()).toContain('🎉 SCALEOUT COMPLETE - BTC-USD')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('positions')).toContain('No open positions')

  const { db } = desk.desk.parts
  const orders = await db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').execute()
  expect(kraken.orders(account)).toHaveLength(orders.length)
  expect(kraken.held(account, 'XBT').toFixed()).toBe('0')
  const trades = kraken.trades(account)
  expect(trades.length).toBeGreaterThan(orders.length)
  const fills = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .selectAll('f')
    .where('o.purpose', '<>', 'record')
    .execute()
  expect(sum(fills.map(({ quantity }) => new Big(quantity))).toFixed()).toBe('1.5')
  expect(fills).toHaveLength(trades.length)
  // Each fill pays its fee, in dollars.
  const came = sum(trades.map(({ quantity, price: each, fee }) => quantity.times(each).minus(fee)))
  const { realized_pnl } = await db.selectFrom('positions').select('realized_pnl').executeTakeFirstOrThrow()
  expect(new Big(realized_pnl).toFixed()).toBe(came.minus(new Big('60000').times('1.5')).toFixed())
})

test('a touched stop sells at the market, also when the first call never arrives', async () => {
  const { kraken, said, price } = there
  price('63000.0', '63000.1', '1000')
  const { account, alice } = await there.linked('0')
  await alice.say('buy 0.2 BTC-USD')
  await until(() => alice.say('positions')).toContain('BTC-USD')
  await until(() => kraken.held(account, 'XBT').toFixed()).toBe('0.2')
  expect(await alice.say('stop BTC-USD 60000')).toContain('$60,000.00')
  kraken.failNext({ path: /AddOrder$/, as: 'lost' })
  price('59000.0', '59000.1', '1000')
  await until(() => kraken.held(account, 'XBT').toFixed()).toBe('0')
  await until(said).toMatch(/STOP/i)
  expect(kraken.orders(account)).toHaveLength(2)
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('unlink kraken-live')).toContain('UNLINK')
})

test('a key that may withdraw money, and one that may not trade, are refused', async () => {
  const { kraken, desk } = there
  const alice = someone(desk)
  const rich = kraken.addAccount({
    permissions: ['query-funds', 'withdraw-funds', 'query-open-trades', 'modify-trades'],
  })
  expect(await there.give(alice, rich)).toContain('This key may withdraw money')
  const poor = kraken.addAccount({ permissions: ['query-funds'] })
  expect(await there.give(alice, poor)).toContain('lacks rights that the desk needs: query-open-trades, modify-trades')
  expect(await there.give(alice, { ...poor, secret: rich.secret })).toContain('EAPI:Invalid signature')
  expect(await alice.say('link kraken paper')).toContain('Kraken has no paper accounts')
})
