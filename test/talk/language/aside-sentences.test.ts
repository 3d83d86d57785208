import { expect, test } from 'vitest'
import { isAside, sentencesOf } from '../../../src/talk/language/aside-sentences.ts'
import { classify } from '../../../src/talk/language/classify.ts'
import { withoutLaughs } from '../../../src/talk/language/loose-laughs.ts'
import { readSlots } from '../../../src/talk/language/slots.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()
const isIdle = (text: string) => isAside(sentencesOf(text)[0]!, (clause) => readSlots(clause, grammar.knowsSymbol))

async function read(text: string) {
  const { verdict, understood } = await classify(grammar, text)
  const { rest: _, now: __, ...given } = understood?.given ?? {}
  return { verdict, command: understood?.registered.name, given, leftover: understood?.leftover }
}

test('sentences end with their marks, and a price has none', () => {
  expect(sentencesOf('Sell 10 amd at 5.2. I am tired! Why? ok').map(({ text }) => text)).toEqual([
    'Sell 10 amd at 5.2',
    'I am tired',
    'Why',
    'ok',
  ])
})

test.each([
  "It's a bank holiday over here and I'm all mixed up.",
  'I know, everyone laughs.',
  'My accountant is chasing me.',
  "The missus doesn't need to hear about it.",
  'Feels like you could drive a ute through it.',
  "It's become the half of my portfolio and this was never the intention",
  'the CEO said some things that I did not like at all',
])('%j says nothing about the request beside it', (text) => expect(isIdle(text)).toBe(true))

test.each([
  'It can wait until three.',
  'I mean sell half.',
  'If it drops, that is.',
  'I was joking.',
  'I changed my mind.',
  'Forget it.',
  "Don't do it yet.",
  'My broker said.',
  'nobody here would',
  'Buy fifty more.',
  'I want it at the close.',
  'It should be 200 shares.',
  'Actually wait.',
])('%j may say something about it', (text) => expect(isIdle(text)).toBe(false))

test('a sentence beside an order gives it no slots, and is named', async () => {
  expect(await read("Would you buy 100 AMD for me at the open? I'll be fast asleep here in Brisbane.")).toEqual({
    verdict: 'confirms',
    command: 'schedule',
    given: { side: 'buy', symbol: 'AMD', quantity: '100', time: 'open' },
    leftover: ["I'll be fast asleep here in Brisbane"],
  })
})

test('an order is not put as a question without a sentence that turns it around', async () => {
  for (const text of [
    'Sell 100 amd. I was joking.',
    'Sell 100 amd. It should be 200 shares.',
    'Sell 100 amd. Forget it.',
  ]) {
    const { verdict, leftover } = await read(text)
    expect(verdict === 'acts' || (verdict === 'confirms' && leftover?.length === 1), text).toBe(false)
  }
})

test.each([
  ['sell half my hood lol im scared', 'sell half my hood, im scared'],
  ['kill the nvda scaleout lol', 'kill the nvda scaleout'],
  ['sell everything lol', undefined],
  ['he shorted 100 gme lol', undefined],
  ['buy 100 gme lol jk', undefined],
  ['sell 100 amd lol make it 200', undefined],
])('%j without its laughter is %j', (text, plain) => expect(withoutLaughs(text)).toBe(plain))
