import { expect, test } from 'vitest'
import { percentOf } from '../../src/web/words/backtest.ts'
import { dollars, gain, percent, price } from '../../src/web/words/money.ts'

test.each([
  ['-0.001', '$0.00', '$0.00', '−0.10%', '0.00%'],
  ['0.001', '$0.00', '$0.00', '+0.10%', '0.00%'],
  ['-0.00001', '$0.00', '$0.00', '0.00%', '0.00%'],
  ['0', '$0.00', '$0.00', '0.00%', '0.00%'],
  ['-2.5', '−$2.50', '−$2.50', '−250.00%', '-2.50%'],
])('%s has a sign on the page only where digits are shown', (amount, ...shown) => {
  expect([dollars(amount), gain(amount), percent(amount), percentOf(Number(amount))]).toEqual(shown)
})

test('a price has all its digits and its currency', () => {
  expect([price('0.6275'), price('63000'), price('0.03295', 'BTC'), price(null, 'BTC')]).toEqual([
    '$0.6275',
    '$63,000.00',
    '0.03295 BTC',
    '—',
  ])
})
