import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { parseLossless } from '../../../src/base/lossless-json.ts'
import { bodyOf, unfit } from '../../../src/venues/alpaca/order-map.ts'
import { type AlpacaOrder, orderPayload } from '../../../src/venues/alpaca/payloads.ts'
import { isUnauthorized, refusalOf } from '../../../src/venues/alpaca/refusals.ts'
import { type Chain, filledIn, reportOf } from '../../../src/venues/alpaca/report-map.ts'
import { stateOf } from '../../../src/venues/alpaca/statuses.ts'
import type { VenueFill, VenueOrder } from '../../../src/venues/venue.ts'

const wanted = (more: Partial<VenueOrder> = {}): VenueOrder => ({
  account: 'one',
  clientOrderId: 'desk-1',
  symbol: 'AMD',
  side: 'sell',
  quantity: new Big(10),
  ...more,
})

/** An order as Alpaca writes it, with these fields. */
const shown = (fields: Record<string, unknown> = {}): AlpacaOrder =>
  orderPayload.parse({
    id: 'a',
    client_order_id: 'desk-1',
    symbol: 'AMD',
    side: 'sell',
    qty: '10',
    filled_qty: '0',
    type: 'limit',
    time_in_force: 'gtc',
    notional: null,
    limit_price: '118',
    stop_price: null,
    order_class: '',
    status: 'new',
    replaces: null,
    replaced_by: null,
    legs: null,
    ...fields,
  })

const fill = (quantity: string, reverses?: string): VenueFill => ({
  ...{ account: 'one', venueFillId: `f${quantity}`, clientOrderId: 'desk-1', symbol: 'AMD', side: 'sell' },
  ...{ quantity: new Big(quantity), price: new Big(118), commission: new Big(0), filledAt: new Date(0) },
  ...(reverses !== undefined && { reverses }),
})

describe('numbers', () => {
  test('keep all their digits, whether they are written as numbers or as texts', () => {
    expect(
      parseLossless('{"a": 1234567890.123456789, "b": "0.100000000000000001", "c": [1e-9], "d": null, "e": true}'),
    ).toEqual({
      a: '1234567890.123456789',
      b: '0.100000000000000001',
      c: ['1e-9'],
      d: null,
      e: true,
    })
    const order = orderPayload.parse(
      parseLossless(
        '{"id":"a","client_order_id":"x","symbol":"AMD","side":"buy","qty":271.0,"filled_qty":123456789.123456789,"status":"new","of_tomorrow":{"x":1}}',
      ),
    )
    expect(order.qty!.toFixed()).toBe('271')
    expect(order.filled_qty!.toFixed()).toBe('123456789.123456789')
  })
})

describe('an order on its way to Alpaca', () => {
  test.each([
    ['at the market is for the day', {}, { type: 'market', time_in_force: 'day' }],
    [
      'with a limit rests',
      { limitPrice: new Big('118.10') },
      { type: 'limit', time_in_force: 'gtc', limit_price: '118.1' },
    ],
    ['with a stop rests', { stopPrice: new Big(112) }, { type: 'stop', time_in_force: 'gtc', stop_price: '112' }],
    ['with both is a stop with a limit', { stopPrice: new Big(112), limitPrice: new Big(111) }, { type: 'stop_limit' }],
    [
      'of fractions is for the day',
      { quantity: new Big('0.5'), limitPrice: new Big(118) },
      { qty: '0.5', time_in_force: 'day' },
    ],
    [
      'outside regular hours is for the day',
      { limitPrice: new Big(118), isExtended: true },
      { extended_hours: true, time_in_force: 'day' },
    ],
    [
      'with a stop and a target is one of which one half ends the other',
      { stopPrice: new Big(112), targetPrice: new Big(130) },
      {
        order_class: 'oco',
        type: 'limit',
        time_in_force: 'gtc',
        take_profit: { limit_price: '130' },
        stop_loss: { stop_price: '112' },
      },
    ],
  ] as [string, Partial<VenueOrder>, object][])('%s', (_, more, body) => {
    expect(unfit(wanted(more))).toBeUndefined()
    expect(bodyOf(wanted(more))).toMatchObject({ symbol: 'AMD', side: 'sell', client_order_id: 'desk-1', ...body })
  })

  test('says no price in exponents', () => {
    expect(bodyOf(wanted({ quantity: new Big('0.000000001'), limitPrice: new Big('0.0001') }))).toMatchObject({
      qty: '0.000000001',
      limit_price: '0.0001',
    })
  })

  test.each([
    ['NOT_TRADED', { symbol: 'BTC-USD' }],
    ['NOT_TRADED', { symbol: 'EURUSD=X' }],
    ['BAD_QUANTITY', { quantity: new Big(0) }],
    ['BAD_QUANTITY', { quantity: new Big('0.0000000001') }],
    ['BAD_QUANTITY', { quantity: new Big('1.5'), stopPrice: new Big(1), targetPrice: new Big(2) }],
    ['BAD_PRICE', { limitPrice: new Big(-1) }],
    ['BAD_PRICE', { targetPrice: new Big(2) }],
    ['OTHER', { isExtended: true }],
  ] as [string, Partial<VenueOrder>][])('is not sent at all: %s for %j', (code, more) => {
    expect(unfit(wanted(more))).toMatchObject({ outcome: 'refused', code })
  })
})

