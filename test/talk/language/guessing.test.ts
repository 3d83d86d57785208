import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { changesMoney } from '../../../src/talk/language/effect.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'

let open: OpenClassifier

beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

const line = async (text: string) => lineOf(text, await classify(open.classifier, text))
const isOrder = async (text: string) => {
  const { understood, verdict } = await classify(open.classifier, text)
  return understood !== undefined && changesMoney(understood.registered) && verdict !== 'refuses'
}

describe('a number by itself is a price', () => {
  test.each<[string, string, Record<string, string>, boolean]>([
    ['sell a quarter amd 251.40', 'sell', { symbol: 'AMD', fraction: '0.25', price: '251.4' }, true],
    ['close amd 251.40', 'close', { symbol: 'AMD', price: '251.4' }, true],
    ['close half amd 251.40', 'close', { symbol: 'AMD', fraction: '0.5', price: '251.4' }, true],
    ['close 1.05', 'close', { price: '1.05' }, false],
    ['sell half amd 250', 'sell', { symbol: 'AMD', fraction: '0.5', price: '250' }, false],
    ['sell amd 251.40', 'sell', { symbol: 'AMD', price: '251.4' }, false],
  ])('%j: beside a share, or with cents of what is traded whole', async (text, command, params, acts) => {
    expect(await line(text)).toMatchObject({ command, params, acts })
  })

  test.each<[string, Record<string, string>]>([
    ['close amd 121', { symbol: 'AMD', quantity: '121' }],
    ['sell btc-usd 0.5', { symbol: 'BTC-USD', quantity: '0.5' }],
    ['sell all 50 amd', { symbol: 'AMD', quantity: '50', fraction: '1' }],
    ['sell 0.5 of my amd', { symbol: 'AMD', quantity: '0.5' }],
  ])('but %j says how many', async (text, params) => {
    expect((await line(text)).params).toEqual(params)
  })
})

describe('what may mean something else is repeated back', () => {
  test.each<[string, Record<string, string>]>([
    ['sell 300 of my 1000 amc', { symbol: 'AMC', quantity: '300' }],
    ['dump 200 out of the 500 nvda', { symbol: 'NVDA', quantity: '200' }],
    ['sell 100 amd above 300', { symbol: 'AMD', quantity: '100', price: '300' }],
    ['buy 100 amd around 230', { symbol: 'AMD', quantity: '100', price: '230' }],
    ['sell ~100 amd', { symbol: 'AMD', quantity: '100' }],
    ['buy 1.000 amd', { symbol: 'AMD', quantity: '1' }],
    ['sell 500 amd, not less than $250', { symbol: 'AMD', quantity: '500', price: '250' }],
    ['amd 240 buy 100', { symbol: 'AMD', quantity: '240', price: '100' }],
    ['raise my stop 5 cents', { price: '0.05' }],
    ['move stop up by 5%', { percent: '5' }],
    ['close coin at mkt', { symbol: 'COIN' }],
  ])('%j', async (text, params) => {
    expect(await line(text)).toMatchObject({ params, acts: false, layer: 'command' })
  })
})

describe('nothing that empties an account is suggested for a misspelled word', () => {
  test.each([
    ...['panik', 'breake', 'braker', 'breker', 'flatt', 'flaten', 'breakr', 'flattn all'],
    ...['flaten everything', 'can you flattn all', 'clsoe everything', 'liquidte all', 'trip the braker'],
  ])('%j', async (text) => {
    expect(await isOrder(text)).toBe(false)
  })

  test.each(['close all my positons', 'nuke everything', 'i want everything gone'])(
    'but %j has no misspelled command, and is repeated back',
    async (text) => {
      expect(await line(text)).toMatchObject({ command: 'close-all', acts: false })
      expect(await isOrder(text)).toBe(true)
    },
  )

  test('but an exit of a named symbol is repeated back', async () => {
    expect(await line('flatt bynd')).toMatchObject({ command: 'close', params: { symbol: 'BYND' }, acts: false })
  })
})

describe('a level of a symbol that is a word', () => {
  test.each([
    ['stop off f', 'stop', 'F'],
    ['stop f off', 'stop', 'F'],
    ['stop off plug', 'stop', 'PLUG'],
    ['target off f', 'target', 'F'],
    ['trail off plug', 'trail', 'PLUG'],
  ])('is taken off after a question: %j', async (text, command, symbol) => {
    expect(await line(text)).toMatchObject({ command, params: { symbol }, acts: false })
  })
})

