import { expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { shippedGrammar } from './shipped-registry.ts'

const shipped = shippedGrammar()

test.each([
  ['add 30 more tsla @ 329 executed', 'add', { symbol: 'TSLA', quantity: '30', price: '329' }, ['executed']],
  ['move that order sideways to .60', 'move', { price: '0.6' }, ['sideways']],
  ['stop amd 210 sideways', 'stop', { symbol: 'AMD', price: '210' }, ['sideways']],
  ['close amd sideways', 'close', { symbol: 'AMD' }, ['sideways']],
  ['buy 10 amd sideways', 'buy', { symbol: 'AMD', quantity: '10' }, ['sideways']],
  ['sell half amd dearest', 'sell', { symbol: 'AMD', fraction: '0.5' }, ['dearest']],
  ['scaleout amd slow cupcake', 'scaleout', { symbol: 'AMD', speed: 'slow' }, ['cupcake']],
])(
  '%j is repeated back with the word that was not understood, if a model is sure of it',
  async (text, command, given, leftover) => {
    const sure = { predict: async () => ({ command, confidence: 0.99 }) }
    const { verdict, understood } = await classify({ ...shipped, model: sure }, text)
    const { rest: _, ...said } = understood!.given
    expect({ verdict, said, leftover: understood!.leftover }).toEqual({ verdict: 'confirms', said: given, leftover })
    const unsure = { predict: async () => ({ command, confidence: 0.9 }) }
    expect((await classify({ ...shipped, model: unsure }, text)).verdict).toMatch(/^(nothing|refuses)$/)
  },
)

test.each([
  ...['buy amd sideways', 'stop amd sideways', 'add sideways 10 tsla', 'close sideways', 'sell amd sideways'],
  // A word that may turn the order around, or belongs to a time or another phrase.
  ...['close amd maybe', 'close amd without', 'buy 10 amd wait', 'sell half amd unless', 'close amd or'],
  ...[
    'sell 10 amd per dog',
    'buy 10 amd not',
    'close amd but',
    'buy 10 amd except',
    'close amd never',
    'buy 10 amd twice',
    'close amd earnings',
  ],
  // All positions are never closed on a guess.
  'close all sideways',
])('%j is not: without the word it is another order, or none', async (text) => {
  const sure = { predict: async () => ({ command: text.split(' ')[0]!, confidence: 1 }) }
  expect((await classify({ ...shipped, model: sure }, text)).verdict).toMatch(/^(nothing|refuses)$/)
})

test.each<[string, string, string]>([
  ['bracket amd: 210 for the stop, 240 for the target', '210', '240'],
  ['bracket amd 240 target up top and 210 stop on the downside', '210', '240'],
  ['bracket amd 210/240 stop/target', '210', '240'],
  ['bracket amd 240/210 tp/sl', '210', '240'],
])('levels behind their numbers: %j', async (text, stop, target) => {
  const { understood } = await classify(shipped, text)
  expect(understood?.given).toMatchObject({ symbol: 'AMD', stop, target })
})
