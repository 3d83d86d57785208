import { expect, test } from 'vitest'
import { symbolOf } from '../../src/market/symbol.ts'
import { sp500Day, sp500Symbols } from '../../src/strategies/universes/sp500.ts'

test('the list of the S&P 500 has 503 symbols, each once, in order, as markets write them', () => {
  expect(sp500Symbols.length).toBe(503)
  expect([...new Set(sp500Symbols)].sort()).toEqual(sp500Symbols)
  expect(sp500Symbols.map(symbolOf)).toEqual(sp500Symbols)
  // The last change that it knows, and none of the next one: KKR came with it, DELL and PLTR in September.
  expect(sp500Day).toBe('2024-06-24')
  expect(sp500Symbols).toEqual(expect.arrayContaining(['AAPL', 'BRK.B', 'KKR']))
  expect(sp500Symbols.filter((symbol) => ['DELL', 'PLTR', 'RHI', 'ILMN'].includes(symbol))).toEqual([])
})
