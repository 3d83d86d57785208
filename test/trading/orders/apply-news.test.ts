import { describe, expect, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { applyNews, reservedBy } from '../../../src/trading/orders/apply-news.ts'
import type { News } from '../../../src/trading/orders/news.ts'
import type { AnyOrder, Order } from '../../../src/trading/orders/rows/orders.ts'
import type { BookedFill } from '../../../src/trading/orders/rows/record-orders.ts'
import { flat, type Holding } from '../../../src/trading/positions/rules/position.ts'
import fc from '../../support/fast-check.ts'
import { aFill, anOrder } from './an-order.ts'

const held = (signedQuantity: string, openCost: string): Holding => ({
  signedQuantity: new Big(signedQuantity),
  openCost: new Big(openCost),
  realizedPnl: new Big(0),
})
/** 100 BYND for $63. */
const long = held('100', '63')

/** An order and what is held, as news after news is heard of it. */
function hearing(order: Order, holding: Holding) {
  const booked = new Map<string, BookedFill>()
  let [now, open]: [AnyOrder, Holding] = [order, holding]
  return {
    hear(news: Partial<News>) {
      const moved = applyNews(now, open, { fills: [], ...news }, booked, 'somewhere')
      now = moved.order
      open = moved.holding
      return moved
    },
    get order() {
      return now
    },
    get open() {
      return [open.signedQuantity, open.openCost, open.realizedPnl].map((amount) => amount.toFixed())
    },
  }
}

const standing = ({ state, filledQuantity, filledValue, realizedPnl }: AnyOrder) => [
  state,
  filledQuantity.toFixed(),
  filledValue.toFixed(),
  realizedPnl.toFixed(),
]

describe('a fill', () => {
  test('changes the order and the holding, and is a row of its own', () => {
    const heard = hearing(anOrder({ state: 'working', venueOrderId: 'v-1' }), long)
    const { executions, rows } = heard.hear({ fills: [aFill('f-1', '40 @ 1.01', { commission: new Big('0.2') })] })
    expect(standing(heard.order)).toEqual(['partly_filled', '40', '40.4', '15'])
    expect(heard.open).toEqual(['60', '37.8', '15'])
    expect(executions).toMatchObject([{ realizedPnl: new Big(15), left: new Big(60), oddities: [] }])
    expect(rows).toMatchObject([
      { venue: 'somewhere', venueFillId: 'f-1', orderId: 1, accountId: 7, side: 'sell', closedQuantity: new Big(40) },
    ])
    heard.hear({ fills: [aFill('f-2', '60 @ 1.02')] })
    expect(standing(heard.order)).toEqual(['filled', '100', '101.6', '38.4'])
    expect(heard.open).toEqual(['0', '0', '38.4'])
  })

  test('that is known already, or comes twice at once, is booked once', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    const fill = aFill('f-1', '40 @ 1.01')
    expect(heard.hear({ fills: [fill, fill] }).rows).toHaveLength(1)
    expect(heard.hear({ fills: [fill], change: 'accepted' }).rows).toEqual([])
    expect(standing(heard.order).slice(0, 2)).toEqual(['partly_filled', '40'])
  })

  test.each([
    // The desk had reported its end already.
    ['that was refused, which was wrong,', 'refused', '40 @ 1.01', 'partly_filled', ['late']],
    ['of which nobody knew what became', 'unknown', '40 @ 1.01', 'partly_filled', []],
    ['that was cancelled', 'cancelled', '40 @ 1.01', 'cancelled', ['late']],
    ['that had expired', 'expired', '40 @ 1.01', 'expired', ['late']],
    ['that was cancelled, and is whole with it', 'cancelled', '100 @ 1.01', 'filled', ['late']],
    ['that is to be cancelled', 'cancel_asked', '40 @ 1.01', 'cancel_asked', []],
    ['that is to have another limit', 'replace_asked', '40 @ 1.01', 'replace_asked', []],
  ] as const)('of an order %s is booked', (_, state, traded, after, oddities) => {
    const heard = hearing(anOrder({ state }), long)
    const { executions, rows } = heard.hear({ fills: [aFill('f-1', traded)] })
    expect(heard.order.state).toBe(after)
    expect(rows).toHaveLength(1)
    expect(executions[0]!.oddities).toEqual(oddities)
  })

  test('beyond the ordered quantity is booked and told', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    heard.hear({ fills: [aFill('f-1', '90 @ 1')] })
    const { executions } = heard.hear({ fills: [aFill('f-2', '30 @ 1.10')] })
    expect(executions.map(({ oddities }) => oddities)).toEqual([['overfilled']])
    expect(standing(heard.order).slice(0, 3)).toEqual(['filled', '120', '123'])
    // The venue sold 20 more than the position had.
    expect(heard.open[0]).toBe('-20')
    expect(heard.hear({ fills: [aFill('f-3', '5 @ 1')] }).executions[0]!.oddities).toEqual(['overfilled'])
  })

  test.each([
    ['sell', '1.04', ['worse than its limit']],
    ['sell', '1.05', []],
    ['sell', '1.06', []],
    ['buy', '1.06', ['worse than its limit']],
    ['buy', '1.05', []],
    ['buy', '1.04', []],
  ] as const)('%s at %s with a limit of 1.05 is booked, and said if it is worse', (side, price, oddities) => {
    const limit = { price: new Big('1.05') }
    const heard = hearing(anOrder({ state: 'working', side, limit }), flat)
    const { executions, rows } = heard.hear({ fills: [aFill('f-1', `10 @ ${price}`, { side })] })
    expect(executions.map((one) => one.oddities)).toEqual([oddities])
    expect(rows).toHaveLength(1)
  })
})

