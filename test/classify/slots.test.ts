import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSlots } from '../../src/classify/slots.ts'
import { noise } from './noise.ts'

const symbols = new Set(['BYND', 'AAPL', 'BTC-USD', 'BRK.B', 'A', 'ALL', 'NOW', 'IT'])
const knows = (word: string) => symbols.has(word)
const given = (text: string) => readSlots(text, knows).given

/** The same position, in the ways in which people write it. */
const quantities = ['3750', '3,750', '3.75k', '3.75K', '3750.0', '03750']
const prices = [
  '@ .63',
  '@.63',
  '@0.63',
  '@ 0.63',
  '@ $.63',
  '@$0.63',
  'at 0.63',
  'at .63',
  'AT $0.63',
  '$.63',
  '$0.63',
  '.63',
  '@ 0.630',
]
const names = ['BYND', 'bynd', 'Bynd', '$BYND', '$bynd', 'BYND,', '(BYND)', 'BYND:']

test('symbol, quantity and price are understood however they are written, and in either order of symbol and quantity', () => {
  const written = fc.record({
    name: fc.constantFrom(...names),
    quantity: fc.constantFrom(...quantities),
    price: fc.constantFrom(...prices),
    filler: fc.constantFrom('', ' shares', ' please', ' of'),
    turned: fc.boolean(),
  })
  fc.assert(
    fc.property(written, ({ name, quantity, price, filler, turned }) => {
      const [first, second] = turned ? [quantity, name] : [name, quantity]
      expect(readSlots(`${first} ${second}${filler} ${price}`, knows)).toEqual({
        given: { symbol: 'BYND', quantity: '3750', price: '0.63' },
        leftover: [],
      })
    }),
    { numRuns: 1000 },
  )
})

describe('what is said after a command', () => {
  test.each([
    ['bynd fast half', { symbol: 'BYND', speed: 'fast', fraction: '0.5' }],
    ['30%', { fraction: '0.30' }],
    ['1000', { quantity: '1000' }],
    ['slow 1,000 $bynd', { speed: 'slow', quantity: '1000', symbol: 'BYND' }],
    ['btc-usd 0.025 @ 63,000', { symbol: 'BTC-USD', quantity: '0.025', price: '63000' }],
    ['brk.b 2', { symbol: 'BRK.B', quantity: '2' }],
    ['half of my bynd position', { fraction: '0.5', symbol: 'BYND' }],
    ['a third of bynd', { fraction: '1/3', symbol: 'BYND' }],
    ['-5 bynd', { quantity: '-5', symbol: 'BYND' }],
    ['bynd 100 @ -5', { symbol: 'BYND', quantity: '100', price: '-5' }],
    ['<@U123ABC> viewer', { member: 'u123abc', role: 'viewer' }],
    ['discord:42 trader', { member: 'discord:42', role: 'trader' }],
    ['everything', { fraction: '1' }],
    ['quick', { speed: 'fast' }],
  ])('%j is understood whole', (text, expected) => {
    expect(readSlots(text, knows)).toEqual({ given: expected, leftover: [] })
  })

  test('small words that are symbols too are symbols only with a dollar sign', () => {
    expect(given('out of it now')).toEqual({})
    expect(given('$it 5')).toEqual({ symbol: 'IT', quantity: '5' })
    expect(given('$now')).toEqual({ symbol: 'NOW' })
  })

  test('words of which nothing is made are left over, in order', () => {
    expect(readSlots('bynd maybe 100 tomorrow', knows).leftover).toEqual(['maybe', 'tomorrow'])
    expect(readSlots('bynd aapl', knows).leftover).toEqual(['aapl'])
    expect(readSlots('bynd 100 @ 5 6', knows).leftover).toEqual(['6'])
  })

  test('words that every object knows mean nothing', () => {
    const words = ['__proto__', 'constructor', 'tostring', 'valueof']
    expect(readSlots(words.join(' '), knows)).toEqual({ given: {}, leftover: words })
  })

  test('nothing is made of anything, and nothing thrown, where the text is noise', () => {
    fc.assert(
      fc.property(noise(200), (text) => {
        const slots = readSlots(text, knows)
        for (const value of Object.values(slots.given)) expect(typeof value).toBe('string')
        expect(slots.leftover).not.toContain('')
      }),
      { numRuns: 1000 },
    )
  })
})
