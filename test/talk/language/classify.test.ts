import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acts, classify } from '../../../src/talk/language/classify.ts'
import { changesMoney } from '../../../src/talk/language/effect.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import fc from '../../support/fast-check.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'
import { chatter } from './chatter.ts'
import { noise } from './noise.ts'

let open: OpenClassifier

beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

const line = async (text: string) => lineOf(text, await classify(open.classifier, text))
const byGrammar = async (text: string) => lineOf(text, await classify(open.grammar, text))

describe('what the grammar understands whole is carried out', () => {
  test.each<[string, string, Record<string, string>]>([
    ['long BYND 3750 @ .63', 'long', { symbol: 'BYND', quantity: '3750', price: '0.63' }],
    ["i'm long 200 amd from 118", 'long', { symbol: 'AMD', quantity: '200', price: '118' }],
    ['went short 50 tsla at 251', 'short', { symbol: 'TSLA', quantity: '50', price: '251' }],
    ['BYND long 3,750 @ 63c', 'long', { symbol: 'BYND', quantity: '3750', price: '0.63' }],
    ['buy 500 AMD', 'buy', { symbol: 'AMD', quantity: '500' }],
    ['500 amd buy', 'buy', { symbol: 'AMD', quantity: '500' }],
    ['grab me 200 nvda', 'buy', { symbol: 'NVDA', quantity: '200' }],
    ['sell 300 bynd @ 1.10', 'sell', { symbol: 'BYND', quantity: '300', price: '1.1' }],
    ['sell all my BYND', 'sell', { symbol: 'BYND', fraction: '1' }],
    ['dump half of bynd 🚀', 'sell', { symbol: 'BYND', fraction: '0.5' }],
    ['take half off bynd', 'trim', { symbol: 'BYND', fraction: '0.5' }],
    ['trim bynd by a third', 'trim', { symbol: 'BYND', fraction: '0.3333' }],
    ['trim 30% bynd', 'trim', { symbol: 'BYND', fraction: '0.3' }],
    ['add 500 more', 'add', { quantity: '500' }],
    ['please close my bynd position now, thanks', 'close', { symbol: 'BYND' }],
    ['@deskhand close bynd @ 1.05', 'close', { symbol: 'BYND', price: '1.05' }],
    ['flat', 'close', {}],
    ['scale out of BYND fast', 'scaleout', { symbol: 'BYND', speed: 'fast' }],
    ['work me out of half over the next hour', 'scaleout', { fraction: '0.5', speed: 'slow' }],
    ['sell it off slowly', 'scaleout', { speed: 'slow' }],
    ['stop the scaleout', 'cancel-scaleout', {}],
    ['stop .58 target .75', 'bracket', { stop: '0.58', target: '0.75' }],
    ['move bynd stop to .58', 'stop', { symbol: 'BYND', price: '0.58' }],
    ['put a stop on bynd at 5%', 'stop', { symbol: 'BYND', percent: '5' }],
    ['trail 2%', 'trail', { percent: '2' }],
    ['move my stop to breakeven', 'breakeven', {}],
    ['at 4.05 buy 2k amc', 'buy', { symbol: 'AMC', quantity: '2000', price: '4.05' }],
    ['buy F x1000 10.15', 'buy', { symbol: 'F', quantity: '1000', price: '10.15' }],
    ['COIN tp=240 sl=198.5', 'bracket', { symbol: 'COIN', stop: '198.5', target: '240' }],
    ['reprice #4 at 8.05', 'move', { price: '8.05' }],
    ['close bynd now, desk', 'close', { symbol: 'BYND' }],
  ])('%j', async (text, command, params) => {
    expect(await byGrammar(text)).toEqual({ text, layer: 'command', command, params, confidence: 1, acts: true })
  })
})

