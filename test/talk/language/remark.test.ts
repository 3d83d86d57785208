import { describe, expect, test } from 'vitest'
import { acts, classify } from '../../../src/talk/language/classify.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { withoutRemark } from '../../../src/talk/language/remark.ts'
import { shippedGrammar } from './shipped-registry.ts'

describe('a remark behind a request gives a reason and changes nothing', () => {
  test.each([
    ['mute amc, it is driving me up the wall', 'mute amc'],
    ["get me out of gme, i've had enough of it", 'get me out of gme'],
    ['close nio because it goes nowhere', 'close nio'],
    ['cancel order 2. I do not need it any more', 'cancel order 2'],
    ['sell half of amd, the rest i keep', 'sell half of amd'],
    ['trim a third of amd, and let the rest run', 'trim a third of amd'],
    ['cancel the amd scaleout, i prefer to hold', 'cancel the amd scaleout'],
    ['long 500 bac, keep track of it', 'long 500 bac'],
    ['set a stop at 12 before i go out', 'set a stop at 12'],
  ])('%j asks for %j', (text, request) => expect(withoutRemark(text)).toBe(request))

  test.each([
    'close amd, i mean nio, 50 of it',
    'close amd, not really',
    'close amd, i was kidding',
    'close amd, he said so',
    'close amd, i keep half',
    'close amd, i keep the rest',
    'close amd, i prefer to hold',
    'close amd, but only half',
    'close amd, i want to wait',
    'close amd, it should be later',
    'sell 100 amd, it is weak, buy 50 nio',
    'sell 100 amd, is it wise?',
    'buy 10 amd, i want it at 20',
    'close amd',
  ])('%j has no such remark', (text) => expect(withoutRemark(text)).toBeUndefined())
})

describe('a command beside a remark', () => {
  const grammar = shippedGrammar()

  test.each<[string, string, Record<string, string>]>([
    ['mute amc, it drives me up the wall', 'mute', { symbol: 'AMC' }],
    ['sell 100 amd at 240, it looks weak', 'sell', { symbol: 'AMD', quantity: '100', price: '240' }],
    ['flatten everything, I want to be in cash', 'close-all', {}],
    ['stop amd 110, it makes me nervous', 'stop', { symbol: 'AMD', price: '110' }],
  ])('%j is put as a question', async (text, command, params) => {
    const classified = await classify(grammar, text)
    expect(lineOf(text, classified)).toMatchObject({ command, params })
    expect(acts(classified)).toBe(false)
  })
})