describe('terms that no order here has are refused, and not left out of a repeated order', () => {
  test.each([
    'buy 10 amd all or none',
    'buy 10 amd fill or kill',
    'buy at least 10 amd',
    'buy 10 amd after 3pm',
    'close amd after lunch',
    'sell 10 amd 5% below the high',
    'buy 10 amd 2 dollars below vwap',
    'buy max 10 amd',
  ])('%j', async (text) => {
    expect(await isOrder(text)).toBe(false)
  })
})

describe('nothing that was said of an order is lost', () => {
  test.each([
    'sell all bynd except 500',
    'sell everything besides amd',
    'close all green positions',
    'sell 100 amd actually 200',
    'sell amd 100, no 50',
    'sell 100 amd at 3pm or at 120',
    'sell 10 amd every hour',
    'buy 10 calls amd 120',
    'buy 2 lots of 100 amd',
    'close bynd and buy 100 amd',
    'sell 100 amd then set stop 115',
    'leave me with 100 amd',
    'sell amd in 5',
    'sell amd after 2',
    'sell half of half amd',
    'sell amd at half price',
    'buy 1 000 amd',
    'move 1 by .05',
    'raise my stop by 0.10',
    'target 2x',
    'cancel 1 and 2',
    'flip my amd short',
  ])('%j is no order, and asked about as none', async (text) => {
    expect(await isOrder(text), JSON.stringify(await line(text))).toBe(false)
  })

  test.each([
    'close amd if not above 120',
    'buy 100 amd if spy breaks 670',
    'if nvda drops below 180 sell amd',
    'sell amd if rsi goes above 70',
    'close amd if volume drops below 1000',
    "sell amd if i'm up 500",
    'close amd when pnl hits 500',
    'sell amd if it falls 2 dollars',
    'sell amd if it drops by 3',
    'sell amd if it drops 5%',
    'sell amd if 120 breaks',
    'buy 100 amd if it dips',
  ])('%j: another condition than where its own price is, is none', async (text) => {
    expect(await isOrder(text), JSON.stringify(await line(text))).toBe(false)
  })
})

describe('a condition may stand first', () => {
  test.each<[string, Record<string, string>]>([
    ['desk if nio pops over 8 unload half of it', { side: 'sell', symbol: 'NIO', fraction: '0.5', price: '8' }],
    ['ok if amc dips under 2 buy me 100 more', { side: 'buy', symbol: 'AMC', quantity: '100', price: '2' }],
    ['when bynd rips past 1.20 get me out', { side: 'close', symbol: 'BYND', price: '1.2' }],
    [
      'as soon as coin rips through 320 trim a third',
      { side: 'sell', symbol: 'COIN', fraction: '0.3333', price: '320' },
    ],
  ])('%j', async (text, params) => {
    expect(await line(text)).toMatchObject({ command: 'schedule', params, acts: true })
  })
})

describe('words around an order', () => {
  test.each<[string, string, Record<string, string>]>([
    ['unload a third of the nio i have', 'sell', { symbol: 'NIO', fraction: '0.3333' }],
    ["sell half of what i've got left in amd", 'sell', { symbol: 'AMD', fraction: '0.5' }],
    ['bracket on f, stop at 12.95 and target 14.10', 'bracket', { symbol: 'F', stop: '12.95', target: '14.1' }],
    ['take the stop off bynd', 'stop', { symbol: 'BYND' }],
    ['sell to close 100 amd', 'sell', { symbol: 'AMD', quantity: '100' }],
    ['is it time for me to bail on nio or nah', 'advise', { symbol: 'NIO' }],
    ['mute yourself for a bit', 'mute', {}],
    ['sell thirty percent of amd', 'sell', { symbol: 'AMD', fraction: '0.3' }],
  ])('%j', async (text, command, params) => {
    expect(await line(text)).toMatchObject({ command, params })
  })

  test('what ends with the name of somebody else is for them', async () => {
    for (const text of ['why did u dump it all @tony', 'close bynd now @tony', 'sell half bynd @anna!'])
      expect((await line(text)).command, text).toBe('none')
    for (const text of ['close bynd now @desk', 'close bynd now @deskhand'])
      expect((await line(text)).command, text).toBe('close')
  })
})
