import { describe, expect, test } from 'vitest'
import { Big, zero } from '../../../src/base/amounts.ts'
import { parseLossless } from '../../../src/base/lossless-json.ts'
import { placedIn } from '../../../src/venues/tradestation/answers.ts'
import { confirmIdOf } from '../../../src/venues/tradestation/confirm-id.ts'
import { type Doubtful, matchOf } from '../../../src/venues/tradestation/matching.ts'
import { actionOf, type LastDay, lastDayOf, requestOf, unfit } from '../../../src/venues/tradestation/order-map.ts'
import { orderPayload, ordersPayload, type TsOrder } from '../../../src/venues/tradestation/payloads.ts'
import { isUnauthorized, refusalOf } from '../../../src/venues/tradestation/refusals.ts'
import { reportOf } from '../../../src/venues/tradestation/report-map.ts'
import { stateOf } from '../../../src/venues/tradestation/statuses.ts'
import type { VenueOrder } from '../../../src/venues/venue.ts'

const placed = { action: 'SELL', confirmId: confirmIdOf('desk-1') } as const
const order = (more: Partial<VenueOrder> = {}): VenueOrder => ({
  account: '123456782',
  clientOrderId: 'desk-1',
  symbol: 'MSFT',
  side: 'sell',
  quantity: new Big(10),
  ...more,
})
const shown = (more: Record<string, unknown> = {}, leg: Record<string, unknown> = {}): TsOrder =>
  orderPayload.parse({
    ...{ AccountID: '123456782', OrderID: '286179863', OrderType: 'Limit', Status: 'ACK', LimitPrice: '230' },
    OpenedDateTime: '2020-11-17T16:34:37Z',
    Legs: [
      {
        ...{ AssetType: 'STOCK', BuyOrSell: 'Sell', ExecQuantity: '0', QuantityOrdered: '10' },
        ...{ QuantityRemaining: '10', Symbol: 'MSFT', ...leg },
      },
    ],
    ...more,
  })

