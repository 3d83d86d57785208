import { describe, expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import {
  averageIn,
  averageText,
  changeText,
  dollarsText,
  durationText,
  exactText,
  momentText,
  percentText,
  priceIn,
  priceText,
  profitText,
  progressText,
  quantityText,
} from '../../src/base/format.ts'
import { positionText } from '../../src/trading/positions/rules/describe.ts'
import fc from '../support/fast-check.ts'
import { decimal, prices, quantities } from '../trading/positions/arbitraries.ts'

const amounts = fc.oneof(decimal(2, -1_000_000_000, 1_000_000_000), decimal(8, -1_000_000_000, 1_000_000_000))
const read = (text: string) => new Big(text.replace(/[$,+%]/g, ''))
const grouped = /^-?\d{1,3}(,\d{3})*(\.\d+)?$/

describe('formatted text reads back as', () => {
  test('the quantity itself, without a sign', () => {
    fc.assert(
      fc.property(quantities, fc.boolean(), (quantity, negative) => {
        const text = quantityText(negative ? quantity.neg() : quantity)
        expect(text).toMatch(grouped)
        expect(read(text).eq(quantity)).toBe(true)
      }),
    )
  })

  test('the price, to a hundred-millionth below a cent, a millionth below ten dollars and a hundredth of a cent above', () => {
    fc.assert(
      fc.property(prices, (price) => {
        const text = priceText(price)
        expect(text.slice(1)).toMatch(grouped)
        expect(text).toMatch(/\.\d{2,8}$/)
        expect(
          read(text)
            .minus(price)
            .abs()
            .lte(price.lt('0.01') ? '0.000000005' : price.lt(10) ? '0.0000005' : '0.00005'),
        ).toBe(true)
      }),
    )
  })

  test('the profit to the cent, with its sign and never as minus nothing', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const text = profitText(amount)
        expect(text).toMatch(/^\$[+-]?\d{1,3}(,\d{3})*\.\d{2}$/)
        expect(text).not.toBe('$-0.00')
        expect(read(text).minus(amount).abs().lte('0.005')).toBe(true)
      }),
    )
  })

  test('the dollars to the cent', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(dollarsText(amount)).toMatch(/^-?\$\d{1,3}(,\d{3})*\.\d{2}$/)
        expect(dollarsText(amount)).not.toBe('-$0.00')
        expect(read(dollarsText(amount)).minus(amount).abs().lte('0.005')).toBe(true)
      }),
    )
  })

  test('the percentage to two decimals', () => {
    fc.assert(
      fc.property(amounts, (ratio) => {
        expect(percentText(ratio)).toMatch(/^[+-]?\d{1,3}(,\d{3})*\.\d{2}%$/)
        expect(percentText(ratio)).not.toBe('-0.00%')
        expect(read(percentText(ratio)).div(100).minus(ratio).abs().lte('0.00005')).toBe(true)
      }),
    )
  })
})

test('the profits of chunks add up to the cent as they are shown', () => {
  fc.assert(
    fc.property(fc.array(decimal(2, -100_000, 100_000), { maxLength: 15 }), (profits) => {
      const shown = profits.reduce((total, profit) => total.plus(read(profitText(profit))), new Big(0))
      const total = profits.reduce((all, profit) => all.plus(profit), new Big(0))
      expect(profitText(shown)).toBe(profitText(total))
    }),
  )
})

test('a price in a coin keeps eight decimals, whatever its size', () => {
  fc.assert(
    fc.property(decimal(8, 1, 1_000_000_000_000), (price) => {
      const text = priceIn(price, 'BTC')
      expect(text).toMatch(/^[\d,]+\.\d{2,8} BTC$/)
      expect(read(text.replace(' BTC', '')).eq(price)).toBe(true)
    }),
  )
})

test.each([
  ['0.03295', 'BTC', '0.03295 BTC', '0.03295 BTC'],
  ['0.0328833333', 'BTC', '0.03288333 BTC', '0.0328833 BTC'],
  ['57123.456', 'EUR', '57,123.456 EUR', '57,123.46 EUR'],
  ['1', 'EUR', '1.00 EUR', '1.00 EUR'],
  ['1', undefined, '$1.00', '$1.00'],
])('a price of %s in %s is written %s, and on average %s', (price, currency, text, average) => {
  expect([priceIn(new Big(price), currency), averageIn(new Big(price), currency)]).toEqual([text, average])
})

