import { describe, expect, test } from 'vitest'
import type { Question } from '../../../src/talk/chat/reply.ts'
import { neverMind } from '../../../src/talk/language/words.ts'
import { answerInWords, slotsInAnswer } from '../../../src/talk/questions/answer-in-words.ts'
import { isSmallTalk } from '../../../src/talk/questions/small-talk.ts'
import { answersIn, answerTo, takesBack } from '../../../src/talk/questions/typed-answer.ts'

const closing: Question = {
  id: 'q-1',
  name: 'how',
  kind: 'choice',
  title: 'How should it be closed?',
  choices: [
    { value: 'market', label: 'Market', aliases: ['mkt', 'now'] },
    { value: 'limit', label: 'Limit', aliases: ['lmt'] },
  ],
  orPrice: 'price',
}
/** The values that a text gives to the flow; undefined when it is no answer. */
const given = (text: string, question = closing) => {
  const answer = answerTo(question, text)
  return answer === undefined ? undefined : answersIn(question, answer)
}

describe('a question with choices that a price answers, too', () => {
  test.each([
    ['1', { how: 'market' }],
    ['2', { how: 'limit' }],
    ['Market', { how: 'market' }],
    ['lmt', { how: 'limit' }],
    ['1.05', { price: '1.05' }],
    ['.63', { price: '.63' }],
    ['@ 1.05', { price: '1.05' }],
    ['@1.05', { price: '1.05' }],
    ['at $1.05', { price: '1.05' }],
    ['limit 1.05', { price: '1.05' }],
    ['Limit @ $1.05', { price: '1.05' }],
    ['@ 3', { price: '3' }],
    ['12', { price: '12' }],
    ['63,250.50', { price: '63,250.50' }],
    ['3', undefined],
    ['-1.05', undefined],
    ['1.05 or so', undefined],
    ['1.0.5', undefined],
    ['limit', { how: 'limit' }],
    ['@', undefined],
    ['sell at 1.05', undefined],
    ['', undefined],
  ])('takes %j for %j', (text, expected) => {
    expect(given(text)).toEqual(expected)
  })

  test('takes no price where none is asked for', () => {
    const { orPrice: _, ...plain } = closing
    expect(given('1.05', plain)).toBeUndefined()
    expect(given('2', plain)).toEqual({ how: 'limit' })
  })

  test.each(['1'.repeat(10_000), `${'1'.repeat(10_000)}x`, `${'limit '.repeat(2000)}1.05`, '$'.repeat(10_000)])(
    'is not held up by a long text',
    (text) => {
      const took = Array.from({ length: 5 }, () => {
        const before = performance.now()
        expect(given(text)).toBeUndefined()
        return performance.now() - before
      })
      expect(Math.min(...took)).toBeLessThan(5)
    },
  )
})

const pace: Question = {
  id: 'q-2',
  name: 'speed',
  kind: 'choice',
  title: 'How fast?',
  choices: ['fast', 'medium', 'slow'].map((value) => ({
    value,
    label: value.toUpperCase(),
    aliases: [value.slice(0, 3)],
  })),
}

describe('an answer in words', () => {
  test.each([
    ['1', 'fast'],
    ['1.', 'fast'],
    ['2)', 'medium'],
    ['fast one please', 'fast'],
    ['the slow one, thanks', 'slow'],
    ["let's go with medium", 'medium'],
    ['the second', 'medium'],
    ['the 2nd one', 'medium'],
    ['second!', 'medium'],
    ['number 3', 'slow'],
    ['option two', 'medium'],
    ['one', 'fast'],
    ['the last one', 'slow'],
    ['the fourth', undefined],
    ['4', undefined],
    ['not the first', undefined],
    ['fast or slow', undefined],
    ['the', undefined],
    ['thanks!', undefined],
    ['i think the market is fast today, what do you think', undefined],
  ])('%j is %j', (text, value) => expect(answerInWords(pace, text)).toBe(value))

  const knows = (word: string) => ['AAPL', 'BYND'].includes(word)
  const entering = (name: string, text: string) =>
    slotsInAnswer({ id: 'q', name, kind: 'number', title: name, choices: [] }, text, knows)

  test.each([
    ['quantity', 'aapl 100 @ 150', { symbol: 'AAPL', quantity: '100', price: '150' }],
    ['quantity', 'two hundred', { quantity: '200' }],
    ['quantity', '500 shares please', { quantity: '500' }],
    ['price', '63 cents', { price: '0.63' }],
    ['price', 'limit $1.05 please', { price: '1.05' }],
    ['price', 'fifteen bucks', { price: '15' }],
    ['level', '5 percent', { level: '5%' }],
    ['distance', '2 %', { distance: '2%' }],
    ['part', 'aapl half', { symbol: 'AAPL', part: 'half' }],
    ['symbol', '$bynd', { symbol: 'BYND' }],
    ['quantity', '500', undefined],
    ['quantity', 'half', undefined],
    ['quantity', 'many', undefined],
    ['quantity', '500 aapl and bynd', undefined],
    ['price', 'buy 100 @ 5', undefined],
    ['price', '100 @ 5', undefined],
  ])('to a question for the %s: %j', (name, text, slots) => expect(entering(name, text)).toEqual(slots))
})

test.each(['nvm', 'never mind', 'Nevermind.', 'forget it', 'no thanks', 'no thank you!', 'stop', 'abort', 'nah', 'no'])(
  '%j takes a question back',
  (text) => {
    expect(takesBack(pace, text)).toBe(true)
    expect(takesBack({ ...pace, kind: 'number', choices: [] }, text)).toBe(true)
  },
)

test.each([
  'thanks!',
  'Thank you so much',
  'lol',
  'ok cool',
  'hm, one moment',
  '👍',
  '🚀🚀',
  'hold on a sec',
  'gm everyone',
  'thanks a lot',
])('%j is small talk', (text) => expect(isSmallTalk(text)).toBe(true))

test.each([
  '1',
  'fast',
  'yes',
  'no',
  'warp speed',
  '500',
  'the fast one',
  'close now',
  'a lot',
  'one',
  'all of it',
  ...neverMind,
])('%j is no small talk', (text) => expect(isSmallTalk(text)).toBe(false))
