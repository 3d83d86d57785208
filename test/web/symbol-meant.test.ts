import { expect, test } from 'vitest'
import { symbolMeant } from '../../src/web/words/symbol-meant.ts'

const named = (...symbols: string[]) => symbols.map((symbol) => ({ symbol, name: `${symbol} Inc.` }))

test.each([
  // The symbol itself, though it is a part of others.
  [' amd ', named('AMDL', 'AMD'), { symbol: 'AMD' }],
  // A name, or a part of one symbol only.
  ['apple', named('AAPL'), { symbol: 'AAPL' }],
  ['btc', named('BTC-USD', 'BTCS'), { suggestions: named('BTC-USD', 'BTCS') }],
  // A market may know what it does not list; it says so itself if it does not.
  ['xyz', [], { symbol: 'XYZ' }],
  ['<b>x', [], { none: true }],
  ['two words', [], { none: true }],
])('%j is read with what the market lists', (typed, found, meant) => {
  expect(symbolMeant(typed, found)).toEqual(meant)
})
