import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { movedOrder } from '../../../src/trading/corporate-actions/move-scheduled.ts'
import { unchanged } from '../../../src/trading/corporate-actions/rules/split.ts'
import type { ScheduledOrder } from '../../../src/trading/schedule/rows/scheduled-orders.ts'

const lot = new Big(1)
const tick = new Big('0.01')
const oneForTen = { ratio: { to: new Big(1), from: new Big(10) }, instrument: { symbol: 'BYND', lot, tick } }
const renamed = { ratio: unchanged, instrument: { symbol: 'BYON', lot, tick } }

const order = (
  command: string,
  what: string,
  given: Record<string, string>,
  more: Partial<ScheduledOrder> = {},
): ScheduledOrder => ({
  id: 1,
  number: 1,
  accountId: 1,
  memberId: 1,
  conversationId: 1,
  symbol: given.symbol,
  state: 'waiting',
  createdAt: new Date(0),
  command,
  what,
  given,
  ...more,
})

const moved = (of: ScheduledOrder, terms = oneForTen, open = new Big(3000)) => {
  const now = movedOrder(of, 'BYND', open, terms)
  if (now === 'nothing') return now
  return {
    what: now.what,
    ...now.given,
    ...(now.above && { above: now.above.toFixed() }),
    ...(now.below && { below: now.below.toFixed() }),
  }
}

test('a sale with a limit follows with its quantity, its price and the shown values, and says so', () => {
  const sale = order('sell', 'SELL 1,005 BYND @ $0.705', {
    symbol: 'BYND',
    quantity: '1005',
    price: '0.705',
    sure: 'yes',
    shown: 'sell:7:1005:0:0.705:3000',
  })
  expect(moved(sale)).toEqual({
    what: 'SELL 100 BYND @ $7.05',
    symbol: 'BYND',
    quantity: '100',
    price: '7.05',
    sure: 'yes',
    shown: 'sell:7:100:0:7.05:300',
  })
})

test('one that turns a position round takes what is open then, and adds the rest', () => {
  const sale = order('sell', 'SELL 5,000 BYND at the market', {
    symbol: 'BYND',
    quantity: '5000',
    sure: 'turn',
    shown: 'sell:7:3755:1245:0.6:3755',
  })
  expect(moved(sale)).toMatchObject({
    what: 'SELL 500 BYND at the market',
    quantity: '500',
    shown: 'sell:7:375:125:6:375',
  })
})

test('closes and scaleouts follow, whole or in part; a limit is no worse, a condition no later', () => {
  expect(
    moved(order('close', 'CLOSE BYND @ $0.703', { symbol: 'BYND', price: '0.703' }, { below: new Big('0.5555') })),
  ).toEqual({
    what: 'CLOSE BYND @ $7.03',
    symbol: 'BYND',
    price: '7.03',
    below: '5.56',
  })
  expect(
    moved(
      order('close', 'BUY BACK 55 BYND at the market', { symbol: 'BYND', now: 'yes', quantity: '55', position: '7' }),
      oneForTen,
      new Big(-3000),
    ),
  ).toMatchObject({ what: 'BUY BACK 5 BYND at the market', quantity: '5' })
  expect(
    moved(
      order(
        'scaleout',
        'SCALE OUT of 1,000 BYND, FAST',
        { symbol: 'BYND', speed: 'fast', quantity: '1000', position: '7' },
        { above: new Big('0.9015') },
      ),
    ),
  ).toMatchObject({ what: 'SCALE OUT of 100 BYND, FAST', quantity: '100', above: '9.01' })
})

test('one for less than a new share is nothing any more', () => {
  expect(
    moved(
      order('buy', 'BUY 9 BYND at the market', { symbol: 'BYND', quantity: '9', sure: 'yes', shown: 'buy::0:9:0.6:0' }),
    ),
  ).toBe('nothing')
})

test('another symbol is in its words and in what is given, alone or among others, and in no longer word', () => {
  expect(
    moved(
      order('scaleout', 'SCALE OUT of BYND, AAPL, BYND-USD, FAST', { symbols: 'BYND AAPL BYND-USD', speed: 'fast' }),
      renamed,
    ),
  ).toEqual({
    what: 'SCALE OUT of BYON, AAPL, BYND-USD, FAST',
    symbols: 'BYON AAPL BYND-USD',
    speed: 'fast',
  })
  expect(
    moved(
      order('sell', 'SELL 1,005 BYND @ $0.705', {
        symbol: 'BYND',
        quantity: '1005',
        price: '0.705',
        shown: 'sell:7:1005:0:0.705:3000',
      }),
      renamed,
    ),
  ).toEqual({
    what: 'SELL 1,005 BYON @ $0.705',
    symbol: 'BYON',
    quantity: '1005',
    price: '0.705',
    shown: 'sell:7:1005:0:0.705:3000',
  })
})

test('the stop and the target that an order brings along follow, and a percentage stays', () => {
  const shown = 'buy:0:0:1000:1.01:0'
  const entry = { symbol: 'BYND', quantity: '1000', sure: 'yes', shown }
  expect(
    moved(
      order('buy', 'BUY 1,000 BYND at the market, stop $0.905 and target $1.30', {
        ...entry,
        stopLoss: '0.905',
        takeProfit: '1.3',
      }),
    ),
  ).toMatchObject({
    what: 'BUY 100 BYND at the market, stop $9.05 and target $13.00',
    quantity: '100',
    stopLoss: '9.05',
    takeProfit: '13',
  })
  expect(moved(order('buy', 'BUY 1,000 BYND at the market, stop 5%', { ...entry, stopLoss: '5%' }))).toMatchObject({
    what: 'BUY 100 BYND at the market, stop 5%',
    stopLoss: '5%',
  })
})
