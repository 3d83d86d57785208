import { describe, expect, test } from 'vitest'
import { Big, zero } from '../../../src/base/amounts.ts'
import { differenceOf, mismatchIn, newsOf } from '../../../src/trading/orders/news.ts'
import type { OrderReport } from '../../../src/venues/venue.ts'
import { aFill, anOrder, aReport } from './an-order.ts'

const sent = { order: anOrder(), account: '7' }

describe('an answer of the venue', () => {
  test.each<[string, Partial<OrderReport>, string | undefined]>([
    ['about the order that was sent', {}, undefined],
    ['for another account', { account: '8' }, 'account 8'],
    ['for another order', { clientOrderId: 'desk-2' }, 'another order'],
    ['for another symbol', { symbol: 'AAPL' }, 'AAPL'],
    ['for the other side', { side: 'buy' }, 'buy'],
    ['for another quantity', { quantity: new Big(99) }, '99 units'],
    ['for something else altogether', { symbol: 'AAPL', quantity: new Big(3250) }, 'AAPL, 3250 units'],
  ])('%s differs in: %s', (_, more, difference) => {
    expect(mismatchIn(sent, aReport(more))).toBe(difference)
  })

  test('with a fill of another order differs, though the report itself does not', () => {
    expect(mismatchIn(sent, aReport({ fills: [aFill('f-1', '40 @ 1.01')] }))).toBeUndefined()
    const stray = aFill('f-2', '40 @ 1.01', { clientOrderId: 'desk-2', symbol: 'AAPL' })
    expect(mismatchIn(sent, aReport({ fills: [aFill('f-1', '40 @ 1.01'), stray] }))).toBe('another order, AAPL')
  })

  test('is of the order also when a part of it was filled: the quantity of a fill is its own', () => {
    const { quantity: _, ...part } = aFill('f-1', '40 @ 1.01')
    expect(differenceOf(sent, part)).toBeUndefined()
  })
})

describe('what a report tells', () => {
  const changeOf = (more: Partial<OrderReport>, booked = zero) => newsOf(aReport(more), booked).change

  test.each<[string, Partial<OrderReport>, string | undefined]>([
    ['that it works', { state: 'working' }, 'accepted'],
    ['that it was cancelled', { state: 'cancelled' }, 'cancelled'],
    ['that its time was over', { state: 'expired' }, 'expired'],
    // The venue shows it, so it had it: it is not refused as an order that the venue never took.
    ['that the venue has ended it as refused', { state: 'refused' }, 'cancelled'],
    ['nothing but its fills when it is filled', { state: 'filled', filledQuantity: zero }, undefined],
  ])('is %s', (_, more, change) => {
    expect(changeOf(more)).toBe(change)
  })

  test('is no end before all of its fills are there: late ones would come after it', () => {
    const ended = { state: 'cancelled' as const, filledQuantity: new Big(70) }
    const shown = { ...ended, fills: [aFill('f-1', '40 @ 1.01')] }
    expect(changeOf(shown)).toBe('accepted')
    expect(changeOf({ ...shown, fills: [...shown.fills, aFill('f-2', '30 @ 1.01')] })).toBe('cancelled')
    expect(changeOf(ended, new Big(40))).toBe('accepted')
    expect(changeOf(ended, new Big(70))).toBe('cancelled')
  })
})
