import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'
import { shippedGrammar } from './shipped-registry.ts'

let open: OpenClassifier
const grammar = shippedGrammar()

beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

const line = async (text: string) => lineOf(text, await classify(open.classifier, text))
const byGrammar = async (text: string) => lineOf(text, await classify(grammar, text))

describe('times in words', () => {
  test.each<[string, Record<string, string>]>([
    ['sell half my amd at five to four', { side: 'sell', symbol: 'AMD', fraction: '0.5', time: '15:55' }],
    ['close amd at ten to four, 15:50', { side: 'close', symbol: 'AMD', time: '15:50' }],
    ['close amd five minutes before 16:00, so at 15:55', { side: 'close', symbol: 'AMD', time: '15:55' }],
    ['buy 10 amd at ten am', { side: 'buy', symbol: 'AMD', quantity: '10', time: '10:00' }],
    ['sell all my amd by two thirty pm', { side: 'sell', symbol: 'AMD', fraction: '1', deadline: '14:30' }],
    ['sell half amd at 330pm', { side: 'sell', symbol: 'AMD', fraction: '0.5', time: '15:30' }],
    ['close amd at mkt close', { side: 'close', symbol: 'AMD', time: 'close' }],
    ['when market will open buy 10 amd', { side: 'buy', symbol: 'AMD', quantity: '10', time: 'open' }],
  ])('%j', async (text, params) => {
    expect(await byGrammar(text)).toMatchObject({ command: 'schedule', params, acts: true })
  })

  test('but two different times are no time', async () => {
    expect((await byGrammar('close amd five minutes before 16:00, so at 15:50')).acts).toBe(false)
  })

  test.each(['buy 10 amd at ten', 'sell 10 amd at five'])('but %j has a price', async (text) => {
    expect((await byGrammar(text)).command).not.toBe('schedule')
  })
})

describe('the whole of a position', () => {
  test.each(['dump my entire amd position', 'sell the whole amd position', 'sell my whole amd', 'cut the whole amd'])(
    '%j is a close at the market',
    async (text) => {
      expect(await byGrammar(text)).toMatchObject({ command: 'close', params: { symbol: 'AMD' }, acts: true })
    },
  )

  test.each<[string, string]>([
    ['sell all my amd', 'sell'],
    ['trim the whole thing by half', 'none'],
  ])('but %j is %s', async (text, command) => {
    expect((await byGrammar(text)).command).toBe(command)
  })
})

describe('words that a phone wrote by ear are repeated back as an order', () => {
  test.each<[string, string]>([
    ['by five hundred amd at market', 'buy'],
    ['please by 50 amd', 'buy'],
    ['cell two hundred amd', 'sell'],
    ['clothes my amd position', 'close'],
  ])('%j', async (text, command) => {
    expect(await byGrammar(text)).toMatchObject({ command, params: { symbol: 'AMD' }, acts: false })
  })

  test.each(['by 3pm', 'by the way', 'cell service is bad', 'by two pm'])('%j is no order', async (text) => {
    expect((await line(text)).acts).toBe(false)
    expect(['buy', 'sell', 'close']).not.toContain((await line(text)).command)
  })
})

describe('words that are only said to somebody mean nothing', () => {
  test.each(['trim amd by a quarter, cheers', 'boss, trim a quarter of amd', 'trim a quarter of amd mate'])(
    '%j',
    async (text) => {
      expect(await byGrammar(text)).toMatchObject({ command: 'trim', params: { symbol: 'AMD', fraction: '0.25' } })
    },
  )
})

test('people call a stock she', async () => {
  expect(await byGrammar('buy 100 amd if she pokes above 120')).toMatchObject({
    command: 'schedule',
    params: { symbol: 'AMD', quantity: '100', price: '120' },
  })
})

describe('a request beside talk', () => {
  test.each<[string, string]>([
    ['bynd is trash, unwatch it', 'unwatch'],
    ['lifted 2k bynd at 63c earlier, im long, put it on my sheet', 'long'],
    ['amd, 6 pct target on her', 'target'],
  ])('%j is asked about', async (text, command) => {
    expect(await line(text)).toMatchObject({ command, acts: false })
  })

  test.each(['close amd, don’t', "close amd, don't do it", 'close amd, no', 'close amd, he said', 'close amd, jk'])(
    'what turns it around leaves nothing: %j',
    async (text) => expect((await line(text)).command).toBe('none'),
  )
})

test('a word behind laughing emoji is no request', async () => {
  for (const text of ['🤡🤡🤡 market', '😂 positions']) expect((await line(text)).acts, text).toBe(false)
  expect(await line('🚀 positions')).toMatchObject({ command: 'positions', acts: true })
})

describe('an entry that is told with its day, its broker or a note', () => {
  test.each<[string, string]>([
    ['i am sitting long 300 nvda since monday, entry 139', 'long'],
    ['short 300 nvda @ 139, filled this morning over at my broker', 'short'],
    ['short 300 nvda @ 139, filled earlier, so just note it down', 'short'],
  ])('%j', async (text, command) => {
    expect(await line(text)).toMatchObject({ command, params: { symbol: 'NVDA', quantity: '300', price: '139' } })
  })
})

describe('levels and verbs in the order of other languages', () => {
  test.each<[string, string, Record<string, string>]>([
    ['bracket amd please to put, below 110 stop, above 130 target', 'bracket', { stop: '110', target: '130' }],
    ['please to put a bracket on amd, stop below 110, target above 130', 'bracket', { stop: '110', target: '130' }],
    ['put to sale 60 actions of amd at 132,30 dollars', 'sell', { quantity: '60', price: '132.3' }],
    ['trailing stop of 4,5 % behind amd please hang', 'trail', { percent: '4.5' }],
    ['stop feeding out the amd', 'cancel-scaleout', {}],
  ])('%j', async (text, command, params) => {
    expect(await line(text)).toMatchObject({ command, params: { symbol: 'AMD', ...params } })
  })
})
