import { describe, expect, test } from 'vitest'
import { acts, classify, hearSpoken } from '../../../src/talk/language/classify.ts'
import { spokenIn } from '../../../src/talk/language/spoken.ts'
import { unwanted } from '../../../src/talk/language/understand.ts'
import { shippedGrammar } from './shipped-registry.ts'

const shipped = shippedGrammar()
/** A market that has symbols which are words of orders, too. */
const wordy = {
  ...shipped,
  knowsSymbol: Object.assign(
    (symbol: string) => ['ALL', 'NOW', 'FAST', 'ON', 'HALF'].includes(symbol) || shipped.knowsSymbol(symbol),
    { named: shipped.knowsSymbol.named },
  ),
}

/** What a text does: `acts`, `asks` (with a question of the command, or repeated back), or `refuses`, with its command and slots. */
async function outcome(text: string, grammar = shipped) {
  const spoken = spokenIn(text)
  if (spoken.text === '') return { refuses: [] }
  const classified = await classify(grammar, text)
  const { understood, verdict } = classified
  if (!understood || verdict === 'nothing' || verdict === 'refuses')
    return { refuses: understood?.leftover ?? hearSpoken(grammar, spoken).partly?.leftover }
  const { rest: _, ...given } = understood.given
  return { [acts(classified) ? 'acts' : 'asks']: understood.registered.name, given, leftover: understood.leftover }
}

describe('two orders in one line do not become one other order', () => {
  test.each<[string, string[]]>([
    ['sell half amd and stop 200', ['and stop 200']],
    ['sell 5 amd and stop 200', ['and stop 200']],
    ['sell 5 amd plus target 240', ['plus', 'plus target 240']],
    ['trim amd 5 then stop 200', ['then', 'then stop 200']],
    ['trim amd to 50 and stop 200', ['and stop 200']],
  ])('%j is refused', async (text, refuses) => {
    expect(await outcome(text)).toEqual({ refuses })
  })

  test('a level behind a comma or a second number is repeated back', async () => {
    expect(await outcome('sell 5 amd, stop 200')).toMatchObject({ asks: 'sell', given: { stop: '200' } })
    expect(await outcome('sell 5 amd and 200')).toMatchObject({ asks: 'sell', given: { quantity: '5', price: '200' } })
  })

  test('beside a purchase it protects what is bought', async () => {
    expect(await outcome('buy 10 amd and stop 200')).toMatchObject({ acts: 'buy', given: { stopLoss: '200' } })
    expect(await outcome('buy 10 amd @ 220 and stop 210 and target 240')).toMatchObject({
      acts: 'buy',
      given: { price: '220', stopLoss: '210', takeProfit: '240' },
    })
  })

  test('one order with a stop is one order', async () => {
    expect(await outcome('sell 50 amd stop 240')).toMatchObject({ acts: 'sell', given: { stop: '240' } })
    expect(await outcome('stop amd 200 and target 240')).toMatchObject({ acts: 'bracket' })
  })
})

describe('dollars are no shares', () => {
  test.each<[string, Record<string, string>]>([
    ['buy bynd with 500', { symbol: 'BYND', dollars: '500' }],
    ['buy with 500 bynd', { symbol: 'BYND', dollars: '500' }],
    ['buy bynd with 100 at .9', { symbol: 'BYND', dollars: '100', price: '0.9' }],
    ['buy amd at 220 with 500', { symbol: 'AMD', dollars: '500', price: '220' }],
    ['buy a grand of bynd', { symbol: 'BYND', dollars: '1000' }],
    ['buy a grand bynd', { symbol: 'BYND', dollars: '1000' }],
    ['buy 2 grand of bynd', { symbol: 'BYND', dollars: '2000' }],
    ['buy bynd for a grand', { symbol: 'BYND', dollars: '1000' }],
    ['sell 500 bucks of amd', { symbol: 'AMD', dollars: '500' }],
    ['trim amd $500', { symbol: 'AMD', dollars: '500' }],
  ])('%j is asked about in dollars', async (text, given) => {
    expect(await outcome(text)).toMatchObject({ asks: expect.any(String), given })
  })

  test.each(['buy 10 amd with 500', 'short $1000 ko', 'long $1000 ko', 'short $1000 of nvda'])(
    '%j is refused',
    async (text) => {
      expect(await outcome(text)).toHaveProperty('refuses')
    },
  )

  test.each<[string, string, Record<string, string>]>([
    ['trail amd with 2', 'trail', { percent: '2' }],
    ['long amd with 100', 'long', { quantity: '100' }],
  ])('where no dollars are meant, %j keeps its number', async (text, command, given) => {
    expect(await outcome(text)).toMatchObject({ acts: command, given })
  })
})