describe('a status', () => {
  test('ends an order only when Alpaca says that it has ended', () => {
    const ended = ['filled', 'canceled', 'expired', 'rejected']
    const others = [
      'new',
      'partially_filled',
      'done_for_day',
      'replaced',
      'pending_cancel',
      'pending_replace',
      'accepted',
    ]
    const rare = [
      'pending_new',
      'accepted_for_bidding',
      'stopped',
      'suspended',
      'calculated',
      'held',
      'invented_tomorrow',
      '',
    ]
    expect(ended.map(stateOf)).toEqual(['filled', 'cancelled', 'expired', 'refused'])
    for (const status of [...others, ...rare]) expect(stateOf(status), status).toBe('working')
  })
})

describe('a report', () => {
  const of = (chain: AlpacaOrder[], fills: VenueFill[] = [], legs: AlpacaOrder[] = []) =>
    reportOf('one', { chain: chain as Chain, legs: legs.map((leg) => [leg]) }, fills)

  test('keeps the id and the quantity that were sent, and has the newest id and limit, after a move', () => {
    const report = of([
      shown({ status: 'replaced', replaced_by: 'b' }),
      shown({ id: 'b', client_order_id: 'made-up', replaces: 'a', limit_price: '119' }),
    ])
    expect(report).toMatchObject({ clientOrderId: 'desk-1', venueOrderId: 'b', state: 'working' })
    expect([report.quantity.toFixed(), report.limitPrice!.toFixed()]).toEqual(['10', '119'])
  })

  test('is about the order before when its successor was rejected', () => {
    const report = of([
      shown({ status: 'filled', filled_qty: '10', replaced_by: 'b' }),
      shown({ id: 'b', status: 'rejected', replaces: 'a', limit_price: '119' }),
    ])
    expect(report).toMatchObject({ venueOrderId: 'a', state: 'filled' })
    expect(report.filledQuantity.toFixed()).toBe('10')
  })

  test('works while an order counts as replaced and its successor is not shown', () => {
    expect(of([shown({ status: 'replaced', replaced_by: 'b' })]).state).toBe('working')
  })

  test.each([
    ['the successor counts from zero', '4', '10', '6', ['4', '6'], '10'],
    ['the successor counts from zero, with a smaller quantity', '4', '6', '6', ['4', '6'], '10'],
    ['the successor goes on counting', '4', '10', '10', ['4', '6'], '10'],
    ['the successor goes on counting, and fills are missing', '4', '10', '10', ['4'], '10'],
    ['nothing was filled after the move', '4', '10', '0', ['4'], '4'],
  ])('adds up the fills of a moved order: %s', (_, first, qty, second, fills, total) => {
    const chain: Chain = [
      shown({ status: 'replaced', replaced_by: 'b', filled_qty: first }),
      shown({ id: 'b', replaces: 'a', qty, filled_qty: second }),
    ]
    expect(
      filledIn(
        chain,
        fills.map((each) => fill(each)),
      ).toFixed(),
    ).toBe(total)
  })

  test.each([
    ['the whole again', '4', '10', '0', ['4'], true],
    ['the whole again, filled in part', '4', '10', '5', ['4', '5'], true],
    ['the rest', '4', '6', '0', ['4'], false],
    ['the whole, and counts what was filled', '4', '10', '4', ['4'], false],
    ['the whole, and counts more than was filled', '4', '10', '7', ['4', '3'], false],
    ['the whole, of which nothing was filled', '0', '10', '0', [], false],
  ])('says whether a successor could fill too much: it is for %s', (_, first, qty, second, fills, isOversized) => {
    const report = of(
      [
        shown({ status: 'replaced', replaced_by: 'b', filled_qty: first }),
        shown({ id: 'b', replaces: 'a', qty, filled_qty: second }),
      ],
      fills.map((each) => fill(each)),
    )
    expect(report.isOversized === true).toBe(isOversized)
  })

  test('of a stop with a target adds up both halves', () => {
    const half = (status: string, filled_qty: string) =>
      shown({
        id: 'leg',
        client_order_id: 'of-alpaca',
        limit_price: null,
        stop_price: '112',
        order_class: 'oco',
        status,
        filled_qty,
      })
    const whole = (status: string, filled_qty: string) =>
      shown({ limit_price: '130', order_class: 'oco', status, filled_qty })
    const resting = of([whole('new', '0')], [], [half('held', '0')])
    expect(resting.state).toBe('working')
    expect([resting.stopPrice!.toFixed(), resting.limitPrice]).toEqual(['112', undefined])
    expect(of([whole('canceled', '0')], [], [half('filled', '10')]).state).toBe('filled')
    expect(of([whole('canceled', '3')], [], [half('filled', '7')])).toMatchObject({ state: 'filled' })
    expect(of([whole('canceled', '0')], [], [half('partially_filled', '7')])).toMatchObject({ state: 'working' })
    expect(of([whole('canceled', '0')], [], [half('canceled', '0')]).state).toBe('cancelled')
    expect(of([whole('filled', '10')], [], [half('canceled', '0')]).state).toBe('filled')
  })

  test('says that a rejected order was rejected', () => {
    expect(of([shown({ status: 'rejected' })])).toMatchObject({
      state: 'refused',
      words: expect.stringContaining('rejected'),
    })
  })
})

