import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acts, classify, hearGrammar } from '../../../src/talk/language/classify.ts'
import { restate } from '../../../src/talk/language/restate.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'

let open: OpenClassifier

beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

describe('what is said of accounts, and of results, is understood whole', () => {
  test.each<[string, string, Record<string, string>]>([
    ['accounts', 'accounts', {}],
    ['my accounts', 'accounts', {}],
    ['show me my accounts', 'accounts', {}],
    ['use swing', 'use', { rest: 'swing' }],
    ['Use Swing', 'use', { rest: 'swing' }],
    ['use my swing account here', 'use', { rest: 'swing' }],
    ['switch to paper', 'use', { rest: 'paper' }],
    ['account new paper swing $50,000', 'account', { rest: 'new paper swing $50,000' }],
    ['account new swing', 'account', { rest: 'new swing' }],
    ['new account swing 50k', 'account', { rest: 'new swing 50k' }],
    ['pl today', 'pl', { view: 'today', rest: 'today' }],
    ['pnl bynd today', 'pl', { symbol: 'BYND', view: 'today', rest: 'bynd today' }],
    ['how am i doing today', 'pl', { view: 'today', rest: 'today' }],
    ['pl week', 'pl', { view: 'week', rest: 'week' }],
    ['pl this week', 'pl', { view: 'week', rest: 'this week' }],
    ['pl BYND all', 'pl', { symbol: 'BYND', view: 'all', rest: 'bynd all' }],
    ['pl all time', 'pl', { view: 'all', rest: 'all time' }],
    ['pl chart', 'pl', { rest: 'chart' }],
  ])('%j', async (text, command, given) => {
    const { decided } = hearGrammar(open.grammar, text)
    expect(decided).toMatchObject({ verdict: 'acts', confidence: 1 })
    expect(decided!.understood!.registered.name).toBe(command)
    expect(decided!.understood!.given).toEqual(given)
    expect(acts(await classify(open.classifier, text))).toBe(true)
  })
})

test.each([
  'use the force luke',
  'use a limit order',
  'use your head',
  'use limit orders please',
  'account for slippage',
  'account is blocked lol',
  'switch to the other channel',
  'switch to it then guys',
])('%j is nothing of accounts', (text) => {
  const { decided, partly } = hearGrammar(open.grammar, text)
  const taken = decided?.understood ?? partly
  expect(['use', 'account', 'accounts']).not.toContain(taken?.registered.name)
})

test('a question whether another account can be used is repeated back with its name', async () => {
  const { verdict, understood } = await classify(open.grammar, 'can you use swing?')
  expect(verdict).toBe('confirms')
  expect(restate(understood!.registered, understood!.given)).toBe('use swing')
})
