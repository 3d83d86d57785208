import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import {
  averageFillPrice,
  isLive,
  leftOf,
  liveStates,
  nextState,
  type OrderChange,
  type OrderState,
  orderChanges,
  orderStates,
} from '../../../src/trading/orders/rules/order-lifecycle.ts'
import fc from '../../support/fast-check.ts'

/** The next state of an order without fills, and of one with fills; a single state when both are the same. */
type Becomes = OrderState | [unfilled: OrderState, partlyFilled: OrderState]

/** Every state with every change, by the words of `nextState`, not by its code. */
const table: Record<OrderState, Record<OrderChange, Becomes>> = {
  new: {
    no_answer: 'unknown',
    accepted: ['working', 'partly_filled'],
    refused: ['refused', 'new'],
    lost: ['refused', 'new'],
    part: 'partly_filled',
    whole: 'filled',
    cancel_asked: 'cancel_asked',
    cancel_refused: 'new',
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'new',
    replace_settled: 'new',
    reversed: 'new',
  },
  unknown: {
    no_answer: 'unknown',
    accepted: ['working', 'partly_filled'],
    refused: ['refused', 'unknown'],
    lost: ['refused', 'unknown'],
    part: 'partly_filled',
    whole: 'filled',
    cancel_asked: 'cancel_asked',
    cancel_refused: 'unknown',
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'unknown',
    replace_settled: 'unknown',
    reversed: 'unknown',
  },
  working: {
    no_answer: 'working',
    accepted: 'working',
    refused: 'working',
    lost: 'working',
    part: 'partly_filled',
    whole: 'filled',
    cancel_asked: 'cancel_asked',
    cancel_refused: 'working',
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'replace_asked',
    replace_settled: 'working',
    reversed: 'working',
  },
  partly_filled: {
    no_answer: 'partly_filled',
    accepted: 'partly_filled',
    refused: 'partly_filled',
    lost: 'partly_filled',
    part: 'partly_filled',
    whole: 'filled',
    cancel_asked: 'cancel_asked',
    cancel_refused: 'partly_filled',
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'replace_asked',
    replace_settled: 'partly_filled',
    reversed: ['working', 'partly_filled'],
  },
  cancel_asked: {
    no_answer: 'cancel_asked',
    accepted: 'cancel_asked',
    refused: ['refused', 'cancel_asked'],
    lost: ['refused', 'cancel_asked'],
    part: 'cancel_asked',
    whole: 'filled',
    cancel_asked: 'cancel_asked',
    cancel_refused: ['working', 'partly_filled'],
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'cancel_asked',
    replace_settled: 'cancel_asked',
    reversed: 'cancel_asked',
  },
  replace_asked: {
    no_answer: 'replace_asked',
    accepted: 'replace_asked',
    refused: 'replace_asked',
    lost: 'replace_asked',
    part: 'replace_asked',
    whole: 'filled',
    cancel_asked: 'cancel_asked',
    cancel_refused: 'replace_asked',
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'replace_asked',
    replace_settled: ['working', 'partly_filled'],
    reversed: 'replace_asked',
  },
  filled: {
    no_answer: 'filled',
    accepted: 'filled',
    refused: 'filled',
    lost: 'filled',
    part: 'filled',
    whole: 'filled',
    cancel_asked: 'filled',
    cancel_refused: 'filled',
    cancelled: 'filled',
    expired: 'filled',
    replace_asked: 'filled',
    replace_settled: 'filled',
    reversed: 'cancelled',
  },
  cancelled: {
    no_answer: 'cancelled',
    accepted: 'cancelled',
    refused: 'cancelled',
    lost: 'cancelled',
    part: 'cancelled',
    whole: 'filled',
    cancel_asked: 'cancelled',
    cancel_refused: 'cancelled',
    cancelled: 'cancelled',
    expired: 'cancelled',
    replace_asked: 'cancelled',
    replace_settled: 'cancelled',
    reversed: 'cancelled',
  },
  expired: {
    no_answer: 'expired',
    accepted: 'expired',
    refused: 'expired',
    lost: 'expired',
    part: 'expired',
    whole: 'filled',
    cancel_asked: 'expired',
    cancel_refused: 'expired',
    cancelled: 'expired',
    expired: 'expired',
    replace_asked: 'expired',
    replace_settled: 'expired',
    reversed: 'expired',
  },
  refused: {
    no_answer: 'refused',
    accepted: ['working', 'partly_filled'],
    refused: 'refused',
    lost: 'refused',
    part: 'partly_filled',
    whole: 'filled',
    cancel_asked: 'refused',
    cancel_refused: 'refused',
    cancelled: 'cancelled',
    expired: 'expired',
    replace_asked: 'refused',
    replace_settled: 'refused',
    reversed: 'refused',
  },
}

