import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'

// The speech of people who learned English late, who type in a hurry, or who dictate.

let open: OpenClassifier

beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

const line = async (text: string) => lineOf(text, await classify(open.classifier, text))

describe('prices, sizes and levels in other words', () => {
  test.each<[string, string, Record<string, string>]>([
    ['protect my amd with stop in 85', 'stop', { symbol: 'AMD', price: '85' }],
    ['set the stop of MARA in 12', 'stop', { symbol: 'MARA', price: '12' }],
    ['@tradebot stop 2.1', 'stop', { price: '2.1' }],
    ['BRACKET $PLUG 2.10/2.65', 'bracket', { symbol: 'PLUG', stop: '2.1', target: '2.65' }],
    ['bracket gme 5%/10%', 'bracket', { symbol: 'GME', stop: '5', target: '10' }],
    ['F: stop:10.5 target:12', 'bracket', { symbol: 'F', stop: '10.5', target: '12' }],
    ['buy AAPL qty 50 limit price 188', 'buy', { symbol: 'AAPL', quantity: '50', price: '188' }],
    ['buy AMD price 24 qty 500', 'buy', { symbol: 'AMD', quantity: '500', price: '24' }],
    ['NIO buy 1000 pcs not higher than 4.5', 'buy', { symbol: 'NIO', quantity: '1000', price: '4.5' }],
    ['sell 500 amd at 240$', 'sell', { symbol: 'AMD', quantity: '500', price: '240' }],
    ['sell 500 amd at $ 240', 'sell', { symbol: 'AMD', quantity: '500', price: '240' }],
    ['buy two hundred and fifty amd', 'buy', { symbol: 'AMD', quantity: '250' }],
    ['amd 118 stop 130 target', 'bracket', { symbol: 'AMD', stop: '118', target: '130' }],
    ['rivn sl11.5 tp13.9', 'bracket', { symbol: 'RIVN', stop: '11.5', target: '13.9' }],
    ['protect SOFI: loss 7.80, profit 9.90', 'bracket', { symbol: 'SOFI', stop: '7.8', target: '9.9' }],
    ['put a floor at 127 on nvda', 'stop', { symbol: 'NVDA', price: '127' }],
    ['amd trail 2pct', 'trail', { symbol: 'AMD', percent: '2' }],
    ['cut nvda in two', 'trim', { symbol: 'NVDA', fraction: '0.5' }],
    ['halve my sofi', 'trim', { symbol: 'SOFI', fraction: '0.5' }],
    ['sold short 200 hood at 22 log that', 'short', { symbol: 'HOOD', quantity: '200', price: '22' }],
    ['order 2 to 119 pls', 'move', { price: '119' }],
    ['amd stop lose 230 stop profit 250', 'bracket', { symbol: 'AMD', stop: '230', target: '250' }],
    ['make it 25.20 on order 2', 'move', { price: '25.2' }],
    ['modify order no 1 price 240', 'move', { price: '240' }],
    ['buy 300 PLTR at CMP', 'buy', { symbol: 'PLTR', quantity: '300' }],
    ['buy 100 amd max 240', 'buy', { symbol: 'AMD', quantity: '100', price: '240' }],
    ['move my limit to 24.15', 'move', { price: '24.15' }],
    ['bracket AMD at 24.15 and 26.40', 'bracket', { symbol: 'AMD', stop: '24.15', target: '26.4' }],
    ['set a 5% trailing stop', 'trail', { percent: '5' }],
    ['i would appreciate if you buy 600 SOFI', 'buy', { symbol: 'SOFI', quantity: '600' }],
    ['sell a quarter of the coin position', 'sell', { symbol: 'COIN', fraction: '0.25' }],
    ['amc short -2500 @ 4.70', 'short', { symbol: 'AMC', quantity: '2500', price: '4.7' }],
    ['stop at point eight five', 'stop', { price: '0.85' }],
    ["buy 300 amd but don't pay more than 240", 'buy', { symbol: 'AMD', quantity: '300', price: '240' }],
    ['buy 300 amd at 240, not more', 'buy', { symbol: 'AMD', quantity: '300', price: '240' }],
    ['close amd at 240 or better', 'close', { symbol: 'AMD', price: '240' }],
    ['sell 350 when possible at 82 cents', 'sell', { quantity: '350', price: '0.82' }],
    ['amd: stop 115, goal 132, put both', 'bracket', { symbol: 'AMD', stop: '115', target: '132' }],
    ['target amd 8% please put', 'target', { symbol: 'AMD', percent: '8' }],
    ['my target on amd is 260, set it', 'target', { symbol: 'AMD', price: '260' }],
    ['amd target 5% plus', 'target', { symbol: 'AMD', percent: '5' }],
    ['BE stop on amd', 'breakeven', { symbol: 'AMD' }],
    ['move amd stop to BE', 'breakeven', { symbol: 'AMD' }],
    ['add me 500 more here on 0.60', 'add', { quantity: '500', price: '0.6' }],
    ['close the whole amd', 'close', { symbol: 'AMD' }],
    ['sell every last share of amd', 'sell', { symbol: 'AMD', fraction: '1' }],
    ['follow the news of amd in this thread', 'watch', { symbol: 'AMD' }],
    ['stop following amd news here', 'unwatch', { symbol: 'AMD' }],
    ['mute the alerts of amd', 'mute', { symbol: 'AMD' }],
    ['price of coin and amd', 'quote', { symbols: 'COIN AMD' }],
  ])('%j', async (text, command, params) => {
    expect(await line(text)).toMatchObject({ command, params })
  })

  test('a decimal comma is repeated back', async () => {
    expect(await line('buy 500 amd at 24,15')).toMatchObject({
      params: { symbol: 'AMD', quantity: '500', price: '24.15' },
      acts: false,
    })
  })

  test.each<[string, Record<string, string>]>([
    ['sell 800 amd by 1.90', { quantity: '800', price: '1.9' }],
    ['stop amd by 110', { price: '110' }],
    ['buy thousand amd', { quantity: '1000' }],
    ['sell 300 amd at 240, not more', { quantity: '300', price: '240' }],
    ['stop me out of amd if it drops to 198.50', { price: '198.5' }],
  ])('%j is repeated back', async (text, params) => {
    expect(await line(text)).toMatchObject({ params: { symbol: 'AMD', ...params }, acts: false })
  })

  test.each(['raise the stop by 0.50', 'buy few thousand amd', 'buy half thousand amd', 'my target is 14.50'])(
    '%j sets and orders nothing',
    async (text) => expect((await line(text)).command).toBe('none'),
  )

  test.each<[string, string]>([
    ['buy three hundred mara at thirteen ten', '13.10'],
    ['sell 20 amd at sixteen oh five', '16.05'],
    ['sell 20 amd at a buck eighty', '1.80'],
    ['target amd 130 and a half', '130.5'],
    ['buy 10 amd at two hundred dollars and fifty cents', '200.50'],
  ])('%j names its price in words, and is repeated back', async (text, price) => {
    expect(await line(text)).toMatchObject({ params: { price }, acts: false })
  })

  test.each(['buy three hundred mara at one eighteen', 'sell one twenty amd'])(
    '%j has two numbers beside each other, so neither is guessed',
    async (text) => {
      expect((await line(text)).command).toBe('none')
    },
  )
})

