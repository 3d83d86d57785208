import { expect, test } from 'vitest'
import { hearGrammar } from '../../../src/talk/language/classify.ts'
import fc from '../../support/fast-check.ts'
import { shippedGrammar } from './shipped-registry.ts'
import { changing, isIdle, orderOf, textOf, wholeOrder } from './whole-orders.ts'

// Thousands of lines are read, on a machine that may be busy.
const grammar = shippedGrammar()

/**
 * The act or the question that would follow: the command and its slots. Undefined when the message is refused or not understood as a
 * whole; then its writer is told.
 */
function meaning(text: string): string | undefined {
  const { decided } = hearGrammar(grammar, text)
  if (!decided?.understood || !['acts', 'confirms'].includes(decided.verdict)) return undefined
  const { rest: _, ...given } = decided.understood.given
  return JSON.stringify([decided.verdict, decided.understood.registered.name, Object.entries(given).sort()])
}

const runs = { numRuns: 1000 }

test('a whole order is understood', () => {
  fc.assert(
    fc.property(wholeOrder, (order) => {
      expect(meaning(textOf(order)), textOf(order)).toBeDefined()
    }),
    runs,
  )
})

test('without one of its words it is another order, or none', () => {
  fc.assert(
    fc.property(wholeOrder, fc.nat(), (order, pick) => {
      const heavy = order.words.filter(({ isHeavy }) => isHeavy)
      const gone = heavy[pick % heavy.length]!
      const text = textOf({ words: order.words.filter((word) => word !== gone) })
      expect(meaning(text) ?? 'refused', `${textOf(order)} without ${gone.word}`).not.toBe(meaning(textOf(order)))
    }),
    runs,
  )
})

test('with another value in the place of one of its parts it is another order', () => {
  fc.assert(
    fc.property(wholeOrder, fc.nat(), fc.nat(), (order, which, pick) => {
      const parts = order.parts.map((part, index) =>
        index === which % order.parts.length && part.others.length > 0
          ? { ...part, text: part.others[pick % part.others.length]! }
          : part,
      )
      const text = textOf(orderOf(parts))
      fc.pre(text !== textOf(order))
      expect(meaning(text), `${textOf(order)} / ${text}`).not.toBe(meaning(textOf(order)))
    }),
    runs,
  )
})

test('with one more word that has a meaning it is another order, or none', () => {
  fc.assert(
    fc.property(wholeOrder, fc.constantFrom(...changing), fc.nat(), (order, word, pick) => {
      const words = order.words.map((one) => one.word)
      const at = pick % (words.length + 1)
      fc.pre(!isIdle(order, word, at))
      words.splice(at, 0, word)
      expect(meaning(words.join(' ')) ?? 'refused', words.join(' ')).not.toBe(meaning(textOf(order)))
    }),
    { numRuns: 2500 },
  )
})
