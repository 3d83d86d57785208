import { expect, test } from 'vitest'
import { isHeard } from '../../src/web/state/liveness.ts'
import { unheld } from '../../src/web/words/unheld.ts'

test.each([
  ['live', 0, true],
  // A beat of a busy desk is some seconds late.
  ['live', 19, true],
  ['live', 23, false],
  ['live', 600, false],
  ['connecting', 0, false],
  ['broken', 0, false],
] as const)('a stream that is %s and was heard %i s ago is live: %s', (state, seconds, isLive) => {
  expect(isHeard({ state }, 1_000_000, 1_000_000 + seconds * 1000)).toBe(isLive)
})

test('prices are asked for of what is shown and not held, once', () => {
  const orders = [
    { symbol: 'KO', isLive: true },
    { symbol: 'KO', isLive: true },
    { symbol: 'BYND', isLive: true },
    { symbol: 'PEP', isLive: false },
  ]
  expect(unheld('DOGE-USD', orders, [{ symbol: 'BYND' }])).toBe('DOGE-USD,KO')
  expect(unheld('BYND', [], [{ symbol: 'BYND' }])).toBe('')
  expect(unheld(undefined, orders, [])).toBe('KO,BYND')
})
