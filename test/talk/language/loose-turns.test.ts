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
  ])('%j', async (text, command, given) => {
    expect(await read(text)).toEqual({ verdict: 'confirms', command, given })
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
