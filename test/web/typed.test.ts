import { expect, test } from 'vitest'
import { NotANumber, typedNumber, typedShare } from '../../src/web/words/typed.ts'
import fc from '../support/fast-check.ts'

test.each([
  ['3,750', '3750'],
  ['.58', '0.58'],
  ['$1,250.50', '1250.50'],
  [' 5 ', '5'],
  ['', undefined],
])('%j is read as %j', (text, number) => {
  expect(typedNumber(text, 'price')).toBe(number)
})

test.each([
  '0,55',
  '1,5',
  '1,60',
  '87,5',
  '1,2345',
  'abc',
  '-1',
  '10%',
  'half',
  '5 5',
  '0',
  '0.00',
  '1.2.3',
  '.',
  ',',
  '1e3',
])('%j is no number, and nothing is sent', (text) => {
  expect(() => typedNumber(text, 'price')).toThrow(NotANumber)
})

test('a percentage is a share of one, to the last digit', () => {
  for (const [text, share] of [
    ['5%', '0.05'],
    ['0.5%', '0.005'],
    ['12.5%', '0.125'],
    ['150%', '1.50'],
    ['.25%', '0.0025'],
  ]) {
    expect(typedShare(text, 'distance')).toBe(share)
  }
  expect(() => typedShare('0,5%', 'distance')).toThrow(NotANumber)
  expect(() => typedShare('%', 'distance')).toThrow(NotANumber)
})

test('whatever is typed, what is sent has its digits and no others', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\d.,]{1,9}$/), (text) => {
      let number: string | undefined
      try {
        number = typedNumber(text, 'price')
      } catch {
        return
      }
      expect(number?.replace(/^0(?=\.)/, '')).toBe(text.replaceAll(',', '').replace(/^0(?=\.)/, ''))
      expect(/,\d{1,2}(\D|$)|,\d{4}/.test(text)).toBe(false)
    }),
  )
})
