import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { type AdviseState, nextOfAdvice } from '../../../src/talk/commands/positions/advise.ts'
import type { Given } from '../../../src/talk/language/slots.ts'
import { steadyBars } from '../../support/bars.ts'
import { handMarket, openTestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

const market = handMarket()
/** A hundred bars of five minutes. */
const barsOf = (first: number, step: number) => market.give('BYND', 5, steadyBars({ count: 100, first, step }))

const { test, desk } = deskTest({ market })
test.beforeEach(() => {
  market.give('BYND', 5, [])
  market.set('BYND', '1.01', '1.02')
})

const asked = async (who: Someone, text = 'advise BYND'): Promise<Reply> => (await who.hear(text))[0]!
const labels = ({ question }: Reply) => question?.choices.map(({ label }) => label)
const ordersOf = (who: Someone) =>
  desk.desk.parts.db
    .selectFrom('orders as o')
    .innerJoin('members as m', 'm.id', 'o.member_id')
    .where('m.name', '=', who.name)
    .where('o.purpose', '!=', 'record')
    .select(['o.side', 'o.quantity', 'o.purpose', 'o.client_order_id'])
    .execute()

describe('what is still to be done', () => {
  const position = { id: 7, version: 3 }
  const trail = new Big('0.02')
  const shown: AdviseState = { flow: 'advise', v: 1, positionId: 7, version: 3, trail, was: 'LONG 100 BYND @ $1.00' }
  test.each<[Given, AdviseState | undefined, 'ask' | 'changed']>([
    [{}, undefined, 'ask'],
    [{ symbol: 'BYND', rest: 'bynd' }, undefined, 'ask'],
    [{}, shown, 'ask'],
    [{ advice: 'moon' }, shown, 'ask'],
    [{ advice: 'exit' }, { ...shown, version: 2 }, 'changed'],
    [{ advice: 'exit' }, { ...shown, positionId: 8 }, 'changed'],
    [{ advice: 'exit' }, undefined, 'ask'],
  ])('%j, %j: %s', (given, before, next) => {
    expect(nextOfAdvice(position, given, before)).toBe(next)
  })

  test.each(['exit', 'half', 'trail'])('an answer for the position as it was shown: %s', (advice) => {
    expect(nextOfAdvice(position, { advice }, shown)).toEqual({ advice, trail })
  })
})

describe('the analysis', () => {
  test('shows the position, what speaks for and against, a recommendation, and three answers', async ({ alice }) => {
    barsOf(0.91, 0.001)
    await alice.say('long BYND 3750 @ .63')
    await alice.say('stop .90')
    const reply = await asked(alice)
    expect(reply.text).toMatch(/^🤖 EXIT ANALYSIS — BYND\nLONG 3,750 BYND @ \$0\.63 · now \$1\.01 · open \d+ (s|min)/)
    expect(reply.text).toContain(
      'Unrealized P&L: $+1,425.00 (+60.32%)\nStop: $0.90 (10.89% away) | Target: none\nMove: +4.89% in 48 bars of 5m | ATR: 0.40% | RSI: 100.0',
    )
    expect(reply.text).toContain(
      'For getting out:\n  • +60.32%: a large gain that is not locked in (1)\n  • RSI 100: the move for the position is stretched (1)\nFor staying:\n  • the recent bars move for the position (2)\n  • the stop at $0.90 keeps a part of the gain already (1)\n',
    )
    expect(reply.text).toContain('Recommendation: HOLD AND TRAIL\n💭 Score: exit 2, stay 3 (exit needs +3, half +1)')
    expect(reply.text).toContain(
      [
        '  1️⃣  TAKE PROFIT - Sell 3,750 now at about $1.01',
        '  2️⃣  SCALE OUT 50% - 1,875 over the next 10-15 minutes',
        '  3️⃣  HOLD AND TRAIL - Stop 1.00% from the best price, at first $0.9999, or tighter where it is',
        '',
        '💡 Reply with 1, 2, or 3. Nothing is done before',
      ].join('\n'),
    )
    expect(labels(reply)).toEqual(['TAKE PROFIT', 'SCALE OUT 50%', 'HOLD AND TRAIL'])
    expect(await ordersOf(alice)).toEqual([])
  })

  test('of a loss does not speak of profit', async ({ alice }) => {
    barsOf(1.11, -0.001)
    await alice.say('long BYND 100 @ 1.20')
    const reply = await asked(alice)
    expect(reply.text).toContain('Recommendation: SCALE OUT 50%\n')
    expect(reply.text).toContain('1️⃣  CUT THE LOSS - Sell 100 now')
    expect(reply.text).not.toMatch(/profit/i)
  })

  test('of a short position is the other way round', async ({ alice }) => {
    barsOf(1.11, -0.001)
    await alice.say('short BYND 100 @ 1.20')
    const { text } = await asked(alice)
    expect(text).toContain('the recent bars move for the position (2)')
    expect(text).toContain('1️⃣  TAKE PROFIT - Buy back 100 now at about $1.02')
    expect(text).toContain('Stop 1.00% from the best price, at first $1.0201')
  })

  test('does not take for a trend what chance makes of as many bars', async ({ alice }) => {
    // Up and down by a hundredth in turn, and two more on the way: +3% over 48 bars that move by 1% each.
    const bars = steadyBars({ count: 48, first: 1, step: 0 }).map((bar, at) => {
      const close = bar.close.times(at % 2 === 0 ? '1.00' : '1.01').times(at > 24 ? '1.02' : 1)
      return { ...bar, open: close, high: close, low: close, close }
    })
    market.give('BYND', 5, bars)
    await alice.say('long BYND 100 @ 1')
    const { text } = await asked(alice)
    expect(text).toContain('Move: +3.02% in 48 bars of 5m')
    expect(text).toContain('Also:\n  • the recent bars have no direction\n')
  })

  test('without bars says that nothing is known of the trend', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1.01')
    const { text } = await asked(alice)
    expect(text).toContain('No bars: nothing is known of trend and volatility')
    expect(text).toContain('For getting out: nothing\nFor staying: nothing\nAlso:\n  • no stop: nothing limits')
    expect(text).toContain('1️⃣  CLOSE EVEN - ')
    expect(text).toContain('Stop 2.00% from')
  })

  test.for(['should i exit', 'exit analysis bynd', 'what should i do', 'Should I exit BYND?'])(
    'is what %j asks for',
    async (said, { alice }) => {
      await alice.say('long BYND 100 @ 1')
      expect((await asked(alice, said)).text).toContain('🤖 EXIT ANALYSIS — BYND')
    },
  )

  test('is refused without a position, and while the price is not fresh', async ({ alice }) => {
    expect((await asked(alice)).text).toContain('You have no open position in BYND')
    await alice.say('long BYND 100 @ 1')
    market.stale('BYND', 'the quote is 60 s old')
    const reply = await asked(alice)
    expect(reply.text).toBe(
      '⚠️ BYND cannot be judged now: the quote is 60 s old.\n💡 Nothing was done. Try again when the price is fresh',
    )
    expect(reply.question).toBeUndefined()
  })
})

