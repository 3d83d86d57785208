import { describe, expect, test } from 'vitest'
import { readSlots } from '../../../src/talk/language/slots.ts'
import { timeAt } from '../../../src/talk/language/time.ts'
import { tokenise } from '../../../src/talk/language/tokens.ts'
import fc from '../../support/fast-check.ts'
import { noise } from './noise.ts'

const symbols = new Set(['BYND', 'AAPL', 'BTC-USD', 'BRK.B', 'A', 'ALL', 'NOW', 'IT'])
const knows = (word: string) => symbols.has(word)
const given = (text: string) => readSlots(text, knows).given

/** The same position, as people write it in different ways. */
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
      expect(readSlots(`${first} ${second}${filler} ${price}`, knows)).toMatchObject({
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
    ['smart bynd', { speed: 'smart', symbol: 'BYND' }],
    ['over the next hour', { speed: 'slow' }],
    ['over the next 2 hours', { length: '120m' }],
    ['over an hour and a half', { length: '90m' }],
    ['over 2h 30m', { length: '150m' }],
    ['over 90 s', { length: '90s' }],
    ['in 20 equal chunks', { chunks: '20' }],
    ['in 12 pieces', { chunks: '12' }],
    ['into ten chunks', { chunks: '10' }],
    ['in 1,000 chunks', { chunks: '1000' }],
    ['floor .60', { floor: '0.6' }],
    ['12 pieces', { quantity: '12' }],
    ['with a floor at $.60', { floor: '0.6' }],
    ['ceiling of 1.20', { cap: '1.2' }],
    ['bynd and aapl', { symbols: 'BYND AAPL' }],
    ['bynd, aapl', { symbols: 'BYND AAPL' }],
    ['bynd bynd', { symbol: 'BYND' }],
    ['bynd at 63c', { symbol: 'BYND', price: '0.63' }],
    ['bynd at 63 cents', { symbol: 'BYND', price: '0.63' }],
    ['bynd limit 1.05', { symbol: 'BYND', price: '1.05' }],
    ['bynd at market', { symbol: 'BYND', now: 'yes' }],
    ['bynd right now', { symbol: 'BYND', now: 'yes' }],
    ['5k shares of bynd', { quantity: '5000', symbol: 'BYND' }],
    ['500shs bynd', { quantity: '500', symbol: 'BYND' }],
    ['two hundred bynd', { quantity: '200', symbol: 'BYND' }],
    ['two thirds of bynd', { fraction: '2/3', symbol: 'BYND' }],
    ['three quarters', { fraction: '0.75' }],
    ['30 percent', { fraction: '0.30' }],
    ['stop .58 target .75', { stop: '0.58', target: '0.75' }],
    ['sl at $.58, tp 20%', { stop: '0.58', target: '20%' }],
    ['at 3:55pm', { time: '15:55' }],
    ['bynd @ 0.70 if price hits by 3pm', { symbol: 'BYND', price: '0.7', deadline: '15:00' }],
    ['500 aapl if it breaks 120 before close', { quantity: '500', symbol: 'AAPL', above: '120', deadline: 'close' }],
    ['when it drops under .55', { below: '0.55' }],
    ['if bynd falls below 50 cents', { below: '0.5', symbol: 'BYND' }],
    ['if it breaks below $0.9', { below: '0.9' }],
    ['bynd 🚀 100 :moon: ', { symbol: 'BYND', quantity: '100' }],
    ['WXYZ 100', { symbol: 'WXYZ', quantity: '100' }],
    ['$wxyz', { symbol: 'WXYZ' }],
    ["nvda's", { symbol: 'NVDA' }],
  ])('%j is understood whole', (text, expected) => {
    const { given, leftover } = readSlots(text, knows, timeAt)
    expect({ given, leftover }).toEqual({ given: expected, leftover: [] })
  })

  test('small words that are symbols too are symbols only with a dollar sign', () => {
    expect(given('out of it now')).toEqual({ now: 'yes' })
    expect(given('$it 5')).toEqual({ symbol: 'IT', quantity: '5' })
    expect(given('$now')).toEqual({ symbol: 'NOW' })
  })

  test('words that are not understood are left over, in order', () => {
    expect(readSlots('bynd maybe 100 tomorrow', knows).leftover).toEqual(['maybe', 'tomorrow'])
    expect(readSlots('on it', knows).leftover).toEqual(['on', 'it'])
    expect(readSlots('bynd 100 @ 5 6', knows).leftover).toEqual(['6'])
  })

  test('words that every object knows mean nothing', () => {
    const words = ['constructor', 'tostring', 'valueof']
    expect(readSlots(`__proto__ ${words.join(' ')}`, knows)).toMatchObject({
      given: {},
      leftover: ['proto', ...words],
    })
  })

  test.each([
    ['x'.repeat(10_000)],
    ['9'.repeat(10_000)],
    ['a third of '.repeat(1000)],
    ['if price '.repeat(1111)],
    ['if it breaks above '.repeat(555)],
    ['stop at '.repeat(1250)],
    ['limit '.repeat(1600)],
    ['over the next '.repeat(714)],
    ['@ '.repeat(5000)],
    ['('.repeat(5000) + '9'.repeat(5000)],
    ['<@'.repeat(5000)],
    ['1,'.repeat(5000)],
    ["'".repeat(10_000)],
    ['at 3 by 3 in 3 '.repeat(660)],
    [':a'.repeat(5000)],
  ])('each word of ten thousand characters is looked at a bounded number of times: %#', (text) => {
    // The test counts the reads of a list, because a clock is unreliable on a busy machine.
    const { tokens } = tokenise(text)
    let looks = 0
    const counted = new Proxy(tokens, {
      get(target, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1
        return Reflect.get(target, name)
      },
    })
    readSlots({ tokens: counted, isQuestion: false }, knows, timeAt)
    expect(tokens.every(({ word }) => word.length <= text.length)).toBe(true)
    expect(looks).toBeLessThan(60 * (tokens.length + 1))
  })

  test('noise gives no slots and throws nothing', () => {
    fc.assert(
      fc.property(noise(200), (text) => {
        const slots = readSlots(text, knows, timeAt)
        for (const value of Object.values(slots.given)) expect(typeof value).toBe('string')
        expect(slots.leftover).not.toContain('')
      }),
      { numRuns: 1000 },
    )
  })
})