describe('a request for an order', () => {
  test.each([
    [{}, { OrderType: 'Market', TimeInForce: { Duration: 'DAY' } }],
    [{ limitPrice: new Big('132.5') }, { OrderType: 'Limit', LimitPrice: '132.5', TimeInForce: { Duration: 'GTC' } }],
    [{ stopPrice: new Big(215) }, { OrderType: 'StopMarket', StopPrice: '215', TimeInForce: { Duration: 'GTC' } }],
    [
      { stopPrice: new Big(215), limitPrice: new Big(200) },
      { OrderType: 'StopLimit', StopPrice: '215', LimitPrice: '200', TimeInForce: { Duration: 'GTC' } },
    ],
    [
      { limitPrice: new Big('0.6312'), isExtended: true },
      { OrderType: 'Limit', LimitPrice: '0.6312', TimeInForce: { Duration: 'DYP' } },
    ],
  ])('with %o has the form of the specification', (terms, said) => {
    const { path, body } = requestOf(order(terms), placed)
    expect(path).toBe('/v3/orderexecution/orders')
    expect(body).toEqual({
      ...{ AccountID: '123456782', Symbol: 'MSFT', Quantity: '10', TradeAction: 'SELL', Route: 'Intelligent' },
      ...{ OrderConfirmID: placed.confirmId, ...said },
    })
  })

  test('with a time is good through the last session before it', () => {
    const durationOf = (lastDay: LastDay, more: Partial<VenueOrder> = {}) =>
      requestOf(order({ limitPrice: new Big(1), ...more }), { ...placed, lastDay }).body.TimeInForce
    expect(durationOf('today')).toEqual({ Duration: 'DAY' })
    expect(durationOf('2026-11-23')).toEqual({ Duration: 'GTD', Expiration: '2026-11-23T00:00:00Z' })
    expect(durationOf('2026-11-23', { isExtended: true })).toEqual({ Duration: 'DYP' })
  })

  test.each([
    ['in this session', '2026-11-20T15:00:00Z', '2026-11-20T16:00:00Z', 'today'],
    ['on Saturday, asked on Friday', '2026-11-20T15:00:00Z', '2026-11-21T16:00:00Z', 'today'],
    ['on Monday before the open', '2026-11-20T15:00:00Z', '2026-11-23T14:00:00Z', 'today'],
    ['on Monday in the session', '2026-11-20T15:00:00Z', '2026-11-23T15:00:00Z', '2026-11-23'],
    ['on Thanksgiving', '2026-11-20T15:00:00Z', '2026-11-26T15:00:00Z', '2026-11-25'],
    ['today, asked before the open', '2026-11-20T13:00:00Z', '2026-11-20T16:00:00Z', '2026-11-20'],
    ['before the next open', '2026-11-20T22:00:00Z', '2026-11-21T16:00:00Z', undefined],
  ])('a time %s', (_, now, expiresAt, last) => {
    expect(lastDayOf(new Date(expiresAt), new Date(now))).toBe(last)
  })

  test('with a stop and a target is a group in which one ends the other, each half with an id of its own', () => {
    const { path, body } = requestOf(order({ stopPrice: new Big(215), targetPrice: new Big(240) }), placed)
    expect(path).toBe('/v3/orderexecution/ordergroups')
    const halves = body.Orders as Record<string, string>[]
    expect(body.Type).toBe('OCO')
    expect(halves.map(({ OrderType, LimitPrice, StopPrice }) => [OrderType, LimitPrice, StopPrice])).toEqual([
      ['Limit', '240', undefined],
      ['StopMarket', undefined, '215'],
    ])
    expect(new Set(halves.map(({ OrderConfirmID }) => OrderConfirmID)).size).toBe(2)
  })

  test.each([
    [{ symbol: 'MSFT 201120P110' }, 'NOT_TRADED'],
    [{ quantity: new Big('0.5') }, 'BAD_QUANTITY'],
    [{ quantity: zero }, 'BAD_QUANTITY'],
    [{ limitPrice: zero }, 'BAD_PRICE'],
    [{ targetPrice: new Big(3) }, 'BAD_PRICE'],
    [{ isExtended: true }, 'OTHER'],
  ])('with %o is not sent', (wrong, code) => {
    expect(unfit(order(wrong))).toMatchObject({ outcome: 'refused', code })
  })

  test.each([
    ['sell', 10, true, 0, 'SELL'],
    ['buy', 10, true, -10, 'BUYTOCOVER'],
    ['sell', 10, false, 0, 'SELLSHORT'],
    ['sell', 10, false, -5, 'SELLSHORT'],
    ['sell', 10, false, 10, 'SELL'],
    ['sell', 10, false, 9, undefined],
    ['buy', 10, false, 3, 'BUY'],
    ['buy', 10, false, -10, 'BUYTOCOVER'],
    ['buy', 10, false, -9, undefined],
  ] as const)('to %s %d (an exit: %s) with %d held is %s', (side, quantity, isExit, held, action) => {
    expect(actionOf(side, new Big(quantity), isExit, new Big(held))).toBe(action)
  })
})

describe('an id against duplicates', () => {
  test('is 22 of 62 characters, the same each time, and another one for each order and after each refusal', () => {
    const ids = Array.from({ length: 500 }, (_, index) => confirmIdOf(`desk-${index}`))
    for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{22}$/)
    expect(new Set(ids).size).toBe(500)
    expect(confirmIdOf('desk-7')).toBe(ids[7])
    expect(confirmIdOf('desk-7', 1)).not.toBe(ids[7])
  })
})