describe('the first answer', () => {
  test.for(['1', 'take profit', 'exit'])(
    '%j closes the whole position at the market, once',
    async (answer, { alice }) => {
      await alice.say('long BYND 3750 @ .63')
      await asked(alice)
      expect(await alice.say(answer)).toContain('✓ SOLD 3,750 BYND @ $1.01')
      expect(await alice.say('positions')).not.toContain('BYND @')
      expect(await ordersOf(alice)).toMatchObject([{ side: 'sell', quantity: '3750', purpose: 'close' }])
    },
  )

  test('takes back the orders that rest, and closes all of it', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('close @ 1.50')
    expect((await asked(alice)).text).toContain('Sell 1,000 now')
    const said = await alice.say('1')
    expect(said).toContain('✓ SOLD 1,000 BYND @ $1.01')
    expect(await alice.say('positions')).not.toContain('BYND @')
  })

  test('pressed twice at once closes once', async ({ alice }) => {
    await alice.say('long BYND 500 @ .63')
    const reply = await asked(alice)
    const said = await Promise.all([alice.press(reply, 'exit'), alice.press(reply, 'exit')])
    expect(said.flat().filter(({ text }) => text.includes('✓ SOLD'))).toHaveLength(1)
    expect(await ordersOf(alice)).toHaveLength(1)
  })
})

describe('the second answer', () => {
  test('starts a scaleout of half at medium speed', async ({ alice }) => {
    await alice.say('long BYND 3751 @ .63')
    await asked(alice)
    const said = await alice.say('2')
    expect(said).toMatch(/^🔄/)
    expect(said).toContain('MEDIUM')
    const { db } = desk.desk.parts
    const row = await db
      .selectFrom('scaleouts as s')
      .innerJoin('members as m', 'm.id', 's.member_id')
      .where('m.name', '=', alice.name)
      .select(['s.total_quantity', 's.speed'])
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ total_quantity: '1875', speed: 'medium' })
    expect(await alice.say('cancel scaleout')).toContain('🛑')
  })

  test('says why not when half is less than can be traded', async ({ alice }) => {
    await alice.say('long BYND 1 @ .63')
    expect((await asked(alice)).text).toContain('SCALE OUT 50% - not now: half of it is less than a lot')
    expect(await alice.say('2')).toContain('That part of 1 BYND is less than 1. Nothing was done.')
  })

  test('says why not while a scaleout is running', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('scaleout slow')
    expect((await asked(alice)).text).toContain('SCALE OUT 50% - not now: a scaleout is running')
    expect(await alice.say('2')).toContain('Scaleout already in progress for BYND')
    await alice.say('cancel scaleout')
  })
})

