import { expect, test } from 'vitest'
import { acts, classify } from '../../../src/talk/language/classify.ts'
import { shippedGrammar } from './shipped-registry.ts'

const grammar = shippedGrammar()

/** The meaning of a text, and whether it is carried out without a question of the language. */
async function understood(text: string) {
  const classified = await classify(grammar, text)
  if (!classified.understood || classified.verdict === 'refuses') return 'refused'
  const { registered, given } = classified.understood
  const { rest: _, ...slots } = given
  return { command: registered.name, ...slots, acts: acts(classified) }
}

test.each<[string, unknown]>([
  ['buy 100 amd stop 121', { command: 'buy', symbol: 'AMD', quantity: '100', stop: '121', acts: true }],
  [
    'sell 50 amd stop 240 limit 239',
    { command: 'sell', type: 'stop order', symbol: 'AMD', quantity: '50', stop: '240', price: '239', acts: true },
  ],
  [
    'sell 50 amd stop limit 240 239',
    { command: 'sell', type: 'stop order', symbol: 'AMD', quantity: '50', stop: '240', price: '239', acts: true },
  ],
  [
    'sell 50 amd stop-limit 240 239',
    { command: 'sell', type: 'stop order', symbol: 'AMD', quantity: '50', stop: '240', price: '239', acts: true },
  ],
  [
    'stop limit sell 50 amd 240 239',
    { command: 'sell', type: 'stop order', symbol: 'AMD', quantity: '50', stop: '240', price: '239', acts: true },
  ],
  ['sell half amd stop 240', { command: 'sell', symbol: 'AMD', fraction: '0.5', stop: '240', acts: true }],
  ['trim 50 amd stop 240', { command: 'trim', symbol: 'AMD', quantity: '50', stop: '240', acts: true }],
  // A percentage is of the position that the order opens, wherever its limit stands.
  [
    'buy 10 amd stop 5% limit 195',
    { command: 'buy', symbol: 'AMD', quantity: '10', stopLoss: '5%', price: '195', acts: true },
  ],
  [
    'buy 10 amd limit 195 stop 5%',
    { command: 'buy', symbol: 'AMD', quantity: '10', stopLoss: '5%', price: '195', acts: true },
  ],
  // Without a quantity the command asks for it.
  ['sell stop 240 amd', { command: 'sell', type: 'stop order', symbol: 'AMD', stop: '240', acts: false }],
  [
    'stop limit sell amd 240 239',
    { command: 'sell', type: 'stop order', symbol: 'AMD', stop: '240', price: '239', acts: false },
  ],
  [
    'sell amd stop limit 240 239',
    { command: 'sell', type: 'stop order', symbol: 'AMD', stop: '240', price: '239', acts: false },
  ],
  ['stop sell 240 amd', { command: 'sell', type: 'stop order', symbol: 'AMD', stop: '240', acts: false }],
  ['buy stop 121 amd', { command: 'buy', type: 'stop order', symbol: 'AMD', stop: '121', acts: false }],
  // A level of the whole position stays one.
  ['stop 240 amd', { command: 'stop', symbol: 'AMD', price: '240', acts: true }],
  ['stop amd 240', { command: 'stop', symbol: 'AMD', price: '240', acts: true }],
  ['stop order 240 amd', { command: 'stop', symbol: 'AMD', price: '240', acts: true }],
  // The command itself refuses a stop-limit order without its two prices.
  [
    'sell amd stop limit 240',
    { command: 'sell', type: 'stop order', symbol: 'AMD', how: 'stop limit', quantity: '240', acts: true },
  ],
  ['close amd stop 240', 'refused'],
])('%j', async (text, expected) => {
  expect(await understood(text)).toEqual(expected)
})
