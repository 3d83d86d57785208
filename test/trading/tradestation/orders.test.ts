import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskAtTradeStation, openDeskAtTradeStation, until } from './desk-at-tradestation.ts'

// Orders of members at a local TradeStation. A second here is ten seconds there.

let there: DeskAtTradeStation
beforeAll(async () => {
  there = await openDeskAtTradeStation(17, 10)
  there.ts.addSymbol('AAPL')
  there.price('AAPL', '190.00', '190.02')
  there.price('BYND', '1.03', '1.04')
})
afterAll(() => there.close())

test('beside an order without an answer nothing is opened in its symbol, exits go out, and then all goes on', async () => {
  const { ts } = there
  const { account, alice } = await there.linked('100')
  await until(() => alice.say('long BYND 100 @ .63')).toContain('✓ LONG 100 BYND')
  // The order arrives and is answered late; meanwhile the list cannot be read either.
  ts.failNext({ method: 'POST', path: /orderexecution\/orders$/, as: 'unanswered' })
  ts.failNext({ method: 'GET', path: /\/orders/, as: 503, times: 1000 })
  await alice.say('buy 10 BYND @ 0.80')
  await until(() => ts.orders(account).length).toBe(1)
  const refused = await alice.say('buy 20 BYND @ 0.85')
  expect(refused).toContain('The broker has not answered an earlier order yet')
  expect(refused).toContain('10 BYND')
  expect(refused).toContain('`doubt` shows it')
  // Another symbol is another matter, and an exit waits for nobody.
  await alice.say('buy 1 AAPL')
  await until(() => ts.held(account, 'AAPL').toFixed()).toBe('1')
  await alice.say('close BYND now')
  await until(() => ts.held(account, 'BYND').toFixed()).toBe('0')
  expect(ts.orders(account).map(({ symbol, quantity }) => `${quantity} ${symbol}`)).toEqual([
    '10 BYND',
    '1 AAPL',
    '100 BYND',
  ])

  ts.failNoMore()
  await until(() => alice.say('doubt')).toContain('No order is in doubt')
  await until(() => alice.say('buy 20 BYND @ 0.85')).toContain('20 BYND')
  await until(() => ts.orders(account).filter(({ symbol }) => symbol === 'BYND').length).toBe(3)
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
})

test('a stop and a target rest as a group of two, follow what is sold, and close the rest there', async () => {
  const { ts, desk, price } = there
  const { account, alice } = await there.linked('100')
  const said = () => desk.posted.map(({ text }) => text).join('\n\n')
  await until(() => alice.say('long BYND 100 @ .63')).toContain('✓ LONG 100 BYND')
  expect(await alice.say('protect at venue on')).toContain('PROTECTION AT THE VENUE IS ON')
  expect(await alice.say('stop .90')).toContain('STOP SET')
  expect(await alice.say('target 1.50')).toContain('TARGET SET')
  const resting = () =>
    ts
      .orders(account)
      .filter(({ status }) => status === 'ACK')
      .map(({ quantity, stopPrice, limitPrice }) => `${quantity} ${stopPrice ?? ''}/${limitPrice ?? ''}`)
      .sort()
  await until(resting).toEqual(['100 /1.5', '100 0.9/'])
  await alice.say('sell 40')
  await until(() => ts.held(account, 'BYND').toFixed()).toBe('60')
  await until(resting).toEqual(['60 /1.5', '60 0.9/'])
  price('BYND', '0.85', '0.86')
  await until(said).toContain('STOP HIT at the venue — BYND')
  await until(() => ts.held(account, 'BYND').toFixed()).toBe('0')
  await until(resting).toEqual([])
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  const { db } = desk.desk.parts
  expect(await db.selectFrom('orders').select('id').where('purpose', 'in', ['stop', 'target']).execute()).toEqual([])
  price('BYND', '1.03', '1.04')
})

test('of a sign-in with several accounts one is linked, and the orders and shares of the others are none of it', async () => {
  const { ts } = there
  const { account, others, alice } = await there.linked('100', [{ type: 'Cash' }, { type: 'Margin', status: 'Closed' }])
  const [cash] = others
  ts.hold(cash!, 'BYND', '777', '0.5')
  ts.placeElsewhere(cash!, {
    ...{ Symbol: 'BYND', Quantity: '5', TradeAction: 'BUY', OrderType: 'Market' },
    TimeInForce: { Duration: 'DAY' },
  })
  await alice.say('buy 5 BYND')
  await until(() => ts.held(account, 'BYND').toFixed()).toBe('105')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('positions')).toContain('LONG 5 BYND')
  expect(await alice.say('positions')).not.toMatch(/777|782/)
  expect(ts.orders(account)).toHaveLength(1)
  expect(others.map((other) => ts.orders(other).length)).toEqual([1, 0])
})