describe('conditions in other words', () => {
  test.each<[string, Record<string, string>]>([
    ['sell 800 if we see 5.40 b4 10:30', { side: 'sell', quantity: '800', price: '5.4', deadline: '10:30' }],
    [
      'sell 1000 BYND if touch .95 until 3pm',
      { side: 'sell', symbol: 'BYND', quantity: '1000', price: '0.95', deadline: '15:00' },
    ],
    ['buy 100 AMD when price arrive to 235', { side: 'buy', symbol: 'AMD', quantity: '100', price: '235' }],
    ['sell 1000 bynd once .90 is hit', { side: 'sell', symbol: 'BYND', quantity: '1000', price: '0.9' }],
    ['buy 10 tsla when she gets to 235', { side: 'buy', symbol: 'TSLA', quantity: '10', price: '235' }],
    ['sofi drops to 8 → buy 500', { side: 'buy', symbol: 'SOFI', quantity: '500', price: '8' }],
    ['from 1pm scale out meta medium', { side: 'scaleout', symbol: 'META', speed: 'medium', time: '13:00' }],
    ['close tsla when 230', { side: 'close', symbol: 'TSLA', price: '230' }],
    ['wait for 24.15 then buy 500 AMD', { side: 'buy', symbol: 'AMD', quantity: '500', price: '24.15' }],
    ['the moment amd hits 240 sell 100', { side: 'sell', symbol: 'AMD', quantity: '100', price: '240' }],
    ['if amd > 245 buy 50', { side: 'buy', symbol: 'AMD', quantity: '50', price: '245' }],
  ])('%j', async (text, params) => {
    expect(await line(text)).toMatchObject({ command: 'schedule', params })
  })

  test.each<[string, Record<string, string>]>([
    [
      'in case price of META arrive to 505, buy 50 until 14:00',
      { side: 'buy', symbol: 'META', quantity: '50', price: '505', deadline: '14:00' },
    ],
    ['should MARA reach 14, sell 500', { side: 'sell', symbol: 'MARA', quantity: '500', price: '14' }],
    [
      'sell 50 AMD on break of 110 before the close',
      { side: 'sell', symbol: 'AMD', quantity: '50', price: '110', deadline: 'close' },
    ],
  ])('%j is repeated back', async (text, params) => {
    expect(await line(text)).toMatchObject({ command: 'schedule', params, acts: false })
  })
})

