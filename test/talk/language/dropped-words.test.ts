import { describe, expect, test } from 'vitest'
import { acts, classify, hearGrammar } from '../../../src/talk/language/classify.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()

/** The meaning of a text, without the words themselves; a refusal is the words that it names. */
async function understood(text: string) {
  const classified = await classify(grammar, text)
  if (!classified.understood) return { refuses: hearGrammar(grammar, text).partly?.leftover }
  const { registered, leftover } = classified.understood
  const { rest: _, ...given } = classified.understood.given
  return classified.verdict === 'refuses'
    ? { refuses: leftover }
    : { command: registered.name, given, acts: acts(classified) }
}

describe('an amount in dollars is no number of shares', () => {
  test.each<[string, string, Record<string, string>]>([
    ['buy 5k worth of bynd', 'buy', { symbol: 'BYND', dollars: '5000' }],
    ['buy bynd for 500', 'buy', { symbol: 'BYND', dollars: '500' }],
    ['buy bynd for $500', 'buy', { symbol: 'BYND', dollars: '500' }],
    ['buy amd for 500 bucks', 'buy', { symbol: 'AMD', dollars: '500' }],
    ['buy $500 of amd', 'buy', { symbol: 'AMD', dollars: '500' }],
    ['buy $500 amd', 'buy', { symbol: 'AMD', dollars: '500' }],
    ['buy 500 dollars worth of amd', 'buy', { symbol: 'AMD', dollars: '500' }],
    ['buy amd worth $2k', 'buy', { symbol: 'AMD', dollars: '2000' }],
    ['buy $5k worth of amd @ 238', 'buy', { symbol: 'AMD', dollars: '5000', price: '238' }],
    ['sell 2000 dollars of bynd', 'sell', { symbol: 'BYND', dollars: '2000' }],
    ['sell bynd for 500', 'sell', { symbol: 'BYND', dollars: '500' }],
    ['add 1k worth', 'add', { dollars: '1000' }],
    ['trim $200 of bynd', 'trim', { symbol: 'BYND', dollars: '200' }],
    // These have a size, so the dollars are a price.
    ['buy 100 bynd for .64', 'buy', { symbol: 'BYND', quantity: '100', price: '0.64' }],
    ['sell half of bynd for $2', 'sell', { symbol: 'BYND', fraction: '0.5', price: '2' }],
    ['buy 500 shares of amd', 'buy', { symbol: 'AMD', quantity: '500' }],
  ])('%j', async (text, command, given) => {
    const isAsked = given.dollars !== undefined
    expect(await understood(text)).toEqual({ command, given, acts: !isAsked })
  })

  test.each(['scaleout $2000 of bynd', 'close 500 dollars of amd', 'long 5k worth of bynd', 'buy $500 of amd at 3pm'])(
    'where an order takes none, it is refused: %j',
    async (text) => {
      expect(await understood(text)).toMatchObject({ refuses: [] })
    },
  )
})

describe('a word that changes an order is not dropped', () => {
  test.each<[string, unknown]>([
    ['buy 10 amd limit', { command: 'buy', given: { symbol: 'AMD', quantity: '10', how: 'limit' }, acts: false }],
    ['limit buy 10 amd', { command: 'buy', given: { symbol: 'AMD', quantity: '10', how: 'limit' }, acts: false }],
    ['sell 10 amd at limit', { command: 'sell', given: { symbol: 'AMD', quantity: '10', how: 'limit' }, acts: false }],
    ['close bynd limit', { command: 'close', given: { symbol: 'BYND', how: 'limit' }, acts: false }],
    ['market buy 10 amd', { command: 'buy', given: { symbol: 'AMD', quantity: '10', now: 'yes' }, acts: true }],
    ['trim bynd to 30%', { command: 'trim', given: { symbol: 'BYND', fraction: '0.7' }, acts: true }],
    ['trim bynd to a third', { command: 'trim', given: { symbol: 'BYND', fraction: '2/3' }, acts: true }],
    ['sell amd down to 500', { command: 'sell', given: { symbol: 'AMD', leave: '500' }, acts: true }],
    ['sell 100% of bynd', { command: 'sell', given: { symbol: 'BYND', fraction: '1' }, acts: true }],
    ['long bynd half', { refuses: [] }],
    ['target 400 for half', { command: 'target', given: { price: '400', part: '50%' }, acts: true }],
    ['stop 5% on everything', { command: 'stop', given: { percent: '5', scope: 'everything' }, acts: true }],
    ['stop amd 380 on half', { command: 'stop', given: { symbol: 'AMD', price: '380', part: '50%' }, acts: true }],
    ['long bynd 100% at', { refuses: ['at'] }],
    ['close bynd dec 1 3pm', { refuses: ['dec 1'] }],
    ['close bynd 1st december', { refuses: ['1st december'] }],
    ['sell 10 amd march 3', { refuses: ['march 3'] }],
    ['scaleout bynd to 30%', { refuses: ['to 30%'] }],
    // The desk asks before each short sale.
    [
      'sell 10 amd short',
      { command: 'sell', given: { symbol: 'AMD', quantity: '10', only: 'short-sale' }, acts: true },
    ],
    [
      'sell short 10 amd',
      { command: 'sell', given: { symbol: 'AMD', quantity: '10', only: 'short-sale' }, acts: true },
    ],
    [
      'sell stop 5 amd 220',
      { command: 'sell', given: { symbol: 'AMD', quantity: '5', stop: '220', type: 'stop order' }, acts: false },
    ],
    [
      'sell stop half amd 220',
      { command: 'sell', given: { symbol: 'AMD', fraction: '0.5', stop: '220', type: 'stop order' }, acts: false },
    ],
  ])('%j', async (text, expected) => {
    expect(await understood(text)).toEqual(expected)
  })
})

describe('words that contradict their order are not dropped', () => {
  test.each([
    'buy 100 amd nothing under 80',
    'close all if amd hits 240',
    'close everything when amd breaks 240',
    'close snap n dis',
  ])('%j is not carried out, and not repeated back without them', async (text) => {
    const classified = await classify(grammar, text)
    expect(['refuses', 'nothing']).toContain(classified.verdict)
  })
  test('a sale takes nothing under its limit, and an order for one symbol waits for its price', async () => {
    expect(await understood('sell 100 amd nothing under 80')).toMatchObject({ command: 'sell', given: { price: '80' } })
    expect(await understood('close all amd if it hits 240')).toMatchObject({ command: 'schedule' })
  })
  test('`advise amd not` is no request for advice, and `or not` is one', async () => {
    expect((await classify(grammar, 'advise amd not')).verdict).not.toBe('acts')
    expect((await classify(grammar, 'advise amd')).verdict).toBe('acts')
  })
})