describe('a fill that the venue takes back', () => {
  const reversal = (traded: string, more = {}) => aFill('f-1-bust', traded, { reverses: 'f-1', ...more })

  test('had closed: what it sold is open again as before, and the order is over without it', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    heard.hear({ fills: [aFill('f-1', '100 @ 1.01', { commission: new Big('0.5') })] })
    expect(heard.open).toEqual(['0', '0', '37.5'])
    const { rows, executions } = heard.hear({ fills: [reversal('100 @ 1.01')] })
    expect(heard.open).toEqual(['100', '63', '0'])
    expect(standing(heard.order)).toEqual(['cancelled', '0', '0', '0'])
    expect(executions).toMatchObject([{ oddities: ['taken back'], realizedPnl: new Big('-37.5') }])
    expect(rows).toMatchObject([
      {
        side: 'buy',
        reverses: 'f-1',
        realizedPnl: new Big('-37.5'),
        commission: new Big('-0.5'),
        closedQuantity: new Big(0),
      },
    ])
  })

  test('had opened: its quantity is no longer open, and the rest stays as it was', () => {
    const heard = hearing(anOrder({ state: 'working', side: 'buy' }), long)
    heard.hear({ fills: [aFill('f-1', '40 @ 1.01', { side: 'buy' })] })
    expect(heard.open).toEqual(['140', '103.4', '0'])
    const { rows } = heard.hear({ fills: [reversal('40 @ 1.01', { side: 'buy' })] })
    expect(heard.open).toEqual(['100', '63', '0'])
    expect(standing(heard.order)).toEqual(['working', '0', '0', '0'])
    expect(rows.map(({ side, reverses, realizedPnl }) => [side, reverses, realizedPnl.toFixed()])).toEqual([
      ['sell', 'f-1', '0'],
    ])
  })

  test('was a part: the others stay, and the order goes on', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    heard.hear({ fills: [aFill('f-1', '40 @ 1.01'), aFill('f-2', '20 @ 1.03')] })
    heard.hear({ fills: [reversal('40 @ 1.01')] })
    expect(standing(heard.order)).toEqual(['partly_filled', '20', '20.6', '8'])
    expect(heard.open).toEqual(['80', '50.4', '8'])
  })

  test('leaves an order that was overfilled filled, when enough is left', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    heard.hear({ fills: [aFill('f-1', '100 @ 1.01'), aFill('f-2', '100 @ 1.01')] })
    heard.hear({ fills: [reversal('100 @ 1.01')] })
    expect(standing(heard.order)).toEqual(['filled', '100', '101', '38'])
    expect(heard.open).toEqual(['0', '0', '38'])
  })

  test('is put right by another one: the order is filled after all', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    heard.hear({ fills: [aFill('f-1', '100 @ 1.10')] })
    heard.hear({ fills: [reversal('100 @ 1.10'), aFill('f-1-right', '100 @ 1.01')] })
    expect(standing(heard.order)).toEqual(['filled', '100', '101', '38'])
    expect(heard.open).toEqual(['0', '0', '38'])
  })

  test('may be in the same news, and is taken back once', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    const { rows } = heard.hear({ fills: [aFill('f-1', '40 @ 1.01'), reversal('40 @ 1.01'), reversal('40 @ 1.01')] })
    expect(rows.map(({ venueFillId, reverses }) => [venueFillId, reverses])).toEqual([
      ['f-1', undefined],
      ['f-1-bust', 'f-1'],
    ])
    expect(heard.open).toEqual(['100', '63', '0'])
  })

  test('but that was never booked is a stray, and changes nothing', () => {
    const heard = hearing(anOrder({ state: 'working' }), long)
    expect(heard.hear({ fills: [reversal('40 @ 1.01')] }).rows).toEqual([])
    expect(standing(heard.order)).toEqual(['working', '0', '0', '0'])
    expect(heard.open).toEqual(['100', '63', '0'])
  })
})