describe('muting is of a symbol, a length of time or both', () => {
  test.each<[string, string, Record<string, string>]>([
    ['mute AMC', 'mute', { symbol: 'AMC' }],
    ['mute amc 2h', 'mute', { symbol: 'AMC' }],
    ['mute 30 minutes $bynd', 'mute', { symbol: 'BYND' }],
    ['mute alerts about AMC for 2 hours', 'mute', { symbol: 'AMC' }],
    ['mute 2h', 'mute', {}],
    ['unmute AMC', 'unmute', { symbol: 'AMC' }],
  ])('%j', async (text, command, params) => {
    expect(await byGrammar(text)).toEqual({ text, layer: 'command', command, params, confidence: 1, acts: true })
  })

  test.each(['mute him 2h', 'mute AMC lol', 'mute this guy', 'unmute yourself', 'mute now'])(
    '%j does nothing by itself',
    async (text) => expect(await byGrammar(text)).toMatchObject({ acts: false }),
  )
})

describe('what comes later is an order to be scheduled', () => {
  test.each<[string, Record<string, string>]>([
    ['close at 3:55pm', { side: 'close', time: '15:55' }],
    ['sell 1000 @ 0.70 if price hits by 3pm', { side: 'sell', quantity: '1000', price: '0.7', deadline: '15:00' }],
    [
      'buy 500 AMD if it breaks 120 before close',
      { side: 'buy', quantity: '500', symbol: 'AMD', price: '120', deadline: 'close' },
    ],
    ['if bynd hits 1.20 sell half', { side: 'sell', symbol: 'BYND', fraction: '0.5', price: '1.2' }],
    ['scaleout at 10:30 medium', { side: 'scaleout', speed: 'medium', time: '10:30' }],
  ])('%j', async (text, params) => {
    expect(await byGrammar(text)).toMatchObject({ layer: 'command', command: 'schedule', params })
  })
})

describe('what is only looked at is shown', () => {
  test.each<[string, string, string, Record<string, string>]>([
    ['vwap bynd', 'indicator', 'vwap', { symbol: 'BYND' }],
    ["what's bynd's vwap?", 'indicator', 'vwap', { symbol: 'BYND' }],
    ['show me the rsi on AMD', 'indicator', 'rsi', { symbol: 'AMD' }],
    ['support and resistance on nvda', 'indicator', 'levels', { symbol: 'NVDA' }],
    ['how much is tsla', 'command', 'quote', { symbol: 'TSLA' }],
    ['quote $PLTR', 'command', 'quote', { symbol: 'PLTR' }],
    ['how am i doing?', 'command', 'pl', {}],
    ['what do i hold?', 'command', 'positions', {}],
    ['show open orders', 'command', 'orders', {}],
  ])('%j', async (text, layer, command, params) => {
    expect(await byGrammar(text)).toMatchObject({ layer, command, params, acts: true })
  })
})

describe('a word is a symbol only where it can be one', () => {
  test.each<[string, Record<string, string>]>([
    ['can u sell 20 META', { symbol: 'META', quantity: '20' }],
    ['close it w a limit at 1.15', { price: '1.15' }],
    ['cancel all my open orders', {}],
    ['put PT 25.50 on $PLTR', { symbol: 'PLTR', price: '25.5' }],
    ['buy 100 F @ 10', { symbol: 'F', quantity: '100', price: '10' }],
    ['bid 118.40 for 500 AMD', { symbol: 'AMD', quantity: '500', price: '118.4' }],
    ['bracket AMD 112 / 128, stop is the low one', { symbol: 'AMD', stop: '112', target: '128' }],
    ['quote AMD NVDA', { symbols: 'AMD NVDA' }],
    ['stop at cost please', {}],
    ['trial stop 3%', { percent: '3' }],
    ['work 5000 bynd out over 30 mins', { symbol: 'BYND', quantity: '5000', length: '30m', speed: 'slow' }],
    ['when nvda taps 140 sell 30', { side: 'sell', symbol: 'NVDA', quantity: '30', price: '140' }],
  ])('%j', async (text, params) => {
    expect((await line(text)).params).toEqual(params)
  })
})

