import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { heldBy } from './planned.ts'
import type { Someone } from './someone.ts'

const { test, desk, market } = deskTest()
test.beforeEach(() => market.set('AAPL', '190', '190.02'))

const patience = { interval: 20 }
const saidTo = (who: Someone) => desk.posted.filter(({ place }) => place.thread === who.thread).map(({ text }) => text)
const filled = (who: Someone) => expect.poll(() => saidTo(who).join('\n'), patience).toContain('(stop order')

describe('an order with a stop', () => {
  test('to buy waits above the market, is listed, and is filled at the market when the price is there', async ({
    alice,
  }) => {
    expect(await alice.say('buy 10 AAPL stop 191')).toBe(
      '✓ STOP BUY ORDER 10 AAPL: at the market when it rises to $191.00 (working)\n💡 Order 1: `move 1 PRICE` changes its stop, `cancel 1` takes it back',
    )
    expect(await alice.say('orders')).toMatch(/1 · BUY 10 AAPL stop \$191\.00 · .* old · 0\.52% from \$190\.02/)
    expect(await alice.say('tasks')).toContain('BUY 10 AAPL stop $191.00 (order 1)')
    expect(await heldBy(desk, alice)).toEqual([])
    market.set('AAPL', '191', '191.02')
    await filled(alice)
    expect(await heldBy(desk, alice)).toEqual([10])
    expect(await alice.say('orders')).toContain('No working orders')
  })

  test('to sell takes from the position, with its limit when it has one', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 180')
    expect(await alice.say('sell 4 AAPL stop 189 limit 188.50')).toContain(
      '✓ STOP SELL ORDER 4 AAPL: with a limit of $188.50 when it falls to $189.00 (working)',
    )
    expect(await alice.say('move 1 188')).toContain('Order 1 has a stop and a limit, so one price does not say which.')
    market.set('AAPL', '189', '189.02')
    await filled(alice)
    expect(saidTo(alice).join('\n')).toContain('✓ SOLD 4 AAPL @ $189.00')
    expect(await heldBy(desk, alice)).toEqual([6])
  })

  test('without a quantity asks for it, and sells no more than was answered', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 180')
    expect(await alice.say('sell stop 189 AAPL')).toContain('How much of LONG 10 AAPL')
    expect(await alice.say('half')).toContain('✓ STOP SELL ORDER 5 AAPL: at the market when it falls to $189.00')
    await alice.say('cancel 1')
  })

  test('is moved and cancelled by its number, and holds its part of the position', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 180')
    await alice.say('sell 10 AAPL stop 189')
    expect(await alice.say('sell 5 AAPL')).toContain('Free: 0 of 10 AAPL (10 held by order 1)')
    expect(await alice.say('move 1 188')).toContain(
      '✓ STOP SELL ORDER 10 AAPL: at the market when it falls to $188.00 (working, was $189.00)',
    )
    expect(await alice.say('cancel 1')).toBe('✓ CANCELLED order 1: SELL 10 AAPL stop $188.00')
    market.set('AAPL', '187', '187.02')
    expect(await alice.say('close now')).toContain('✓ SOLD 10 AAPL')
  })

  test('is taken back when its position is closed', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 180')
    await alice.say('sell 10 AAPL stop 189')
    expect(await alice.say('close now')).toContain('SOLD 10 AAPL')
    expect(await alice.say('orders')).toContain('No working orders')
  })

  test.for([
    ['buy stop 185 10 AAPL', 'and AAPL is at $190.02, above that already: it would buy at once. Nothing was done.'],
    ['buy 10 AAPL stop 191 limit 190.50', 'A limit of $190.50 is below the stop of $191.00'],
    ['buy 10 AAPL stop 191.001', 'moves in steps of $0.01'],
    ['buy 10 AAPL now stop 191', 'Now is at once, and a stop waits for its price'],
    ['buy AAPL stop limit 191', 'A stop-limit order has two prices'],
    ['stop limit buy AAPL', 'A stop-limit order has two prices'],
  ] as const)('"%s" is refused: %s', async ([text, sentence], { alice }) => {
    expect(await alice.say(text)).toContain(sentence)
    expect(await alice.say('orders')).toContain('No working orders')
  })

  test('of a part is a price, because a percentage is for a position', async ({ alice }) => {
    await alice.say('long AAPL 20 @ 180')
    expect(await alice.say('trim 10 AAPL stop 5%')).toContain('The stop of an order is a price')
  })

  test('passes the gate at its stop, and keeps its buying power', async ({ alice }) => {
    expect(await alice.say('buy 600 AAPL stop 200')).toContain('`buy 500 AAPL stop 200` passes')
    expect(await alice.say('buy 500 AAPL stop 200')).toContain(
      'When it is at $200.00, at the market, $100,000.00 in all',
    )
    expect(await alice.say('yes')).toContain('✓ STOP BUY ORDER 500 AAPL')
    expect(await alice.say('buy 1 AAPL @ 189')).toContain('buying power')
    await alice.say('cancel all')
  })

  test('of more than is open is asked about, and turns nothing round', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 180')
    const asked = await alice.say('sell 30 AAPL stop 189')
    expect(asked).toContain('An order with a stop does not turn a position round.')
    expect(await alice.say('1')).toContain('✓ STOP SELL ORDER 10 AAPL')
    await alice.say('cancel 1')
  })
})

test('a stop on a position keeps its meaning', async ({ alice }) => {
  await alice.say('long AAPL 10 @ 180')
  expect(await alice.say('stop 185')).toContain('🛑 STOP SET')
  expect(await alice.say('orders')).toContain('No working orders')
})