describe('a status', () => {
  test.each([
    ['FLL', 'filled'],
    ['FLP', 'cancelled'],
    ['CAN', 'cancelled'],
    ['OUT', 'cancelled'],
    ['EXP', 'expired'],
    ['REJ', 'refused'],
    ...['ACK', 'DON', 'FPR', 'UCN', 'RPD', 'LAT', 'OPN', 'SUS', 'OTHER', 'XYZ', ''].map((one) => [one, 'working']),
  ])('%s is %s', (Status, state) => {
    expect(stateOf({ Status, ClosedDateTime: undefined })).toBe(state)
  })

  test('that does not say whether the order lives on ends it only with a time of its end', () => {
    for (const Status of ['RJR', 'UCH', 'BRC', 'DOA']) {
      expect(stateOf({ Status, ClosedDateTime: undefined })).toBe('working')
      expect(stateOf({ Status, ClosedDateTime: new Date() })).toBe('cancelled')
    }
  })
})

describe('an answer of 200 to an order', () => {
  const message = 'Order failed. Reason: Type = LMT has invalid Price greater than absolute maximum'

  test('may hold rejected orders beside taken ones', () => {
    const body = {
      Orders: [{ Message: 'Sent order: Sell 1 MSFT @ Market', OrderID: '286179829' }],
      Errors: [{ Error: 'FAILED', Message: message, OrderID: '1234567' }],
    }
    const read = { taken: ['286179829'], rejected: ['1234567'], refusal: { code: 'BAD_PRICE', words: message } }
    expect(placedIn(body)).toMatchObject(read)
    // The specification puts a list around it.
    expect(placedIn([body])).toMatchObject(read)
  })

  test('is a refusal when the order itself has an error', () => {
    const body = { Orders: [{ OrderID: '5', Error: 'FAILED', Message: 'EC602: You are long 0 shares.' }] }
    expect(placedIn(body)).toMatchObject({ taken: [], rejected: ['5'], refusal: { code: 'NOT_ENOUGH_HELD' } })
  })

  test.each([[{}], [{ Orders: [] }], ['no'], [null], [{ Orders: [{}] }]])('like %o proves nothing', (body) => {
    expect(placedIn(body)).toBeUndefined()
  })
})

test.each([
  ['Not an open order.', 'NOT_CHANGEABLE'],
  ['Invalid order ID.', 'NO_SUCH_ORDER'],
  ['EC602: selling more than is held', 'NOT_ENOUGH_HELD'],
  ['Day trading margin rules: insufficient buying power', 'NOT_ENOUGH_MONEY'],
  ['Invalid Symbol', 'NOT_TRADED'],
  ['Duplicate OrderConfirmID', 'DUPLICATE'],
  ['Something else', 'OTHER'],
])('the words "%s" mean %s', (message, code) => {
  expect(refusalOf({ status: 400, message })).toEqual({ outcome: 'refused', code, words: message })
})

test('only an answer about the token says that credentials are wrong', () => {
  expect(isUnauthorized({ status: 401, message: 'unauthorized' })).toBe(true)
  expect(isUnauthorized({ status: 403, message: 'The token is invalid' })).toBe(true)
  expect(isUnauthorized({ status: 403, message: 'Not enough buying power' })).toBe(false)
})

