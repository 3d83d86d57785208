import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { unrealizedReturn } from '../../../src/trading/positions/rules/position.ts'
import {
  distanceTo,
  isAhead,
  isTighter,
  priceAtReturn,
  toGrain,
  trailedStop,
} from '../../../src/trading/protection/rules/protection.ts'
import fc from '../../support/fast-check.ts'

const held = (signedQuantity: number, averageEntryPrice: string) => ({
  signedQuantity: new Big(signedQuantity),
  openCost: new Big(averageEntryPrice).times(Math.abs(signedQuantity)),
})

describe('the price at which a position returns a share', () => {
  test.each([
    [1000, '0.50', '-0.1', '0.45'],
    [1000, '0.50', '0.4', '0.7'],
    [-1000, '0.50', '-0.1', '0.55'],
    [-1000, '0.50', '0.2', '0.4'],
    [3, '0.333333333333', '-0.05', '0.316667'],
    [3, '251.4', '-0.05', '238.83'],
    [3, '63250.123456', '0.015', '64198.8753'],
    [3, '0.00001234', '-0.1', '0.00001111'],
  ])('of %s at $%s, %s is $%s', (quantity, entry, share, price) => {
    expect(priceAtReturn(held(quantity, entry), new Big(share)).toFixed()).toBe(price)
  })

  test('returns that share, to the decimals that are kept', () => {
    const cents = fc.integer({ min: 10, max: 1_000_000 })
    const share = fc.integer({ min: -9000, max: 9000 }).map((bps) => new Big(bps).div(10_000))
    fc.assert(
      fc.property(cents, share, fc.constantFrom(7, -7), (entry, wanted, quantity) => {
        const position = held(quantity, new Big(entry).div(100).toFixed())
        const price = priceAtReturn(position, wanted)
        const off = unrealizedReturn(position, price).minus(wanted).abs()
        expect(off.lte('0.00001')).toBe(true)
      }),
    )
  })
})

describe('a level', () => {
  test.each([
    ['stop', 100, '0.99', true],
    ['stop', 100, '1', false],
    ['stop', 100, '1.01', false],
    ['stop', -100, '1.01', true],
    ['stop', -100, '1', false],
    ['stop', -100, '0.99', false],
    ['target', 100, '1.01', true],
    ['target', 100, '1', false],
    ['target', 100, '0.99', false],
    ['target', -100, '0.99', true],
    ['target', -100, '1', false],
    ['target', -100, '1.01', false],
  ] as const)('%s of %s at $%s is ahead of a price of $1: %s', (kind, quantity, level, ahead) => {
    expect(isAhead(kind, new Big(quantity), new Big(level), new Big(1))).toBe(ahead)
  })

  test('is as far away as its distance over the price', () => {
    expect(distanceTo(new Big('0.55'), new Big('0.561')).toFixed(4)).toBe('0.0196')
    expect(distanceTo(new Big('0.9'), new Big('0.6')).toFixed(4)).toBe('0.5000')
  })

  test('is shown as it is kept', () => {
    expect(toGrain(new Big('0.60479999')).toFixed()).toBe('0.6048')
    expect(toGrain(new Big('12.34567')).toFixed()).toBe('12.3457')
  })
})

describe('a stop that trails', () => {
  test('keeps its share from the best price', () => {
    expect(trailedStop(new Big(100), new Big('1.10'), new Big('0.04')).toFixed()).toBe('1.056')
    expect(trailedStop(new Big(-100), new Big('190'), new Big('0.05')).toFixed()).toBe('199.5')
  })

  test('is never looser for a better price', () => {
    const price = fc.integer({ min: 1, max: 10_000_000 }).map((grains) => new Big(grains).div(1000))
    const share = fc.integer({ min: 10, max: 5000 }).map((bps) => new Big(bps).div(10_000))
    fc.assert(
      fc.property(price, price, share, fc.constantFrom(new Big(5), new Big(-5)), (one, other, trail, quantity) => {
        const [worse, better] = (quantity.gt(0) ? one.lt(other) : one.gt(other)) ? [one, other] : [other, one]
        const [before, after] = [worse, better].map((best) => trailedStop(quantity, best, trail))
        expect(isTighter(quantity, before!, after!)).toBe(false)
      }),
    )
  })
})