describe('the number behind `at` is the price, and never the size', () => {
  test.each<[string, string, string]>([
    ['buy f for 15 at 14', '15', '14'],
    ['buy $5k amd @ 220', '5000', '220'],
    ['buy $500 bynd limit 1', '500', '1'],
    ['buy $20 bynd @ 1', '20', '1'],
    ['buy bynd for $20 at 1.05', '20', '1.05'],
    ['buy bynd 500 dollars at 1.05', '500', '1.05'],
  ])('%j', async (text, dollars, price) => {
    expect(await outcome(text)).toMatchObject({ asks: 'buy', given: { dollars, price } })
  })

  test('two prices are refused', async () => {
    expect(await outcome('buy f for 14.5 at 10')).toEqual({ refuses: ['at 10'] })
    expect(await outcome('sell 5 amd @ 240 @ 250')).toEqual({ refuses: ['@ 250'] })
  })
})

describe('words in quotation marks', () => {
  test.each(["'close amd now'", '‘close amd now’', '"close amd now"', '“close amd now”.'])(
    '%j says nothing',
    async (text) => {
      expect(spokenIn(text)).toMatchObject({ text: '', isQuoted: true })
    },
  )

  test.each(['"sell" 10 amd', 'sell 10 "amd"', '“close” bynd now', "sell 10 'amd'"])(
    '%j is repeated back',
    async (text) => {
      expect(await outcome(text)).toHaveProperty('asks')
    },
  )

  test.each(["don't show the dogs' tasks", "amd's stop 5%"])('an apostrophe is none: %j', (text) => {
    expect(spokenIn(text).hasQuotes).toBeUndefined()
  })
})

test.each<[string, unknown]>([
  ['scaleout bynd fast in 10 chunks of 100', { asks: 'scaleout', given: { chunks: '10', quantity: '1000' } }],
  [
    'scaleout bynd fast in 10 chunks of 100 shares each',
    { asks: 'scaleout', given: { chunks: '10', quantity: '1000' } },
  ],
  ['scaleout 500 bynd fast in 10 chunks of 100', { refuses: ['1000'] }],
  ['scaleout bynd fast in chunks of 100', { refuses: ['in chunks of 100'] }],
])('the size of chunks counts for each: %j', async (text, expected) => {
  expect(await outcome(text)).toMatchObject(expected as object)
})

describe('a word in the place of a symbol is repeated back before it trades', () => {
  test.each(['buy open 10', 'sell 1 open', 'buy 5 coin', 'sell 1 coin', 'buy now 10'])('%j', async (text) => {
    expect(await outcome(text)).toHaveProperty('asks')
  })

  test.each(['sell ALL AMD', 'sell ALL 1 NOW', 'SELL 1 ALL NOW', 'sell ALL 5', 'buy 10 NOW', 'buy now 10'])(
    'where the market has it: %j',
    async (text) => {
      expect(await outcome(text, wordy)).toHaveProperty('asks')
    },
  )

  test('NOW beside a symbol is at once', async () => {
    expect(await outcome('sell 10 AMD NOW', wordy)).toMatchObject({
      acts: 'sell',
      given: { symbol: 'AMD', now: 'yes' },
    })
  })
})