describe('a refusal', () => {
  test.each([
    [422, '40010001', 'client_order_id must be unique', 'DUPLICATE'],
    [422, '40010001', 'client_order_id must be no more than 128 characters', 'OTHER'],
    [422, '40010001', 'qty must be > 0', 'BAD_QUANTITY'],
    [422, '42210000', 'asset is not fractionable', 'BAD_QUANTITY'],
    [422, '42210000', 'fractional orders must be DAY orders', 'BAD_QUANTITY'],
    [403, '40310000', 'cost basis must be >= minimal amount of order 1', 'BAD_QUANTITY'],
    [
      422,
      '42210000',
      'invalid limit_price 1.234. sub-penny increment does not fulfill minimum pricing criteria',
      'BAD_PRICE',
    ],
    [403, '40310000', 'insufficient buying power', 'NOT_ENOUGH_MONEY'],
    [403, '40310000', 'insufficient qty available for order (requested: 10, available: 0)', 'NOT_ENOUGH_HELD'],
    [403, '40310000', 'account is not allowed to short', 'NOT_ENOUGH_HELD'],
    [403, '40310000', 'asset "GME" cannot be sold short', 'NOT_ENOUGH_HELD'],
    [403, '40310000', 'potential wash trade detected. use complex orders', 'OPPOSITE_ORDER'],
    [422, '42210000', 'could not find asset "NOPE"', 'NOT_TRADED'],
    [422, '42210000', 'asset NOPE is not tradable', 'NOT_TRADED'],
    [422, '42210000', 'trading in AMD is halted', 'HALTED'],
    [422, '42210000', 'order is not cancelable', 'NOT_CHANGEABLE'],
    [422, '42210000', 'order is already in "filled" state', 'NOT_CHANGEABLE'],
    [404, '40410000', 'order not found for 61e69015-8549-4bfd-b9c3-01e75843f47d', 'NO_SUCH_ORDER'],
    [429, '42910000', 'rate limit exceeded', 'TOO_MANY_REQUESTS'],
    [422, '42210000', 'reasons nobody has heard of yet', 'OTHER'],
  ])('%d %s %s is %s, in the words of Alpaca', (status, code, message, expected) => {
    expect(refusalOf({ status, code, message })).toEqual({ outcome: 'refused', code: expected, words: message })
  })

  test('tells wrong credentials from missing money', () => {
    expect(isUnauthorized({ status: 401, message: 'unauthorized' })).toBe(true)
    expect(isUnauthorized({ status: 403, message: 'access key verification failed' })).toBe(true)
    expect(isUnauthorized({ status: 403, message: 'insufficient buying power' })).toBe(false)
    expect(isUnauthorized({ status: 403, message: 'account is not allowed to short' })).toBe(false)
    expect(refusalOf({ status: 401, message: 'unauthorized' }).words).toContain('link it again')
  })
})
