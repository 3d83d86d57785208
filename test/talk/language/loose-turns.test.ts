import { describe, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { loosened } from '../../../src/talk/language/loose-turns.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()

async function read(text: string) {
  const { verdict, understood } = await classify(grammar, text)
  const { rest: _, now: __, ...given } = understood?.given ?? {}
  return { verdict, command: understood?.registered.name, given }
}

describe('what is read only in plainer words is repeated back', () => {
  test.each<[string, string, Record<string, string>]>([
    ['long here bac 27.85 x 900', 'long', { symbol: 'BAC', quantity: '900', price: '27.85' }],
    ['bto 15 amd', 'buy', { symbol: 'AMD', quantity: '15' }],
    ['sell amd 70 shs 146 or better', 'sell', { symbol: 'AMD', quantity: '70', price: '146' }],
    ['buy 90 hood at 18 or cheaper', 'buy', { symbol: 'HOOD', quantity: '90', price: '18' }],
    ['buy 600 amd but cap it at 11.05', 'buy', { symbol: 'AMD', quantity: '600', price: '11.05' }],
    ["close the amd position but don't go under 72", 'close', { symbol: 'AMD', price: '72' }],
    ['bracket amd, out at 210 if wrong 240 if right', 'bracket', { symbol: 'AMD', stop: '210', target: '240' }],
    ['my goal in amd is 171, put take profit there', 'target', { symbol: 'AMD', price: '171' }],
    ['halt bleeding out pltr', 'cancel scaleout', { symbol: 'PLTR' }],
    ['BE stop PLTR', 'breakeven', { symbol: 'PLTR' }],
    ['tighten up the amd stop, 218 now', 'stop', { symbol: 'AMD', price: '218' }],
    ['be a dear and buy me 300 amd at the going price', 'buy', { symbol: 'AMD', quantity: '300' }],
    ['mind trimming a third of my amd?', 'trim', { symbol: 'AMD', fraction: '1/3' }],
    [
      "buy 75 amd, but don't pay any more than 212.45 for them",
      'buy',
      { symbol: 'AMD', quantity: '75', price: '212.45' },
    ],
    ['i went long amd a minute ago, 1500 shares at 11.82', 'long', { symbol: 'AMD', quantity: '1500', price: '11.82' }],
    ['amd position add 200 more, limit 23.70', 'add', { symbol: 'AMD', quantity: '200', price: '23.7' }],
    ['set me the stop by amd on 22.90', 'stop', { symbol: 'AMD', price: '22.9' }],
    ['bid 211.9 for 75 amd', 'buy', { symbol: 'AMD', quantity: '75', price: '211.9' }],
    ['-50 amd mkt', 'sell', { symbol: 'AMD', quantity: '50' }],
    ['could you sell out of every single position i have', 'close all', {}],
    ['do not scale out more of amd, finish with it, what remains stays with me', 'cancel scaleout', { symbol: 'AMD' }],
    ['amd under 37, then you give me signal please', 'price alert', { symbol: 'AMD', below: '37' }],
    ['stop to BE on amd', 'breakeven', { symbol: 'AMD' }],
    ['lighten the amd by half, no worse than 39.2', 'trim', { symbol: 'AMD', fraction: '0.5', price: '39.2' }],
    ['scratch the last trade off the book, i gave you the wrong size', 'undo', {}],
    ['sell 20 amd because i have run behind it two times already', 'sell', { symbol: 'AMD', quantity: '20' }],
  ])('%j', async (text, command, given) => {
    expect(await read(text)).toEqual({ verdict: 'confirms', command, given })
  })
})

test('what may be tried until a time ends then', async () => {
  for (const text of [
    'buy 60 amd if it touches 225, forget it after 3pm',
    'buy 60 amd if it touches 225, expires 15:00',
  ])
    expect(await read(text), text).toEqual({
      verdict: 'confirms',
      command: 'schedule',
      given: { side: 'buy', symbol: 'AMD', quantity: '60', reach: '225', deadline: '15:00' },
    })
})

describe('an hour without a mark of time is one where it can hardly be anything else', () => {
  test.each<[string, Record<string, string>]>([
    ['at 2 buy 400 amd', { side: 'buy', symbol: 'AMD', quantity: '400', time: '14:00' }],
    ['at three, close my amd', { side: 'close', symbol: 'AMD', time: '15:00' }],
    ['1030 sell half amd', { side: 'sell', symbol: 'AMD', fraction: '0.5', time: '10:30' }],
    [
      '11.30 scale out 600 amd, fast',
      { side: 'scaleout', symbol: 'AMD', quantity: '600', time: '11:30', speed: 'fast' },
    ],
    ['close amd if it touches 295 before 3', { side: 'close', symbol: 'AMD', reach: '295', deadline: '15:00' }],
    ['sell half of amd by half two', { side: 'sell', symbol: 'AMD', fraction: '0.5', deadline: '14:30' }],
    ['exit amd 5 to 4 this aft', { side: 'close', symbol: 'AMD', time: '15:55' }],
    ['sell 300 amd moc', { side: 'sell', symbol: 'AMD', quantity: '300', time: 'close' }],
  ])('%j is for later, and is repeated back', async (text, given) => {
    expect(await read(text)).toEqual({ verdict: 'confirms', command: 'schedule', given })
  })

  test('a price stays one', async () => {
    expect(await read('at 4.05 buy 2k amc')).toMatchObject({ command: 'buy', given: { price: '4.05' } })
    expect(await read('buy 400 plug at 2')).toMatchObject({ command: 'buy', given: { price: '2' } })
    expect(await read('stop amd at 2')).toMatchObject({ command: 'stop' })
  })
})

test('plain requests have no turn in them', () => {
  for (const text of ['buy 100 amd at 24.10', 'sell half of bynd', 'stop amd 210', 'close bynd at 3:55pm', 'pl'])
    expect(loosened(text), text).toBeUndefined()
})
