import { describe, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { talkIn } from '../../../src/talk/language/talk.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()

async function read(text: string) {
  const { verdict, understood } = await classify(grammar, text)
  const { rest: _, now: __, ...given } = understood?.given ?? {}
  return { verdict, command: understood?.registered.name, given }
}

describe('a limit in words is repeated back as one, on its own side only', () => {
  test.each<[string, string, Record<string, string>]>([
    ['sell my entire amd holding, but nothing under 88.40', 'close', { symbol: 'AMD', price: '88.4' }],
    ['add 100 amd to my position but pay maximum 12.30', 'add', { symbol: 'AMD', quantity: '100', price: '12.3' }],
    ['buy 100 amd at most 140.5', 'buy', { symbol: 'AMD', quantity: '100', price: '140.5' }],
    ['sell 100 amd, at least 140.5', 'sell', { symbol: 'AMD', quantity: '100', price: '140.5' }],
    ['get me out of amd, nothing under 80', 'close', { symbol: 'AMD', price: '80' }],
  ])('%j', async (text, command, given) => {
    expect(await read(text)).toMatchObject({ verdict: 'confirms', command, given })
  })

  test.each(['buy at most 100 amd', 'buy at most $500 of amd', 'sell at least 0.5 btc', 'sell amd at least 50%'])(
    '%j sets no price',
    async (text) => {
      expect((await read(text)).given.price).toBeUndefined()
    },
  )
})

describe('words around a request are left out, and it is repeated back', () => {
  test.each<[string, string, Record<string, string>]>([
    [
      "put a 6% stop loss on amd, would you? Should've done it this morning really",
      'stop',
      { symbol: 'AMD', percent: '6' },
    ],
    ['i go short right now with 300 of amd by 22.15, can you book this for me', 'short', { price: '22.15' }],
    ['not gettin filled bump my order up to 12.35', 'move', { price: '12.35' }],
    ['drag my stop up to entry cant lose on this', 'breakeven', {}],
    ['no longer interested in amd, close it', 'close', { symbol: 'AMD' }],
    ['no holding bynd ovrnite close it out moc', 'schedule', { symbol: 'BYND', side: 'close', time: 'close' }],
    ['close amd, c u at the open', 'close', { symbol: 'AMD' }],
    ['flatten everythng', 'close all', {}],
  ])('%j', async (text, command, given) => {
    expect(await read(text)).toMatchObject({ verdict: 'confirms', command, given })
  })

  test.each([
    'not holding amd overnight unless it closes above 200',
    "sold half amd. should've done it yesterday",
    'gnite all sell amd',
    'get me out of amd, nothing over 80',
  ])('%j is not understood', async (text) => {
    expect((await read(text)).verdict).not.toMatch(/acts|confirms/)
  })
})

test('an exception stays beside a word that is only spelled in full', async () => {
  expect(await read('flatten everythng but amd')).toMatchObject({
    verdict: 'confirms',
    command: 'close all',
    given: { except: 'AMD' },
  })
})

test('what only shows is shown, if nothing but its spelling was mended', async () => {
  expect(await read('whats runnin')).toMatchObject({ verdict: 'acts', command: 'tasks' })
})

test('a price stays one behind a clipped preposition', async () => {
  expect(await read('ping me if spy ovr 572')).toMatchObject({
    command: 'price alert',
    given: { symbol: 'SPY', above: '572' },
  })
  expect(await read('lmk when f goes sub 10.8')).toMatchObject({
    command: 'price alert',
    given: { symbol: 'F', below: '10.8' },
  })
})

test('a list of symbols is read behind a preposition and with a clipped word between them', async () => {
  expect((await read('px on coin mara')).given).toEqual({ symbols: 'COIN MARA' })
  expect((await read('work me out of snap n dis fast')).given).toEqual({ symbols: 'SNAP DIS', speed: 'fast' })
  expect((await read('price of AAPL and MSFT please, thanks in advance')).given).toEqual({ symbols: 'AAPL MSFT' })
})

test('`by` is the symbol behind a dollar sign and in capitals', async () => {
  expect((await read('stop loss $by 10')).given).toMatchObject({ symbol: 'BY', price: '10' })
  expect((await read('stop loss BY 10')).given).toMatchObject({ symbol: 'BY', price: '10' })
  expect((await read('stop loss by 10')).given).toEqual({ price: '10' })
})

test('a farewell and thanks are talk', () => {
  expect(talkIn('gnite all c u at the open')).toBe('told')
  expect(talkIn('Thank you for the explanation Mehmet, now it is clear for me')).toBe('told')
  expect(talkIn('thanks, close amd')).toBeUndefined()
})
