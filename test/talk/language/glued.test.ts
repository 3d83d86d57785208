import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classify, hearGrammar, hearSpoken } from '../../../src/talk/language/classify.ts'
import { withoutGlue } from '../../../src/talk/language/glued.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { spokenIn } from '../../../src/talk/language/spoken.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'
import { blindSets, messagesOf } from './blind-sets.ts'
import { shippedGrammar } from './shipped-registry.ts'

let open: OpenClassifier
const grammar = shippedGrammar()

beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

const apart = (text: string) => withoutGlue(grammar.registry, text, grammar.knowsSymbol)

describe('words that are written together are read apart, and asked about', () => {
  test.each<[string, string, Record<string, string>]>([
    ['buy 500sofi 8.10lmt', 'buy', { symbol: 'SOFI', quantity: '500', price: '8.1' }],
    ['buy 100sofi@8.05', 'buy', { symbol: 'SOFI', quantity: '100', price: '8.05' }],
    ['amd trim100', 'trim', { symbol: 'AMD', quantity: '100' }],
    ['trim50% amd', 'trim', { symbol: 'AMD', fraction: '0.50' }],
    ['long300 sofi @7.92', 'long', { symbol: 'SOFI', quantity: '300', price: '7.92' }],
    ['tsla sell 40sh 251.5lmt', 'sell', { symbol: 'TSLA', quantity: '40', price: '251.5' }],
    ['sell 60shs nvda lmt142.5', 'sell', { symbol: 'NVDA', quantity: '60', price: '142.5' }],
    ['buy 100amd if >120', 'schedule', { side: 'buy', symbol: 'AMD', quantity: '100', price: '120' }],
    ['add100 amd mkt', 'add', { symbol: 'AMD', quantity: '100' }],
    ['trail3% amd', 'trail', { symbol: 'AMD', percent: '3' }],
  ])('%j', async (text, command, params) => {
    const said = lineOf(text, await classify(grammar, text))
    const { fraction, ...others } = said.params
    const { fraction: share, ...expected } = params
    expect(said).toMatchObject({ command, acts: false })
    expect(others).toEqual(expected)
    expect(Number(fraction)).toEqual(Number(share))
  })

  test.each(['brkt amd sl112 tp128', 'stop2be amd', 'amd sl112'])('%j needs no splitting', async (text) => {
    expect(lineOf(text, await classify(grammar, text))).toMatchObject({ params: { symbol: 'AMD' }, acts: true })
  })

  test.each([
    'my f150 needs tires',
    'sp500 above 6000',
    'add2cart',
    'stop2think',
    'trade2win',
    'amd300 by june',
    'tsla500 eoy',
    'sell in 15m',
    'alert at 330p',
    'b4 the bell',
    'buy3amd4tsla5nvda6coin7sofi8mara9',
  ])('%j stays as it is', (text) => expect(apart(text)).toBeUndefined())

  test('talk with such words is no order', async () => {
    const talk = ['sold 500amd earlier', 'he will buy 100amd', 'amd300 by june', 'long2024 was a good year']
    for (const text of talk)
      expect(lineOf(text, await classify(open.classifier, text)), text).toMatchObject({ command: 'none', acts: false })
  })

  test('splitting changes nothing that was understood as typed', () => {
    const own = ['amd sl112', 'sell 40sh amd', 'tp8.40 sofi', 'bracket amd sl112 tp128', 'buy 100shares amd']
    const typed = [...own, ...messagesOf(blindSets.seen).map(({ text }) => text)].flatMap((text) => {
      const { decided } = hearGrammar(grammar, spokenIn(text).text)
      return decided && apart(text) !== undefined ? [{ text, decided }] : []
    })
    expect(typed.map(({ text }) => text)).toEqual(expect.arrayContaining(own))
    for (const { text, decided } of typed) expect(hearSpoken(grammar, spokenIn(text)).decided, text).toEqual(decided)
    // Thousands of lines are read, on a machine that may be busy.
  })
})

