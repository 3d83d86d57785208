import { expect, test } from 'vitest'
import { symbolsNamed } from '../../../src/talk/language/symbols-named.ts'

const market = new Set(['BYND', 'AAPL', 'BRK.B', 'PLUG', 'BTC-USD'])
const named = (text: string) => symbolsNamed(text, (word) => market.has(word))

test.each([
  ['is $bynd done?', ['BYND']],
  ['✓ LONG 3,750 BYND @ $0.63', ['BYND']],
  ['🛑 STOP HIT — BYND\nSold 100 @ $0.55', ['BYND']],
  ['aapl vs $BYND, AAPL wins', ['AAPL', 'BYND']],
  ['BRK.B looks cheap', ['BRK.B']],
  ['BTC-USD to the moon', ['BTC-USD']],
])('%j surely names %j', (text, symbols) => expect(named(text)).toEqual({ symbols, isSure: true }))

test.each(['', 'good morning', 'ZZZZ is done', 'I think so', '💡', 'long the short of it'])('%j names none', (text) => {
  expect(named(text).symbols).toEqual([])
})

test('an everyday word in lower case is not sure', () => {
  expect(named('pull the plug')).toEqual({ symbols: ['PLUG'], isSure: false })
  expect(named('pull the plug on BYND')).toEqual({ symbols: ['BYND'], isSure: true })
})