test.each([
  ['0.63', '$0.63'],
  ['1', '$1.00'],
  ['0.561', '$0.561'],
  ['0.0000001', '$0.0000001'],
  ['0.000000004', '$0.00'],
  ['0.123456789', '$0.123457'],
  ['63250', '$63,250.00'],
  ['251.4', '$251.40'],
])('a price of %s is written %s', (price, text) => {
  expect(priceText(new Big(price))).toBe(text)
})

test.each([
  ['0.6345678', '$0.6346'],
  ['190.123456', '$190.12'],
  ['0.63', '$0.63'],
  ['0.00001234', '$0.00001234'],
  ['0.0042129', '$0.004213'],
  ['0.00999999', '$0.01'],
  ['0', '$0.00'],
])('an average of %s is written %s', (price, text) => {
  expect(averageText(new Big(price))).toBe(text)
})

test.each([
  ['177.84', '$+177.84'],
  ['-3.1', '$-3.10'],
  ['1471.92', '$+1,471.92'],
  ['-0.001', '$0.00'],
  ['0', '$0.00'],
])('a profit of %s is written %s', (profit, text) => {
  expect(profitText(new Big(profit))).toBe(text)
})

test('dollars and percent of one change never have different signs, and zero has none', () => {
  const signIn = (text: string) => /[+-]/.exec(text)?.[0] ?? ''
  fc.assert(
    fc.property(
      fc.oneof(amounts, decimal(6, -10_000, 10_000)),
      fc.integer({ min: 1, max: 10 ** 9 }),
      (amount, cost) => {
        const sign = amount.gt(0) ? '+' : amount.lt(0) ? '-' : ''
        for (const text of [profitText(amount), percentText(amount.div(cost)), changeText(amount)]) {
          const isZero = !/[1-9]/.test(text)
          expect(signIn(text), text).toBe(isZero ? '' : sign)
        }
      },
    ),
  )
})

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [42_499, '42 s'],
  [60_000, '1 min'],
  [250_000, '4 min 10 s'],
  [3_599_600, '1 h'],
  [3_900_000, '1 h 5 min'],
  [90_000_000, '25 h'],
])('%i milliseconds are written %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text)
})

test('progress is a square a chunk up to ten, and the count', () => {
  expect(progressText(3, 8)).toBe('▰▰▰▱▱▱▱▱ 3/8')
  expect(progressText(0, 8)).toBe('▱▱▱▱▱▱▱▱ 0/8')
  expect(progressText(15, 15)).toBe('▰▰▰▰▰▰▰▰▰▰ 15/15')
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), (total, some) => {
      const done = Math.min(some, total)
      const [bar, count] = progressText(done, total).split(' ')
      expect(bar).toHaveLength(Math.min(total, 10))
      expect(bar).toMatch(/^▰*▱*$/)
      expect(bar!.includes('▱')).toBe(done < total)
      expect(count).toBe(`${done}/${total}`)
    }),
  )
})

test('a position is named by direction, size and average price, or as flat', () => {
  const held = (signed: string, cost: string) =>
    positionText({ symbol: 'BYND', signedQuantity: new Big(signed), openCost: new Big(cost) })
  expect(held('3750', '2362.5')).toBe('LONG 3,750 BYND @ $0.63')
  expect(held('-0.025', '1575')).toBe('SHORT 0.025 BYND @ $63,000.00')
  expect(held('0', '0')).toBe('FLAT')
})

test("a moment is written to the minute, by the exchange's clocks or those of a time zone", () => {
  const at = new Date('2026-11-20T10:41:59+01:00')
  expect(momentText(at)).toBe('2026-11-20 04:41 EST')
  expect(momentText(at, 'UTC')).toBe('2026-11-20 09:41 UTC')
  expect(momentText(at, 'Asia/Tokyo')).toBe('2026-11-20 18:41 GMT+9')
})

test.each([
  ['America/New_York', '2026-11-20 04:41:09 EST'],
  ['Asia/Kolkata', '2026-11-20 15:11:09 IST'],
])('a moment to the second is written by the clocks of %s', (zone, text) => {
  expect(exactText(new Date('2026-11-20T09:41:09.870Z'), zone)).toBe(text)
})