test('a price that is waited for is never the size of the order', async () => {
  expect((await line('with amd touching 240 sell 100')).params.quantity).not.toBe('240')
  expect(await line('amd hits 240 sell 100')).toMatchObject({ params: { quantity: '100', price: '240' }, acts: false })
})

describe('a sale in parts, in other words', () => {
  test.each<[string, Record<string, string>]>([
    ['sell half of pltr in small pieces', { symbol: 'PLTR', fraction: '0.5' }],
    ['exit nvda step by step', { symbol: 'NVDA' }],
    ['sell my gme a bit at a time', { symbol: 'GME' }],
    ['sell my AMD in several times', { symbol: 'AMD' }],
    ['sell coin in slices', { symbol: 'COIN' }],
  ])('%j', async (text, params) => {
    expect(await line(text)).toMatchObject({ command: 'scaleout', params })
  })

  test('`gme scaleout off` ends one, and begins none', async () => {
    expect(await line('gme scaleout off')).toMatchObject({ command: 'cancel-scaleout', params: { symbol: 'GME' } })
  })

  test('the pieces of a sale are no shares', async () => {
    expect((await line('scaleout amd in 5 pieces')).params.quantity).toBeUndefined()
  })
})

describe('words as people clip them', () => {
  test.each<[string, string, Record<string, string>]>([
    ['pls 2 close nvda', 'close', { symbol: 'NVDA' }],
    ['outta amd', 'close', { symbol: 'AMD' }],
    ['watch nio 4 me', 'watch', { symbol: 'NIO' }],
  ])('%j', async (text, command, params) => {
    expect(await line(text)).toMatchObject({ command, params })
  })
})

describe('sentences about oneself', () => {
  test.each<[string, string]>([
    ['my zone is Europe/Madrid', 'timezone'],
    ['last entry was wrong, undo', 'undo'],
    ['show alert config', 'alerts'],
    ['show my alerts', 'alerts'],
  ])('%j', async (text, command) => {
    expect((await line(text)).command).toBe(command)
  })
})

test('a question about a day is not answered as one about now', async () => {
  expect(await line('is the market open on monday?')).toMatchObject({ acts: false })
})

describe('times in other words', () => {
  test.each<[string, Record<string, string>]>([
    ["buy 500 F at tomorrow's open", { side: 'buy', symbol: 'F', quantity: '500', time: 'open' }],
    ['close amd when the market closes', { side: 'close', symbol: 'AMD', time: 'close' }],
    ['sell 20 amd at 3 in the afternoon', { side: 'sell', symbol: 'AMD', quantity: '20', time: '15:00' }],
    ['close gme at 15h30', { side: 'close', symbol: 'GME', time: '15:30' }],
    ['after 15 minutes close amc', { side: 'close', symbol: 'AMC', time: '+15m' }],
    ['sell 500 AMD on the close', { side: 'sell', symbol: 'AMD', quantity: '500', time: 'close' }],
    ['wait till 3:30pm then sell half', { side: 'sell', fraction: '0.5', time: '15:30' }],
    ['exit amd at the end of the session', { side: 'close', symbol: 'AMD', time: 'close' }],
    ['tsla off at the bell', { side: 'close', symbol: 'TSLA', time: 'close' }],
  ])('%j', async (text, params) => {
    expect(await line(text)).toMatchObject({ command: 'schedule', params })
  })
})

describe('everything, in other words', () => {
  test.each([
    'dump the entire book, every name',
    'liquidate the whole portfolio',
    'exit all positions completely',
    'flat the entire account',
    'i am done for today, close all positions',
    'close all what is open please',
  ])('%j', async (text) => {
    expect(await line(text)).toMatchObject({ command: 'close-all', params: {} })
  })
})