describe('the third answer', () => {
  const stopOf = async (alice: Someone) => (/Stop: [^\n]*/.exec(await alice.say('positions')) ?? [''])[0]

  test('sets a stop that trails by the share that was offered', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await asked(alice)
    market.set('BYND', '1.05')
    expect(await alice.say('3')).toBe('✓ HOLD AND TRAIL — BYND: the stop is at $1.029 and trails by 2%')
  })

  test.for([
    ['a stop that is tighter begins to trail from where it stands', '.995', '$0.995', '1.5%'],
    ['a stop that is looser comes nearer', '.50', '$0.9898', '2%'],
  ] as const)('%s', async ([_, stop, at, share], { alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say(`stop ${stop}`)
    await asked(alice)
    // The guardian may ask about the near stop meanwhile, so a number would be for either.
    expect(await alice.say('hold and trail')).toBe(
      `✓ HOLD AND TRAIL — BYND: the stop is at ${at} and trails by ${share}`,
    )
  })

  test('leaves a stop alone that trails by as little', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('trail 1%')
    const before = await stopOf(alice)
    await asked(alice)
    expect(await alice.say('hold')).toBe('✓ HOLD — BYND: the stop at $0.9999 trails by 1% already, and stays')
    expect(await stopOf(alice)).toBe(before)
  })

  test('names the dollars of a stop that trails by dollars', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('trail 1c')
    await asked(alice)
    expect(await alice.say('hold')).toMatch(/^✓ HOLD — BYND: the stop at \$[\d.]+ trails by \$0.01 already, and stays/)
  })

  test('never loosens a stop that the price has come nearer to', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('stop .98')
    await asked(alice)
    market.set('BYND', '0.99')
    expect(await alice.say('3')).toContain('the stop is at $0.98 and trails')
  })

  test('is refused when the stop would be touched at once', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('stop .98')
    await asked(alice)
    market.set('BYND', '0.97')
    expect(await alice.say('3')).toMatch(/^⚠️ .*Nothing was|has changed since/)
  })
})

describe('an answer that comes', () => {
  test('after the position has changed does nothing, says so, and is asked anew', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await asked(alice)
    const other = alice.in(`${alice.thread}-other`)
    await other.say('sell 400 BYND')
    const said = await alice.say('1')
    expect(said).toContain(
      '⚠️ BYND has changed since you were asked (it was LONG 1,000 BYND @ $0.63). Nothing was done.\n\n🤖 EXIT ANALYSIS — BYND\nLONG 600 BYND',
    )
    expect(await ordersOf(alice)).toHaveLength(1)
    expect(await alice.say('1')).toContain('✓ SOLD 600 BYND')
  })

  test.for(['1', '2', '3'])(
    'while the position changes (%s) does nothing, and is asked anew',
    async (answer, { alice }) => {
      await alice.say('long BYND 1000 @ .63')
      await asked(alice)
      const other = alice.in(`${alice.thread}-other`)
      const { quote } = market
      // The answer has been looked at, and now the price for it.
      market.quote = async (symbol) => {
        market.quote = quote
        await other.say('sell 400 BYND')
        return quote(symbol)
      }
      expect(await alice.say(answer)).toMatch(/BYND has changed since you were asked[\s\S]*LONG 600 BYND/)
      expect(await ordersOf(alice)).toMatchObject([{ quantity: '400', purpose: 'trim' }])
      expect(await alice.say('tasks')).not.toContain('BYND')
      expect(await alice.say('positions')).not.toMatch(/stop/i)
    },
  )

  test('after the position was closed says so', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await asked(alice)
    await alice.in(`${alice.thread}-other`).say('close BYND now')
    expect(await alice.say('3')).toContain('You have no open position in BYND.')
    expect(await ordersOf(alice)).toHaveLength(1)
  })

  test('from somebody else does nothing', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    const reply = await asked(alice)
    const bob = someone(desk, undefined, alice.thread)
    expect((await bob.press(reply, 'exit'))[0]).toMatchObject({
      text: expect.stringContaining(`for ${alice.name}`),
      private: true,
    })
    expect(await ordersOf(alice)).toEqual([])
    expect(await alice.say('1')).toContain('✓ SOLD 1,000 BYND')
  })
})

test('an answer that comes six minutes later does nothing', async () => {
  let now = Date.now()
  const clock = { now: () => new Date(now), scale: 60 }
  const later = await openTestDesk({ worker: false, clock })
  const carol = someone(later)
  await carol.say('long BYND 100 @ .63')
  const reply = (await carol.hear('advise'))[0]!
  now += 6 * 60_000
  expect((await carol.press(reply, 'exit'))[0]!.text).toContain('has expired. Nothing was done.')
  expect(await carol.say('positions')).toContain('LONG 100 BYND')
  await later.close()
})
