import { expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { inWords } from '../../../src/talk/language/program-style.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()

test.each([
  ['order new side=buy sym=QQQ qty=20', 'buy $QQQ 20'],
  ['record short qty=500 sym=TLRY px=1.84', 'record short 500 $TLRY @ 1.84'],
  ['sell AMD --qty 50 --limit 140.5', 'sell AMD 50 @ 140.5'],
  ['trim --fraction 1/5 COIN', 'trim 1/5 COIN'],
  ['close --all', 'close all'],
  ['position AMZN += 25', 'add 25 AMZN'],
  ['buy(AMD, 100, 24.5)', 'buy 100 AMD @ 24.5'],
  ['get account.cash', 'balance'],
  ['when price(INTC) hits 34.2 sell 250', 'when INTC hits 34.2 sell 250'],
])('%j is %j in words', (text, words) => expect(inWords(text)).toBe(words))

test.each(['buy 100 amd', 'close amd -- now', 'vol=high amd', 'b/e stop', 'side: sell', 'sell 10 amd --dry-run'])(
  '%j stays as it is',
  (text) => expect(inWords(text)).toBe(text),
)

test.each<[string, string, Record<string, string>]>([
  ['order new side=buy sym=AMD qty=20', 'buy', { symbol: 'AMD', quantity: '20' }],
  ['oco sym=AMD sl=29.8 tp=35', 'bracket', { symbol: 'AMD', stop: '29.8', target: '35' }],
])('an order in the style of a program is repeated back: %j', async (text, command, given) => {
  const { verdict, understood } = await classify(grammar, text)
  expect({ verdict, command: understood?.registered.name }).toEqual({ verdict: 'confirms', command })
  expect(understood?.given).toMatchObject(given)
})

test('a flag that is no word of an order stays in it, so that the order is not carried out', async () => {
  const { verdict } = await classify(grammar, 'sell 10 amd --dry-run')
  expect(verdict).not.toBe('acts')
})
