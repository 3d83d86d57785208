import { expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { loadIntentModel } from '../../../src/talk/language/intent-model.ts'
import { intentsFolder } from '../../../src/talk/language/intents.ts'
import { shippedGrammar } from './shipped-registry.ts'

const model = await loadIntentModel(intentsFolder)
const classifier = { ...shippedGrammar(), model }

async function read(text: string) {
  const { verdict, understood } = await classify(classifier, text)
  const { rest: _, now: __, ...given } = understood?.given ?? {}
  return { verdict, command: understood?.registered.name, given, leftover: understood?.leftover }
}

test.each<[string, string, Record<string, string>, string[]]>([
  [
    'my landlord, bless him, raised the rent. sell 40 amd',
    'sell',
    { symbol: 'AMD', quantity: '40' },
    ['my landlord, bless him, raised the rent'],
  ],
  [
    'trim a third of nvda, the neighbours told me to breathe',
    'trim',
    { symbol: 'NVDA', fraction: '1/3' },
    ['the neighbours told me to breathe'],
  ],
  [
    'buy 200 pltr at 24.10, dont chase it',
    'buy',
    { symbol: 'PLTR', quantity: '200', price: '24.1' },
    ['dont chase it'],
  ],
  // The clause beside the request names its symbol.
  [
    'palantir has lost its magic for me. can you close the position?',
    'close',
    { symbol: 'PLTR' },
    ['palantir has lost its magic for me'],
  ],
])('%j is repeated back with what was left out', async (text, command, given, leftover) => {
  expect(await read(text)).toEqual({ verdict: 'confirms', command, given, leftover })
})

test.each([
  // A word that turns the request around, or makes it one of somebody else.
  "buy 100 amd, don't do it",
  'sell 100 amd. not yet',
  'if the fed cuts rates, buy 100 amd',
  'buy 100 amd unless spy drops',
  'my broker says: sell 100 amd',
  'gary, sell 100 amd',
  'sell 100 amd? nah',
  'sell 100 amd, just kidding',
  // More that is asked for.
  'the desk is great, sell 100 amd, buy 50 nvda',
])('%j is not put as a question without its other words', async (text) => {
  const { verdict, leftover } = await read(text)
  expect(verdict === 'confirms' && (leftover ?? []).length > 0).toBe(false)
  expect(verdict).not.toBe('acts')
})

test('a request without a symbol is for none, where the clauses around it name two', async () => {
  expect(await read('amd and nvda look tired. could you trim the position by a third?')).not.toMatchObject({
    given: { symbol: 'AMD' },
  })
})
