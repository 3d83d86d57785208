import { describe, expect, test } from 'vitest'
import type { Question } from '../../../src/talk/chat/reply.ts'
import { answersIn, answerTo } from '../../../src/talk/questions/typed-answer.ts'

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