describe('clock times without a mark', () => {
  test.each<[string, Record<string, string>]>([
    ['sell half amd 330p', { side: 'sell', symbol: 'AMD', fraction: '0.5', time: '15:30' }],
    ['buy 50 tsla 1015a', { side: 'buy', symbol: 'TSLA', quantity: '50', time: '10:15' }],
    ['sell all sofi at 1545', { side: 'sell', symbol: 'SOFI', fraction: '1', time: '15:45' }],
    ['sell 200 sofi by 1545', { side: 'sell', symbol: 'SOFI', quantity: '200', deadline: '15:45' }],
    ['buy 50 amd before 1545', { side: 'buy', symbol: 'AMD', quantity: '50', deadline: '15:45' }],
  ])('%j may have a price, so it is asked about', async (text, params) => {
    expect(lineOf(text, await classify(grammar, text))).toMatchObject({ command: 'schedule', params, acts: false })
  })

  test.each<[string, Record<string, string>]>([
    ['sell 100 amd by 3p', { deadline: '15:00' }],
    ['sell 100 amd at 1015am', { time: '10:15' }],
    ['sell 100 amd at 11 this morning', { time: '11:00' }],
    ['sell 100 amd at 3 this afternoon', { time: '15:00' }],
    ['sell 100 amd right when opens the exchange', { time: 'open' }],
    ['sell 100 amd when market is closing today', { time: 'close' }],
    ['sell 100 amd as soon as the exchange opens', { time: 'open' }],
  ])('%j', async (text, params) => {
    const said = { side: 'sell', symbol: 'AMD', quantity: '100', ...params }
    expect(lineOf(text, await classify(grammar, text))).toMatchObject({ command: 'schedule', params: said, acts: true })
  })

  test.each<[string, string]>([
    ['sell 2 btc-usd at 1545', '1545'],
    ['sell 100 amd at $1545', '1545'],
    ['sell 100 amd at 1545 limit', '1545'],
    ['limit sell 100 amd at 1545', '1545'],
    ['sell 100 amd at 1547', '1547'],
    ['sell 100 amd @ 1545', '1545'],
  ])('but %j has a price', async (text, price) => {
    expect(lineOf(text, await classify(grammar, text))).toMatchObject({ command: 'sell', params: { price } })
  })

  test.each(['trim amd by 1000', 'add by 1200 amd'])('and %j has a size', async (text) => {
    expect(lineOf(text, await classify(grammar, text)).params).not.toHaveProperty('deadline')
  })
})

describe('a dot before three digits', () => {
  test.each<[string, string, string]>([
    ['buy 1.200 pieces sofi at 14,85', 'buy', '1200'],
    ['long 3.750 shares bynd from 0,63', 'long', '3750'],
    ['sell 12.500 actions of sofi', 'sell', '12500'],
  ])('%j is in thousands, and asked about', async (text, command, quantity) => {
    expect(lineOf(text, await classify(grammar, text))).toMatchObject({ command, params: { quantity }, acts: false })
  })

  test.each<[string, string]>([
    ['buy 1.250 units btc-usd', '1.25'],
    ['sell 1.25 shares amd', '1.25'],
  ])('%j is no thousand', async (text, quantity) => {
    expect(lineOf(text, await classify(grammar, text)).params.quantity).toBe(quantity)
  })
})

test('what is told to the others is not for the desk', async () => {
  const told = [
    'out amd 121 +4% gg boys',
    'out of coin, +11%, what a day boys',
    'in amd 118, gl all',
    'please nobody tell me price of tesla, I am on vacation',
    'rivn recall headline = why its -6',
    'that headline is why amd is -4',
    'the chart of SPY looks like head and shoulder, no?',
    'would u guys trim or hold?',
  ]
  for (const text of told) expect(lineOf(text, await classify(open.classifier, text)).command, text).toBe('none')
  expect(lineOf('', await classify(grammar, 'show me the chart of spy')).command).toBe('chart')
})

test('a guess turns no sale into a purchase', async () => {
  const { command, params } = lineOf('', await classify(open.classifier, 'i need my sofi gone by 1530'))
  expect(['none', 'sell', 'close', 'schedule']).toContain(command)
  expect(params.side).not.toBe('buy')
})
