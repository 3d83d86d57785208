import { expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { isAsked, talkIn } from '../../../src/talk/language/talk.ts'
import { tokenise } from '../../../src/talk/language/tokens.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()
const said = (text: string) =>
  tokenise(text)
    .tokens.map(({ word }) => word)
    .join(' ')

/** What is repeated back or done when a model is sure of a command, without the words themselves. */
async function read(text: string, command: string) {
  const sure = { predict: async () => ({ command, confidence: 0.99 }) }
  const { verdict, understood } = await classify({ ...grammar, model: sure }, text)
  const { rest: _, now: __, ...given } = understood?.given ?? {}
  return { verdict, command: understood?.registered.name, given }
}

test.each<[string, string, Record<string, string>]>([
  ['if coin falls until 210 then get me out, put stop there', 'stop', { symbol: 'COIN', price: '210' }],
  ['when it goes down 6 percent i must be out, set the stop so', 'stop', { percent: '6' }],
  ['if it loses 6% i am done, put my stop loss right there', 'stop', { percent: '6' }],
  ['i want to take profit when it is 8 percent higher, put the target so', 'target', { percent: '8' }],
  ['please rise the stop until 152.1', 'stop', { price: '152.1' }],
  ['raise my sl its too low, 12.1 now', 'stop', { price: '12.1' }],
  ['diminish amd by 25% when they pay 168.3', 'trim', { symbol: 'AMD', fraction: '0.25', price: '168.3' }],
  ['sell 100 out of my nvda, 140 at least', 'sell', { symbol: 'NVDA', quantity: '100', price: '140' }],
  ['just scooped 1000 bynd at 0.71 over on schwab', 'long', { symbol: 'BYND', quantity: '1000', price: '0.71' }],
  ['bot 250 coin avg 188.5 at schwab', 'long', { symbol: 'COIN', quantity: '250', price: '188.5' }],
  ['i am long on schwab 100 at 70', 'long', { symbol: 'SCHW', quantity: '100', price: '70' }],
  ['i averaged down again lol, 700 more at 0.58', 'add', { quantity: '700', price: '0.58' }],
  ['let the stop follow the price with 6% distance', 'trail', { percent: '6' }],
  ['gradually sell 800 amc in parts for to not push the price', 'scaleout', { symbol: 'AMC', quantity: '800' }],
])('%j is repeated back', async (text, command, given) => {
  expect(await read(text, command)).toEqual({ verdict: 'confirms', command, given })
})

test.each([
  ['if it falls to 210 sell half and set the stop there', 'stop'],
  ['if it goes down 6 percent per day put the stop there', 'stop'],
])('%j has more in it, and is no such order', async (text, command) => {
  const { verdict, command: found } = await read(text, command)
  expect(verdict === 'nothing' || verdict === 'refuses' || found !== command).toBe(true)
})

test('an order with its time first is its order with a condition and an end, and is repeated back', async () => {
  expect(await read('if until 14:00 it arrives to 0.77, then close my bynd', 'schedule')).toMatchObject({
    verdict: 'confirms',
    given: { side: 'close', symbol: 'BYND', reach: '0.77', deadline: '14:00' },
  })
})

test.each([
  ['trim a 3rd of amd', 'trim a third of amd'],
  ['going 2 cash', 'going to cash'],
  ['close this 1 now', 'close this one now'],
  ['sell half at the cls', 'sell half at the close'],
])('%j is %j', (text, plain) => expect(said(text)).toBe(plain))

test.each(['buy 10 cls', 'sell on the 3rd', 'sell 2 nio', 'buy 2 cash', 'quote THS', 'order 1 now'])(
  '%j keeps its figures and its symbols',
  (text) => expect(said(text)).toBe(text.toLowerCase()),
)

test('an order that waits and a reason of a slow sale are no negation', () => {
  expect(talkIn('scratch that lmt its not filling')).toBeUndefined()
  expect(talkIn('the order that is not filled yet, take it back')).toBeUndefined()
  expect(talkIn('it is not filled with gold')).toBe('negated')
  expect(talkIn('do not cancel the order that is not filled')).toBe('negated')
  expect(talkIn('do not close it, so we do not move the price')).toBe('negated')
})

test('a question about the taste of others is for them, however sure a model is', async () => {
  expect(await read('guardian on netflix any good?', 'guardian')).toMatchObject({ verdict: 'nothing' })
})

test('a word that asks for a nod makes no question of a request', () => {
  expect(isAsked('trailing of 3 percent, you put it, yes?')).toBe(false)
  expect(isAsked('is a trailing stop of 3 percent too much?')).toBe(true)
})
