import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type AdvisedPosition, adviceOf, reasonsOf } from '../../../src/watch/guardian/advise-rules.ts'
import fc from '../../support/fast-check.ts'
import { decimal } from '../../trading/positions/arbitraries.ts'

/** Long 100 at $1.00, which is where the price is; nothing else is known. */
const plain: AdvisedPosition = {
  signedQuantity: new Big(100),
  averageEntryPrice: new Big(1),
  price: new Big(1),
  unrealizedReturn: new Big(0),
  stop: new Big('0.8'),
  hoursOpen: 1,
}
const big = (text: string) => new Big(text)

describe('each rule', () => {
  test.each<[string, Partial<AdvisedPosition>, number, RegExp?]>([
    ['nothing to say', {}, 0],
    ['no stop is worth knowing, and no point', { stop: undefined }, 0, /no stop: nothing limits/],
    ['the trend is against it', { trend: 'against' }, 2, /move against the position/],
    ['the trend is for it', { trend: 'for' }, -2, /move for the position/],
    ['there is no trend', { trend: 'even' }, 0, /no direction/],
    ['the stop is exactly an ordinary bar away', { range: big('0.2') }, 1, /\$0\.80 is 20\.00% away: an ordinary bar/],
    ['the stop is just further', { range: big('0.199') }, 0],
    ['the stop is above the entry', { stop: big('1.01'), price: big('1.2') }, -1, /keeps a part of the gain/],
    ['the stop is at the entry', { stop: big('1'), price: big('1.2') }, 0],
    [
      'the target is an ordinary bar away',
      { target: big('1.1'), range: big('0.1') },
      2,
      /10\.00% to the target at \$1\.10: little is left to gain/,
    ],
    ['the target is twice as far as the stop', { target: big('1.4') }, -1, /40\.00% to the target against 20\.00%/],
    ['the target is nearly twice as far', { target: big('1.39') }, 0],
    ['the target is half as far', { target: big('1.1') }, 1, /only 10\.00% to the target against 20\.00%/],
    ['a gain of 20%', { unrealizedReturn: big('0.2') }, 1, /\+20\.00%: a large gain/],
    ['a gain of less', { unrealizedReturn: big('0.1999') }, 0],
    [
      'a loss of 10%',
      { unrealizedReturn: big('-0.1') },
      1,
      /-10\.00%: a deep loss, and \+11\.11% of the price to make/,
    ],
    ['a loss of less', { unrealizedReturn: big('-0.0999') }, 0],
    [
      'half of the best gain gone',
      { bestReturn: big('0.1'), unrealizedReturn: big('0.05') },
      1,
      /\+5\.00% after \+10\.00%/,
    ],
    ['less than half of it gone', { bestReturn: big('0.1'), unrealizedReturn: big('0.051') }, 0],
    ['a best gain that is nothing', { bestReturn: big('0.019') }, 0],
    ['three days of nothing', { hoursOpen: 72, unrealizedReturn: big('-0.02') }, 1, /open for 72 h and at -2\.00%/],
    ['fewer hours', { hoursOpen: 71 }, 0],
    ['RSI 70 of a long position', { rsi: 70 }, 1, /RSI 70: the move for the position is stretched/],
    ['RSI 30 of a long position', { rsi: 30 }, -1, /RSI 30: the move against the position is stretched/],
    ['RSI between', { rsi: 69.9 }, 0],
    ['volume behind a move against it', { trend: 'against', relativeVolume: 1.5 }, 3, /1\.5 times the usual, behind/],
    ['volume behind a move for it', { trend: 'for', relativeVolume: 2 }, -3],
    ['volume without a move', { trend: 'even', relativeVolume: 2 }, 0],
    ['no volume', { relativeVolume: 0.5 }, 0, /0\.5 times the usual: getting out in pieces/],
  ])('%s', (_, more, points, text) => {
    const reasons = reasonsOf({ ...plain, ...more })
    expect(adviceOf(reasons).points).toBe(points)
    if (text) expect(reasons.map((reason) => reason.text).join('\n')).toMatch(text)
  })

  test.each([
    ['-0.1', '-9.09%'],
    ['-1', '-50.00%'],
    ['-1.5', '-60.00%'],
  ])('a short position with a return of %s needs a fall of the price by %s', (unrealizedReturn, fall) => {
    const reasons = reasonsOf({ ...plain, signedQuantity: big('-100'), unrealizedReturn: big(unrealizedReturn) })
    expect(reasons.map(({ text }) => text).join()).toContain(`a deep loss, and ${fall} of the price to make it good`)
  })

  test.each<[string, Partial<AdvisedPosition>, number]>([
    ['RSI 30 is stretched for it', { rsi: 30 }, 1],
    ['RSI 70 is stretched against it', { rsi: 70 }, -1],
    ['a stop below the entry keeps a gain', { stop: big('0.99'), price: big('0.8') }, -1],
  ])('of a short position is the other way round: %s', (_, more, points) => {
    const short = { ...plain, signedQuantity: new Big(-100), stop: big('1.2'), ...more }
    expect(adviceOf(reasonsOf(short)).points).toBe(points)
  })
})