describe('signs and loose ends are not ignored', () => {
  const ends = ['&', '=', '$', '#', '^', '*', '/', '+', 'and', 'then', '❌', '🚫', '👎', '⛔', ':x:', ':-1:']
  test.each(ends)('sell 5 amd %s', async (end) => {
    expect(await outcome(`sell 5 amd ${end}`)).not.toHaveProperty('acts')
    // `and` at the beginning goes on with what was said before.
    if (!/^(and|&)$/.test(end)) expect(await outcome(`${end} sell 5 amd`)).not.toHaveProperty('acts')
  })

  test.each(['sell 5 amd 🚀', '- sell 5 amd', 'sell 5 amd |', 'sell 5 amd …', 'sell 5 amd 👍'])(
    'what only separates, and other emoji, say nothing: %j',
    async (text) => {
      expect(await outcome(text)).toHaveProperty('acts')
    },
  )

  test('a question mark as an emoji counts as one', async () => {
    expect(await outcome('sell 5 amd ❓')).toEqual(await outcome('sell 5 amd ?'))
  })
})

describe('a command swallows no second one behind it', () => {
  test.each<[string, string]>([
    ['positions, then close amd now', 'close'],
    ['balance, sell half t', 'sell'],
    ['trades and close t now', 'close'],
    ['daily then close all', 'close'],
    ['orders then close t', 'close'],
    ['market close all', 'close'],
    ['market order sell 3 t', 'sell'],
    ['pl t close', 'close'],
    ['why t, close it', 'close'],
    ['rsi t and sell it', 'sell'],
    ['chart t 1d and close', 'close'],
    ['advise t and close it', 'close'],
    ['unwatch t, sell t', 'sell'],
    ['balance and trades', 'trades'],
    ['undo, then close amd now', 'close'],
    ['show me my pl and close amd', 'close'],
    ['alert amd below 200 and sell half', 'sell'],
    ['alert amd 300 or close', 'close'],
    ['sell half of amd and alert me at 240', 'alert'],
    ['sell 5 amd, stop the rest at 200', 'stop'],
    ['buy 1 amd stop market 230', 'stop'],
    ['close all and cancel all', 'cancel'],
    ['orders cancel all', 'cancel'],
  ])('%j is refused, and %s is named', async (text, named) => {
    const { refuses } = (await outcome(text)) as { refuses?: string[] }
    expect(refuses?.join(' ')).toContain(named)
  })

  test.each([
    ['close my amd long', 'close'],
    ['spread my bynd exit over an hour', 'scaleout'],
  ])('a word that describes the position, or the way, is none: %j', async (text, command) => {
    const model = { predict: async () => ({ command, confidence: 0.97 }) }
    expect(await classify({ ...shipped, model }, text)).toMatchObject({ understood: { registered: { name: command } } })
  })
})

describe('what shows something drops no word and no slot', () => {
  test.each([
    'alert BYND 1.2 or 0.9',
    'alert amd between 200 and 300',
    'alert amd 300 at 3pm',
    'alert off 1 and 2',
    'alert off 1, 2',
    'alert amd +5%',
    'alert so 240',
    'trades bynd',
    'trades amd week',
    'trades today',
    'positions today',
    'daily bynd',
    'positions t',
    'notify critical ping amd',
    'notify critical all',
    'quote so',
    'quote target',
    'quote half',
    'is the market open on monday',
  ])('%j is not carried out', async (text) => {
    const { decided, partly } = hearSpoken(shipped, spokenIn(text))
    expect(decided?.verdict ?? 'partly').toMatch(/^(refuses|partly)$/)
    const left = [...(partly?.leftover ?? []), ...(decided ? unwanted(decided.understood!) : [])]
    expect(left.length).toBeGreaterThan(0)
  })

  test.each<[string, Record<string, string>]>([
    ['notify me when amd hits 260', { symbol: 'AMD', price: '260' }],
    ['ping me at 300 amd', { symbol: 'AMD', price: '300' }],
    ['alert off all', { what: 'off', fraction: '1' }],
  ])('%j is a price alert', async (text, given) => {
    expect(await outcome(text)).toMatchObject({ acts: 'price alert', given })
  })

  test.each(['positions now', 'pl amd now', 'quote amd please', 'orders', 'trades 2'])(
    '%j is carried out',
    async (text) => {
      expect(await outcome(text)).toHaveProperty('acts')
    },
  )

  test.each(['quote NOW', 'quote ALL', 'quote FAST', 'alert NOW above 900'])(
    'a word in capitals in the place of a symbol is one: %j',
    async (text) => {
      const { decided, partly } = hearSpoken(shipped, spokenIn(text))
      expect((decided?.understood ?? partly)?.given.symbol).toBe(text.split(' ')[1])
      expect(await outcome(text, wordy)).toMatchObject({
        acts: expect.any(String),
        given: { symbol: text.split(' ')[1] },
      })
    },
  )
})