describe('a change', () => {
  test('comes after the fills that are heard with it', () => {
    const heard = hearing(anOrder({ state: 'cancel_asked', venueOrderId: 'v-1' }), long)
    heard.hear({ fills: [aFill('f-1', '100 @ 1')], change: 'cancelled' })
    expect(heard.order.state).toBe('filled')
  })

  test('confirms an order, which rests from then on, and ends the watch for a call', () => {
    const heard = hearing(anOrder(), long)
    expect(heard.order.callingUntil).toBeInstanceOf(Date)
    heard.hear({ change: 'accepted', venueOrderId: 'v-1' })
    expect(heard.order).toMatchObject({ state: 'working', venueOrderId: 'v-1', rests: true, callingUntil: undefined })
    heard.hear({ change: 'accepted', venueOrderId: 'v-2' })
    expect(heard.order.venueOrderId).toBe('v-2')
  })

  test('gives an order the limit that the venue has, and settles the wish for another one', () => {
    const limit = { price: new Big('1.05') }
    const heard = hearing(anOrder({ state: 'replace_asked', venueOrderId: 'v-1', limit, number: 1 }), long)
    heard.hear({ change: 'accepted', venueOrderId: 'v-2', limitPrice: new Big('1.10') })
    expect(heard.order).toMatchObject({ state: 'working', limit: { price: new Big('1.10') }, number: 1 })
  })

  test('to refused holds for the last call only: another one may have been taken', () => {
    const order = anOrder()
    const mine = hearing(order, long)
    mine.hear({ change: 'refused', call: order.callingUntil })
    expect(mine.order).toMatchObject({ state: 'refused', callingUntil: undefined })
    const contested = hearing(order, long)
    contested.hear({ change: 'refused', call: new Date(order.callingUntil!.getTime() - 1) })
    expect(contested.order).toMatchObject({ state: 'new', callingUntil: order.callingUntil })
  })
})

test.each<[string, Partial<Order>, string, string]>([
  ['that was committed just now', {}, '100', '0'],
  ['with a limit, from the beginning', { rests: true }, '100', '100'],
  [
    'that is partly filled, for what is left',
    { state: 'partly_filled', rests: true, filledQuantity: new Big(40) },
    '60',
    '60',
  ],
  ['of which too much was filled', { state: 'cancel_asked', filledQuantity: new Big(120) }, '0', '0'],
  ['that has ended', { state: 'cancelled', filledQuantity: new Big(40) }, '0', '0'],
  ['that is to have ended', { state: 'cancel_asked', rests: true }, '100', '100'],
  ['that opens', { purpose: 'open' as never }, '0', '0'],
])('an order %s may still take', (_, more, working, resting) => {
  const reserved = reservedBy(anOrder(more))
  expect([reserved.working.toFixed(), reserved.resting.toFixed()]).toEqual([working, resting])
})

/** Whole dollars a unit, and a position at $1, so that nothing is rounded in any order of events. */
const fills = fc
  .array(fc.record({ quantity: fc.integer({ min: 1, max: 60 }), price: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => all.map(({ quantity, price }, index) => aFill(`f-${index}`, `${quantity} @ ${price}`)))
const end = fc.constantFrom('cancelled' as const, 'expired' as const, undefined)

test('however its fills come, together, alone, late, doubled, in any order: the same is filled, held and booked', () => {
  const heardIn = fills.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
      end,
      fc.nat({ max: 10 }),
    ),
  )
  fc.assert(
    fc.property(heardIn, ([all, doubled, change, endsAfter]) => {
      const once = hearing(anOrder({ state: 'working' }), held('100', '100'))
      const { rows } = once.hear({ fills: all, change })
      const other = hearing(anOrder({ state: 'working' }), held('100', '100'))
      const booked = doubled.flatMap((fill, index) => [
        ...other.hear({ fills: [fill] }).rows,
        ...(index === endsAfter ? other.hear({ change }).rows : []),
      ])
      other.hear({ change })
      expect(standing(other.order).slice(0, 3)).toEqual(standing(once.order).slice(0, 3))
      expect(other.open[0]).toBe(once.open[0])
      expect(booked.map(({ venueFillId }) => venueFillId).sort()).toEqual(rows.map((row) => row.venueFillId).sort())
      expect(other.order.filledQuantity.eq(sum(all.map(({ quantity }) => quantity)))).toBe(true)
    }),
  )
})
