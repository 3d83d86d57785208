import { expect, test } from 'vitest'
import { orderOf } from '../../src/web/words/position-order.ts'
import { scaleoutWords } from '../../src/web/words/scaleout.ts'

const told = [
  { symbol: 'AMD', unrealizedPnl: '12.5', value: '-9000' },
  { symbol: 'KO', unrealizedPnl: null, value: null },
  { symbol: 'BYND', unrealizedPnl: '-100', value: '50' },
  { symbol: 'AAPL', unrealizedPnl: '-9.5', value: '700' },
]

test.each([
  ['symbol', 'AAPL AMD BYND KO'],
  ['worst', 'BYND AAPL AMD KO'],
  ['best', 'AMD AAPL BYND KO'],
  // A short position is as large as it is worth.
  ['largest', 'AMD AAPL BYND KO'],
] as const)('positions %s first are %s', (by, symbols) => {
  expect(orderOf(told, by).join(' ')).toBe(symbols)
})

test('a scaleout says what is left when a part of its position was closed beside it', () => {
  const scaleout = { doneChunks: 1, chunks: 10, done: '264', quantity: '2643' }
  expect(scaleoutWords(scaleout, '2379')).toBe('1 of 10 chunks, 264 of 2,643')
  expect(scaleoutWords(scaleout, '379')).toBe('1 of 10 chunks, 264 of 2,643, only 379 left')
})