describe.each(orderStates)('an order that is %s', (state) => {
  test.each(orderChanges)('after %s', (change) => {
    const becomes = table[state][change]
    const [unfilled, partlyFilled] = Array.isArray(becomes) ? becomes : [becomes, becomes]
    expect([nextState(state, change, false), nextState(state, change, true)]).toEqual([unfilled, partlyFilled])
  })
})

const states = fc.constantFrom(...orderStates)
const changes = fc.constantFrom(...orderChanges)

test('the same news once more changes nothing more', () => {
  fc.assert(
    fc.property(states, changes, fc.boolean(), (state, change, isPartlyFilled) => {
      const after = nextState(state, change, isPartlyFilled)
      expect(nextState(after, change, isPartlyFilled)).toBe(after)
    }),
  )
})

test('an end stays an end, whatever the later news, unless the venue shows an order that it was said not to have', () => {
  fc.assert(
    fc.property(states, fc.array(fc.tuple(changes, fc.boolean())), (state, heard) => {
      fc.pre(!isLive({ state }))
      const shows = (change: OrderChange) => change === 'accepted' || change === 'part'
      const later = state === 'refused' ? heard.filter(([change]) => !shows(change)) : heard
      const end = later.reduce((now, [change, isPartlyFilled]) => nextState(now, change, isPartlyFilled), state)
      expect(isLive({ state: end })).toBe(false)
    }),
  )
})

/** An order of 10 units in its state after these news; numbers are fills. */
function heardOf(news: (OrderChange | number)[]): { state: OrderState; filled: number } {
  let [state, filled]: [OrderState, number] = ['new', 0]
  for (const one of news) {
    if (typeof one === 'number') filled += one
    const change = typeof one === 'string' ? one : filled >= 10 ? 'whole' : 'part'
    state = nextState(state, change, filled > 0)
  }
  return { state, filled }
}

test('its fills, and what else the venue says, end in the same place in whatever order they are heard', () => {
  const ends = fc.constantFrom<OrderChange[]>([], ['cancelled'], ['expired'])
  const rest = fc.subarray<OrderChange>(['accepted', 'accepted', 'refused', 'no_answer'])
  const fills = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 })
  const news = fc
    .tuple(ends, rest, fills)
    .map((all) => all.flat())
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(news, ([one, other]) => {
      expect(heardOf(other)).toEqual(heardOf(one))
    }),
  )
})

test('an order is live until it has one of four ends', () => {
  expect(orderStates.filter((state) => !isLive({ state }))).toEqual(['filled', 'cancelled', 'expired', 'refused'])
  expect(liveStates).toEqual(orderStates.filter((state) => isLive({ state })))
})

test('what is left is what was not filled, never less than nothing; the average price is weighted by quantity', () => {
  const quantity = new Big(10)
  expect(leftOf({ quantity, filledQuantity: new Big(4) }).toFixed()).toBe('6')
  expect(leftOf({ quantity, filledQuantity: new Big(12) }).toFixed()).toBe('0')
  expect(averageFillPrice({ filledQuantity: new Big(4), filledValue: new Big('4.06') }).toFixed()).toBe('1.015')
  expect(averageFillPrice({ filledQuantity: new Big(0), filledValue: new Big(0) }).toFixed()).toBe('0')
})
