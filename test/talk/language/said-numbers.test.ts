import { expect, test } from 'vitest'
import { acts, classify } from '../../../src/talk/language/classify.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { shippedGrammar } from './shipped-registry.ts'

const shipped = shippedGrammar()

/** The reading of a text, for which a model is sure of the command. */
async function read(text: string, command: string) {
  const model = { predict: async () => ({ command, confidence: 0.99 }) }
  const classified = await classify({ ...shipped, model }, text)
  const { params } = lineOf(text, classified)
  return { verdict: classified.verdict, command: lineOf(text, classified).command, params, acts: acts(classified) }
}

test.each<[string, string, Record<string, string>]>([
  ['take a couple hundred off the amd', 'trim', { symbol: 'AMD', quantity: '200' }],
  ['my profit target for tilray is a buck ten', 'target', { symbol: 'TLRY', price: '1.10' }],
  ['when market is closing, close my qqq', 'schedule', { symbol: 'QQQ', side: 'close', time: 'close' }],
  [
    'buy please 50 coinbase when opens the market',
    'schedule',
    { symbol: 'COIN', side: 'buy', quantity: '50', time: 'open' },
  ],
  ['at 3 of the afternoon sell 200 sofi', 'schedule', { symbol: 'SOFI', side: 'sell', quantity: '200', time: '15:00' }],
  ['i increased my nio with 500 pieces at 4,85', 'add', { symbol: 'NIO', quantity: '500', price: '4.85' }],
  ['amc position increase with 700 more', 'add', { symbol: 'AMC', quantity: '700' }],
  ['i am short with 300 gme at 25.60', 'short', { symbol: 'GME', quantity: '300', price: '25.6' }],
  ['make me a purchase of 75 shares of the coinbase to 251', 'buy', { symbol: 'COIN', quantity: '75', price: '251' }],
  ['please fix the stop loss of pltr in 65,50', 'stop', { symbol: 'PLTR', price: '65.5' }],
  ['stop coin -7%', 'stop', { symbol: 'COIN', percent: '7' }],
  ['just got filled, 120 nvda at 121.40, pop it in', 'long', { symbol: 'NVDA', quantity: '120', price: '121.4' }],
  ['if tesla ever sees 270 sell 40 for me', 'schedule', { symbol: 'TSLA', side: 'sell', quantity: '40', price: '270' }],
  ['sl of nio keep at 4.60', 'stop', { symbol: 'NIO', price: '4.6' }],
  ['for gme sl 21.50 and target 27 keep', 'bracket', { symbol: 'GME', stop: '21.5', target: '27' }],
  ['target for my hood position make it 44', 'target', { symbol: 'HOOD', price: '44' }],
  ['the stop with 108 and the take profit with 130 on amd', 'bracket', { symbol: 'AMD', stop: '108', target: '130' }],
  ['slap a 6 percent trailing stop on coin', 'trail', { symbol: 'COIN', percent: '6' }],
  ['my position: long 25 msft in at 412.5', 'long', { symbol: 'MSFT', quantity: '25', price: '412.5' }],
])('%j is asked about with each of its numbers', async (text, command, params) => {
  expect(await read(text, command)).toEqual({ verdict: 'confirms', command, params, acts: false })
})

test.each<[string, string]>([
  ['sell 100 amd, make it 200', 'sell'],
  ['sell 100 amd keep 50', 'sell'],
  ['positions, then close amd', 'close'],
  ['tomorrow morning at 3:55pm sell 10 amd', 'schedule'],
  ['minus 200 hood i want to sell -200', 'sell'],
  ['buy 100 amd in 20 pieces over 2 hours', 'buy'],
])('%j is no order without a word of it, and is not asked about', async (text, command) => {
  expect((await read(text, command)).verdict).toMatch(/^(nothing|refuses)$/)
})

test('a time from now behind its number is a time', async () => {
  const { command, params } = await read('20 minutes from now close my mara', 'schedule')
  expect({ command, params }).toEqual({
    command: 'schedule',
    params: { symbol: 'MARA', side: 'close', time: '+20m' },
  })
})

test.each<[string, string, Record<string, string>]>([
  ['sel half my nvdia', 'sell', { symbol: 'NVDA', fraction: '0.5' }],
  ['short 120 coin 251.5 thru schwab, record', 'short', { symbol: 'COIN', quantity: '120', price: '251.5' }],
  ['in the moment that nio is under 4,50 close it', 'schedule', { symbol: 'NIO', side: 'close', price: '4.5' }],
  ['roll my stop in hood up to 36', 'stop', { symbol: 'HOOD', price: '36' }],
  ['let the nvda run but trail it 6%', 'trail', { symbol: 'NVDA', percent: '6' }],
])('%j is asked about, with its symbol', async (text, command, params) => {
  expect(await read(text, command)).toEqual({ verdict: 'confirms', command, params, acts: false })
})

test.each(['sell half my plontir', 'close my zorblatt position please', 'sell amd but trail it 6%'])(
  '%j is not asked about for another symbol, or without a part',
  async (text) => {
    expect((await read(text, 'sell')).verdict).toMatch(/^(nothing|refuses)$/)
  },
)

test.each<[string, string, Record<string, string>]>([
  ['running late for a meeting, sell 100 amd', 'sell', { symbol: 'AMD', quantity: '100' }],
  ['this rally makes me nervous so put a stop at 118 on nvda', 'stop', { symbol: 'NVDA', price: '118' }],
  ["buy 250 rivian, i don't want to pay over 14.10", 'buy', { symbol: 'RIVN', quantity: '250', price: '14.1' }],
])('the request behind a clause that says why is asked about: %j', async (text, command, params) => {
  expect(await read(text, command)).toEqual({ verdict: 'confirms', command, params, acts: false })
})

test.each([
  'my brother says, sell 100 amd',
  'if it rains, sell 100 amd',
  'nobody here would, sell 100 amd',
  'with 50 of them gone, sell 100 amd',
])('%j is not read without its first clause', async (text) => {
  const unsure = { predict: async () => ({ command: 'none', confidence: 1 }) }
  expect((await classify({ ...shipped, model: unsure }, text)).verdict).toMatch(/^(nothing|refuses)$/)
})
