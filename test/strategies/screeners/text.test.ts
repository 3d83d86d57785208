import { expect, test } from 'vitest'
import { distance, timesBeside } from '../../../src/strategies/screeners/maths/text.ts'

test.each([
  [1.032, '3.2% above'],
  [0.99, '1.0% below'],
  [1, 'level with'],
  [1.0001, 'under 0.1% above'],
  [0.9999, 'under 0.1% below'],
])('a ratio of %d is %s', (ratio, text) => {
  expect(distance(ratio)).toBe(text)
})

test.each([
  [1.8, 1, '1.80 ×'],
  [0.998, 1, '0.998 ×'],
  [0.9999999, 1, '1.000000 ×'],
  [1, 1, '1.00 ×'],
])('a multiple of %d beside a least of %d is %s', (multiple, least, text) => {
  expect(timesBeside(multiple, least)).toBe(text)
})