describe('a report', () => {
  test('has the terms that TradeStation shows, and is filled only with the whole', () => {
    const report = reportOf('123456782', 'desk-1', [shown()], [])
    expect(report).toMatchObject({ venueOrderId: '286179863', symbol: 'MSFT', side: 'sell', state: 'working' })
    expect([report.quantity, report.limitPrice, report.filledQuantity].map(String)).toEqual(['10', '230', '0'])
    const all = shown({ Status: 'ACK', FilledPrice: '230' }, { ExecQuantity: '10' })
    expect(reportOf('1', 'desk-1', [all], []).state).toBe('filled')
    // TradeStation says "filled" before it shows all of it.
    const late = shown({ Status: 'FLL', FilledPrice: '230' }, { ExecQuantity: '4' })
    expect(reportOf('1', 'desk-1', [late], []).state).toBe('working')
    const part = shown({ Status: 'FLP', FilledPrice: '230' }, { ExecQuantity: '4' })
    expect(reportOf('1', 'desk-1', [part], [])).toMatchObject({ state: 'cancelled', filledQuantity: new Big(4) })
  })

  test('on a stop with a target adds up both halves, and its price is the stop', () => {
    const stop = { OrderID: '286179864', OrderType: 'StopMarket', LimitPrice: undefined, StopPrice: '215' }
    const family = [
      shown({ Status: 'OUT' }),
      shown({ ...stop, Status: 'FLL', FilledPrice: '214' }, { ExecQuantity: '10' }),
    ]
    const report = reportOf('1', 'desk-1', family as [TsOrder, TsOrder], [])
    expect(report).toMatchObject({ state: 'filled', stopPrice: new Big(215) })
    expect(report.limitPrice).toBeUndefined()
    const one = reportOf('1', 'desk-1', [shown({ Status: 'OUT' }), shown(stop)], [])
    expect(one.state).toBe('working')
  })

  test('keeps the digits of the answer, and reads fields that are new, missing or empty', () => {
    const text = `{"Orders":[{"AccountID":"1","OrderID":"9","Status":"NEW1","Legs":[{"BuyOrSell":"BuyToCover",
      "Symbol":"BYND","QuantityOrdered":"3750","ExecQuantity":"1"}],"FilledPrice":0.630000000000000001,"New":{}}]}`
    const [read] = ordersPayload.parse(parseLossless(text)).Orders!
    expect(read!.FilledPrice!.toFixed()).toBe('0.630000000000000001')
    expect(reportOf('1', '9', [read!], [])).toMatchObject({ side: 'buy', state: 'working' })
  })
})

describe('an order without an answer', () => {
  const at = new Date('2020-11-17T16:34:30Z')
  const sent = (more: Partial<Doubtful> = {}): Doubtful => ({
    ...{ clientOrderId: 'desk-1', symbol: 'MSFT', side: 'sell', quantity: new Big(10), limitPrice: new Big(230) },
    ...{ calledAt: at, callingUntil: new Date(at.getTime() + 15_000), ...more },
  })

  test('is found by its terms', () => {
    expect(matchOf([sent()], [shown()])).toEqual([{ orderId: '286179863', clientOrderId: 'desk-1' }])
  })

  test.each([
    ['symbol', { symbol: 'AAPL' }],
    ['side', { side: 'buy' as const }],
    ['quantity', { quantity: new Big(11) }],
    ['limit', { limitPrice: new Big(231) }],
    ['kind', { limitPrice: undefined }],
    ['time', { calledAt: new Date('2020-11-17T17:34:30Z'), callingUntil: new Date('2020-11-17T17:34:45Z') }],
  ])('is not one with another %s', (_, wrong) => {
    expect(matchOf([sent(wrong)], [shown()])).toEqual([])
  })

  test('takes one order, and alike ones are given out in the order in which they were sent', () => {
    const later = sent({ clientOrderId: 'desk-2', calledAt: new Date(at.getTime() + 3000) })
    expect(matchOf([later, sent()], [shown()])).toEqual([{ orderId: '286179863', clientOrderId: 'desk-1' }])
    expect(matchOf([later, sent()], [shown({ OrderID: '286179870' }), shown()])).toEqual([
      { orderId: '286179863', clientOrderId: 'desk-1' },
      { orderId: '286179870', clientOrderId: 'desk-2' },
    ])
  })

  test('with a stop and a target is both halves of a group, and no half is an order of its own', () => {
    const relation = (id: string) => ({ ConditionalOrders: [{ Relationship: 'OCO', OrderID: id }] })
    const halves = [
      shown(relation('286179864')),
      shown({
        ...relation('286179863'),
        ...{ OrderID: '286179864', OrderType: 'StopMarket', LimitPrice: undefined, StopPrice: '215' },
      }),
    ]
    const both = sent({ limitPrice: undefined, targetPrice: new Big(230), stopPrice: new Big(215) })
    expect(matchOf([both], halves).map(({ orderId }) => orderId)).toEqual(['286179863', '286179864'])
    expect(matchOf([sent()], halves)).toEqual([])
  })
})
