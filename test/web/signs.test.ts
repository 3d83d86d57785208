import { expect, test } from 'vitest'
import { percentOf } from '../../src/web/words/backtest.ts'
import { dollars, gain, percent } from '../../src/web/words/money.ts'

test.each([
  ['-0.001', '$0.00', '$0.00', '−0.10%', '0.00%'],
  ['0.001', '$0.00', '$0.00', '+0.10%', '0.00%'],
  ['-0.00001', '$0.00', '$0.00', '0.00%', '0.00%'],
  ['0', '$0.00', '$0.00', '0.00%', '0.00%'],
  ['-2.5', '−$2.50', '−$2.50', '−250.00%', '-2.50%'],
])('%s has a sign on the page only where digits are shown', (amount, ...shown) => {
  expect([dollars(amount), gain(amount), percent(amount), percentOf(Number(amount))]).toEqual(shown)
})