describe('nothing is offered that was not typed', () => {
  test.each<[string, string]>([
    ['`sell` 10 amd', 'buy'],
    ['~~sell~~ 10 amd', 'buy'],
    ['||sell|| 10 amd', 'sell'],
    ['keep bynd close the rest', 'close'],
    ['sell to open 10 amd', 'sell'],
    ['close half of everything', 'close all'],
    ['close all over 5%', 'close all'],
    ['close bynd or not', 'advise'],
    ['close bynd or not', 'close'],
    ['close all or only amd', 'advise'],
    ['close all or only amd', 'close'],
    ['buy 5 amd in paper account', 'accounts'],
    ['move 2 up 1', 'move'],
    ['buy 1 on', 'buy'],
    ['unschedule all', 'none'],
    ['use swing and close t', 'close'],
    ["don't alert amd 300", 'price alert'],
    ['close all except the losers', 'close all'],
  ])('%j is no %j, although a model thinks so', async (text, command) => {
    const model = { predict: async () => ({ command, confidence: 0.97 }) }
    const { verdict } = await classify({ ...shipped, model }, text)
    expect(verdict).toMatch(/^(nothing|refuses)$/)
  })

  test('what is left out of an order is named when the order is repeated back', async () => {
    const model = { predict: async () => ({ command: 'schedule', confidence: 0.97 }) }
    const { verdict, understood } = await classify({ ...shipped, model }, 'close bynd at lunch')
    expect({ verdict, leftover: understood!.leftover }).toEqual({ verdict: 'confirms', leftover: ['at', 'lunch'] })
  })

  test('sell to close is only for what is long', async () => {
    expect(await outcome('sell to close 10 amd')).toMatchObject({ acts: 'sell', given: { only: 'long' } })
  })
})

describe('slots stand in any order', () => {
  test.each<[string, unknown]>([
    ['scaleout bynd over 30 mins floor .60 half', { given: { floor: '0.6', fraction: '0.5', length: '30m' } }],
    ['scaleout bynd floor .60 half fast', { given: { floor: '0.6', fraction: '0.5', speed: 'fast' } }],
    ['bracket 0.9 1.3 bynd', { given: { stop: '0.9', target: '1.3' } }],
    ['add 10 amd stop 215', { acts: 'add', given: { quantity: '10', stop: '215' } }],
    ['add amd stop 215', { asks: 'stop', given: { price: '215' } }],
  ])('%j', async (text, expected) => {
    expect(await outcome(text)).toMatchObject(expected as object)
  })

  test('a phrase of the guardian says what it sets', () => {
    const { decided } = hearSpoken(shipped, spokenIn('turn guardian off'))
    expect(decided).toMatchObject({ verdict: 'acts', understood: { given: { rest: 'off' } } })
  })

  test('a level behind a scaleout is no `cancel scaleout`', () => {
    const { decided } = hearSpoken(shipped, spokenIn('scaleout bynd fast, stop .9'))
    expect(decided).toMatchObject({
      verdict: 'refuses',
      understood: { registered: { name: 'scaleout' }, given: { stop: '0.9' } },
    })
  })

  test.each(['close all but ALL', 'close all but NOW'])('a symbol that is a word stays open: %j', async (text) => {
    expect(await outcome(text, wordy)).toMatchObject({ asks: 'close all', given: { except: text.split(' ').at(-1) } })
  })
})

test.each<[string, string]>([
  ['buy 10 ALL now', '10 all'],
  ['sell half amd now and the other half at 240', 'and other half'],
])('a refusal names the words of %j as they were typed', async (text, words) => {
  const { refuses } = (await outcome(text)) as { refuses?: string[] }
  expect(refuses?.join(' ')).toBe(words)
})
