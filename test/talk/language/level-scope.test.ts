import { describe, expect, test } from 'vitest'
import { acts, classify } from '../../../src/talk/language/classify.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()

async function understood(text: string) {
  const classified = await classify(grammar, text)
  if (!classified.understood || classified.verdict === 'refuses') return 'refuses'
  const { registered } = classified.understood
  const { rest: _, ...given } = classified.understood.given
  return { command: registered.name, given, acts: acts(classified) }
}

describe('a level for a part of a position', () => {
  test.each<[string, string, Record<string, string>]>([
    ['target 400 for half', 'target', { price: '400', part: '50%' }],
    ['target AMD 250 for 50', 'target', { symbol: 'AMD', price: '250', part: '50' }],
    ['target AMD $250 for 50 shares', 'target', { symbol: 'AMD', price: '250', part: '50' }],
    ['target 250 for 50 AMD', 'target', { symbol: 'AMD', price: '250', part: '50' }],
    ['tp 250 on a third of amd', 'target', { symbol: 'AMD', price: '250', part: '1/3' }],
    ['stop .55 for half bynd', 'stop', { symbol: 'BYND', price: '0.55', part: '50%' }],
    ['stop amd 380 on half', 'stop', { symbol: 'AMD', price: '380', part: '50%' }],
    ['stop amd 5% for 500', 'stop', { symbol: 'AMD', percent: '5', part: '500' }],
    ['target 40% for half of it', 'target', { percent: '40', part: '50%' }],
    ['target .9 for 25%', 'target', { price: '0.9', part: '25%' }],
    ['set a target at .9 for half my bynd', 'target', { symbol: 'BYND', price: '0.9', part: '50%' }],
  ])('%j', async (text, command, given) => {
    expect(await understood(text)).toEqual({ command, given, acts: true })
  })

  test.each([
    'target for half',
    'trail 5% for half',
    'stop .55 target .9 for half',
    'target 400 for half or so',
    'target for 250 and 50',
  ])('is refused where it is not understood whole: %j', async (text) => {
    const heard = await understood(text)
    expect(heard === 'refuses' || !heard.acts).toBe(true)
  })

  test.each([
    ['target for amd 250', { symbol: 'AMD', price: '250' }],
    ['set a stop for 55', { price: '55' }],
  ])('a level alone is no part: %j', async (text, given) => {
    expect(await understood(text)).toMatchObject({ given })
  })
})