test('out of all positions is out of every one, not all of the one at hand', async () => {
  for (const text of ['get me out of all my positions', 'close all my open positions', 'sell all my holdings'])
    expect((await byGrammar(text)).command, text).toBe('close-all')
})

test('a slip in one word of a phrase is looked for in that word', async () => {
  expect((await line('bump order 2 up to 1.12')).command).toBe('move')
  expect((await line('cnacel scaleout')).command).toBe('cancel-scaleout')
})

describe('what is said to another person, or of another thing, is nothing', () => {
  test.each([
    '@anna how much did u lose on coin',
    '@dave close bynd now',
    "what's your pnl looking like",
    'how many shares are you holding',
    'close all the windows pls',
    'watch out amd',
    'exit through the gift shop',
  ])('%j', async (text) => {
    expect(await line(text)).toMatchObject({ layer: 'none', command: 'none', acts: false })
  })
})

describe('what is not plain is asked about, or nothing', () => {
  test.each([
    ['can you close bynd now?', 'close'],
    ['close bynd now?', 'close'],
    ['clsoe bynd now', 'close'],
    ['buy 500 wxyz', 'buy'],
    ['sell all 50 bynd', 'sell'],
    ['close bynd now @ 5', 'close'],
  ])('%j is not carried out', async (text, command) => {
    expect(await line(text)).toMatchObject({ command, acts: false })
  })

  test('a percentage of the price is no share of the position', async () => {
    for (const text of ['sell amd at 25%', 'trim bynd @ 10%', 'close at 5% bynd'])
      expect(await line(text), text).toMatchObject({
        acts: false,
        params: expect.not.objectContaining({ fraction: expect.anything() }),
      })
    expect(await line('trail at 2%')).toMatchObject({ command: 'trail', params: { percent: '2' } })
    expect(await line('sell 25% at market')).toMatchObject({
      command: 'sell',
      params: { fraction: '0.25' },
      acts: true,
    })
  })

  test('a slip is not forgiven where two commands are as near, nor in a word of every day', async () => {
    for (const text of ['trial 2%', 'quite good', 'chose bynd', 'shorts 100 tsla', 'tas'])
      expect((await byGrammar(text)).acts, text).toBe(false)
  })

  test('what a model read and would change money is never carried out', async () => {
    for (const text of ['wipe out my whole nio position', 'peel off a third of tsla', 'double my position in amd']) {
      const classified = await classify(open.classifier, text)
      expect(classified.understood && changesMoney(classified.understood.registered), text).toBe(true)
      expect(classified.verdict, text).toBe('confirms')
    }
  })
})

describe('talk', () => {
  test(`is never acted on with money, and hardly ever asked about: ${chatter.length} lines`, async () => {
    const asked: string[] = []
    for (const text of chatter) {
      const classified = await classify(open.classifier, text)
      const named = classified.understood?.registered
      const money = named !== undefined && changesMoney(named)
      expect(money && acts(classified), text).toBe(false)
      if (money && named.category !== 'Alerts') asked.push(text)
    }
    expect(chatter.length).toBeGreaterThan(150)
    expect(asked.length / chatter.length, asked.join('\n')).toBeLessThanOrEqual(0.01)
  })

  test('means no money to the grammar alone', async () => {
    for (const text of chatter) {
      const classified = await classify(open.grammar, text)
      const money = classified.understood !== undefined && changesMoney(classified.understood.registered)
      expect(money && acts(classified), text).toBe(false)
    }
  })
})

test('any text becomes a line, and noise around a command never becomes more than the command', async () => {
  await fc.assert(
    fc.asyncProperty(noise(300), async (text) => {
      const made = await line(text)
      expect(JSON.parse(JSON.stringify(made))).toEqual(made)
      expect(made.confidence).toBeGreaterThanOrEqual(0)
      expect(made.confidence).toBeLessThanOrEqual(1)
      if (made.command === 'none') expect(made).toMatchObject({ layer: 'none', params: {}, acts: false })
    }),
    { numRuns: 300 },
  )
})
