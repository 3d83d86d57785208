import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { quantityText } from '../../../src/base/format.ts'
import { fractionIn, numberIn, plain, slips } from '../../../src/talk/language/words.ts'
import fc from '../../support/fast-check.ts'
import { noise } from './noise.ts'

const amounts = fc
  .tuple(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 6 }))
  .map(([units, decimals]) => new Big(units).div(new Big(10).pow(decimals)))

/** The same amount, as people write it in different ways. */
const spellings: Record<string, (amount: Big) => string> = {
  'plain digits': (amount) => amount.toFixed(),
  'digits in groups': (amount) => quantityText(amount),
  thousands: (amount) => `${amount.div(1000).toFixed()}k`,
  millions: (amount) => `${amount.div(1_000_000).toFixed()}M`.toLowerCase(),
  'dollars in groups': (amount) => `$${quantityText(amount)}`,
  'digits with zeros behind': (amount) => `${amount.toFixed()}${amount.toFixed().includes('.') ? '00' : '.00'}`,
  'digits with zeros before': (amount) => `00${amount.toFixed()}`,
  'no zero before the point': (amount) => amount.toFixed().replace(/^0\./, '.'),
}

describe('a number reads the same when it is written as', () => {
  test.each(Object.keys(spellings))('%s', (name) => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(numberIn(spellings[name]!(amount))).toBe(amount.toFixed())
      }),
    )
  })
})

test.each([
  ['3,750', '3750'],
  ['3.75k', '3750'],
  ['.63', '0.63'],
  ['0.63', '0.63'],
  ['$.63', '0.63'],
  ['$0.63', '0.63'],
  ['1.5m', '1500000'],
  ['-5', '-5'],
  ['+5', '5'],
  ['007', '7'],
  ['5.', '5'],
  ['0', '0'],
  ['12,345,678.90', '12345678.9'],
])('%s is the number %s', (written, digits) => {
  expect(numberIn(written)).toBe(digits)
})

test.each([
  '',
  '.',
  '$',
  '-',
  'k',
  '1,2',
  '12,34',
  '1,2345',
  '1.2.3',
  '1e5',
  '0x10',
  'Infinity',
  'NaN',
  '--5',
  '5-',
  '5%',
  '٣',
  '1 000',
])('%j is no number', (written) => {
  expect(numberIn(written)).toBeUndefined()
})

test('every parsed number has plain digits, and parses as itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-+$.,\dkm]{1,12}$/), (text) => {
      const digits = numberIn(text)
      fc.pre(digits !== undefined)
      expect(digits).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/)
      expect(numberIn(digits!)).toBe(digits)
    }),
    { numRuns: 1000, examples: [['1$\u0000'], ['"$\u00001"'], ['$\n1'], ['1 \u2009$']] },
  )
})

test('words that every object knows are neither numbers nor parts of a whole', () => {
  for (const word of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect(numberIn(word)).toBeUndefined()
    expect(fractionIn(word)).toBeUndefined()
  }
})

test('a number with too many digits is none', () => {
  expect(numberIn('9'.repeat(40))).toBe('9'.repeat(40))
  expect(numberIn('9'.repeat(41))).toBeUndefined()
  expect(numberIn(`0.${'0'.repeat(10_000)}1`)).toBeUndefined()
})

test.each([
  ['hlep', 'help', 1],
  ['hepl', 'help', 1],
  ['help', 'help', 0],
  ['hel', 'help', 1],
  ['helpp', 'help', 1],
  ['plhe', 'help', 4],
  ['', 'help', 4],
  ['hhel', 'help', 2],
])('between %j and %j lie %i slips', (said, meant, count) => {
  expect(slips(said, meant)).toBe(count)
})

test.each([
  ['half', '0.5'],
  ['1/2', '0.5'],
  ['third', '1/3'],
  ['1/3', '1/3'],
  ['quarter', '0.25'],
  ['all', '1'],
  ['everything', '1'],
])('%s of something is %s of it', (word, share) => {
  expect(fractionIn(word)).toBe(share)
})

test('a percentage is that many hundredths', () => {
  fc.assert(
    fc.property(amounts, (amount) => {
      expect(new Big(fractionIn(`${amount.toFixed()}%`)!).eq(amount.div(100).round(12))).toBe(true)
    }),
  )
  expect(fractionIn('-30%')).toBe('-0.30')
  expect(fractionIn('%')).toBeUndefined()
  expect(fractionIn('thirty%')).toBeUndefined()
})

test('text is compared without case, invisible characters, emoji keycaps and double spaces', () => {
  expect(plain('  LONG\u200b  BYND\n\t3,750 ')).toBe('long bynd 3,750')
  expect(plain('1️⃣')).toBe('1')
  expect(plain('２')).toBe('2')
  expect(plain('ｆａｓｔ')).toBe('fast')
  expect(plain('\u202elong\u202c')).toBe('long')
  expect(plain('\u0000long\u0000bynd')).toBe('long bynd')
})

test('text that was normalised does not change when it is normalised again', () => {
  fc.assert(
    fc.property(noise(60), (text) => {
      expect(plain(plain(text))).toBe(plain(text))
    }),
    { numRuns: 1000 },
  )
})