describe('the advice', () => {
  test.each([
    [-4, 'trail'],
    [0, 'trail'],
    [1, 'half'],
    [2, 'half'],
    [3, 'exit'],
    [7, 'exit'],
  ])('with %i points is %s', (points, advice) => {
    expect(adviceOf([{ points, text: '' }])).toEqual({ advice, points })
  })

  test('of a large loss with everything against it is to get out', () => {
    const reasons = reasonsOf({ ...plain, trend: 'against', unrealizedReturn: big('-0.12'), range: big('0.3') })
    expect(adviceOf(reasons).advice).toBe('exit')
  })

  test('of a gain with the trend for it is to hold', () => {
    expect(adviceOf(reasonsOf({ ...plain, trend: 'for', unrealizedReturn: big('0.3') })).advice).toBe('trail')
  })
})

const share = decimal(4, -9_999, 30_000)
const price = decimal(2, 1, 100_000)
const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined })
const anyAdvised: fc.Arbitrary<AdvisedPosition> = fc.record({
  signedQuantity: fc.constantFrom(new Big(100), new Big(-100)),
  averageEntryPrice: price,
  price,
  unrealizedReturn: share,
  bestReturn: maybe(share),
  stop: maybe(price),
  target: maybe(price),
  hoursOpen: fc.nat(2_000),
  trend: maybe(fc.constantFrom('for' as const, 'against' as const, 'even' as const)),
  range: maybe(decimal(4, 0, 5_000)),
  rsi: maybe(fc.double({ min: 0, max: 100, noNaN: true })),
  relativeVolume: maybe(fc.double({ min: 0, max: 50, noNaN: true })),
})
const order = ['trail', 'half', 'exit']

describe('whatever the position', () => {
  test('no word of a reason is empty, and points are few', () => {
    fc.assert(
      fc.property(anyAdvised, (advised) => {
        for (const { text, points } of reasonsOf(advised)) {
          expect(text).toMatch(/^\S.*\S$/)
          expect(text).not.toMatch(/NaN|undefined|Infinity/)
          expect(Math.abs(points)).toBeLessThanOrEqual(2)
        }
      }),
    )
  })

  test('a trend that turns against it never makes the advice stay longer', () => {
    fc.assert(
      fc.property(anyAdvised, (advised) => {
        const at = (trend: AdvisedPosition['trend']) => order.indexOf(adviceOf(reasonsOf({ ...advised, trend })).advice)
        expect(at('for')).toBeLessThanOrEqual(at('even'))
        expect(at('even')).toBeLessThanOrEqual(at('against'))
      }),
    )
  })

  test('a short position is judged as the long one that mirrors it', () => {
    fc.assert(
      fc.property(anyAdvised, (advised) => {
        const { rsi, stop, averageEntryPrice } = advised
        const mirrored = {
          ...advised,
          signedQuantity: advised.signedQuantity.neg(),
          rsi: rsi === undefined ? undefined : 100 - rsi,
          // The entry on the other side of the stop, as far away.
          averageEntryPrice: stop ? stop.times(2).minus(averageEntryPrice) : averageEntryPrice,
        }
        expect(adviceOf(reasonsOf(mirrored)).points).toBe(adviceOf(reasonsOf(advised)).points)
      }),
    )
  })
})
