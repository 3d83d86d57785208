import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { runNextChunk } from '../../trading/orders/by-hand.ts'
import type { Someone } from './someone.ts'

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({ worker: false, clock, environment: { DESKHAND_OWNERS: 'slack:T1:CHIEF' } })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.stale('BYND')
})

/** The orders that a person has sent, oldest first. */
const sent = (who: Someone) =>
  desk.desk.parts.db
    .selectFrom('orders as o')
    .innerJoin('members as m', 'm.id', 'o.member_id')
    .where('m.name', '=', who.name)
    .where('o.purpose', '<>', 'record')
    .select(['o.purpose', 'o.side', 'o.quantity', 'o.limit_price', 'o.state'])
    .orderBy('o.id')
    .execute()

describe('close', () => {
  test.beforeEach(({ alice }) => alice.say('long BYND 3750 @ .63'))

  test('with a price rests there without a question', async ({ alice }) => {
    expect(await alice.say('close @ 1.05')).toBe(
      '✓ LIMIT SELL ORDER 3,750 BYND @ $1.05 (working)\n💡 Order 1: `move 1 PRICE` changes it, `cancel 1` takes it back',
    )
  })

  test.for(['close now', 'flat', 'flatten BYND', 'close BYND at the market'])(
    '%j asks nothing',
    async (text, { alice }) => {
      expect(await alice.say(text)).toBe('✓ SOLD 3,750 BYND @ $1.01\nP&L: $+1,425.00\nPosition: FLAT')
    },
  )

  test.for(['1.05', '@ 1.05', '@ $1.05', 'limit 1.05', '$1.05'])(
    'asked how, takes %j for the limit',
    async (text, { alice }) => {
      expect(await alice.say('close')).toContain('2️⃣  Limit - Enter your limit price')
      expect(await alice.say(text)).toContain('✓ LIMIT SELL ORDER 3,750 BYND @ $1.05 (working)')
    },
  )

  test.for(['3', '0', '-1.05', '1.05 or so', '1.0.5'])('asked how, takes %j for no answer', async (text, { alice }) => {
    await alice.say('close')
    expect(await alice.say(text)).toMatch(/^⚠️ That is not one of the choices\..*\n\n🚪 CLOSE LONG 3,750 BYND/)
    expect(await sent(alice)).toEqual([])
  })

  test('asked how, asks again for a price off the tick, and asks about one that is far away', async ({ alice }) => {
    await alice.say('close')
    expect(await alice.say('1.055')).toContain('moves in steps of $0.01; $1.055 does not fit. Nothing was done.')
    expect(await alice.say('10')).toContain('🤔 IS THAT RIGHT? SELL 3,750 BYND @ $10.00')
    expect(await alice.say('no')).toBe('OK, nothing was ordered.')
  })

  test('that works already is told, and `close now` is the way out', async ({ alice }) => {
    await alice.say('close @ 1.05')
    clock.advance(3000)
    const told = [
      '⚠️ LONG 3,750 BYND @ $0.63 is being closed already:',
      '1 · SELL 3,750 BYND @ $1.05 · 3 s old · 3.96% from $1.01',
      '💡 `move 1 PRICE` changes it, `cancel 1` takes it back, `close BYND now` closes at the market instead',
    ].join('\n')
    expect(await alice.say('close')).toBe(told)
    const said = await alice.say('close now')
    expect(said).toContain('✓ CANCELLED order 1')
    expect(said).toContain('✓ SOLD 3,750 BYND @ $1.01')
  })

  test('of what a working order holds a part of takes that back first, and closes all of it', async ({ alice }) => {
    await alice.say('sell 3000 @ 1.05')
    expect(await alice.say('close')).toMatch(/^🚪 CLOSE LONG 3,750 BYND.*\nIts working orders are taken back first\.\n/)
    const said = await alice.say('1')
    expect(said).toContain('✓ CANCELLED order 1')
    expect(said).toContain('✓ SOLD 3,750 BYND @ $1.01')
  })

  test('ends a running scaleout, with the rest of it, whatever was sold meanwhile', async ({ alice }) => {
    await alice.say('scaleout fast')
    await alice.say('close')
    await runNextChunk(desk, clock)
    const said = await alice.say('market')
    expect(said).toContain('SCALEOUT CANCELLED')
    expect(said).toContain('Position: FLAT')
  })

  test('is asked for again when the position was replaced by another', async ({ alice }) => {
    await alice.say('close')
    await alice.in('elsewhere').say('close BYND now')
    await alice.in('elsewhere').say('long BYND 9000 @ 1')
    expect(await alice.say('1')).toMatch(/^⚠️ The position changed meanwhile\.\n🚪 CLOSE LONG 9,000 BYND/)
    expect(await alice.say('1')).toContain('✓ SOLD 9,000 BYND')
  })

  test.for([
    ['1.053', '$1.05 or $1.06'],
    ['-1', 'more than zero'],
    ['soon', '"soon" is not a price.'],
  ] as const)('is asked again for a limit that is none: %j', async ([answer, reason], { alice }) => {
    await alice.say('close')
    await alice.say('limit')
    const said = await alice.say(answer)
    expect(said).toContain(reason)
    expect(said).toContain('Enter your limit price')
    expect(await alice.say('1.10')).toContain('✓ LIMIT SELL ORDER 3,750 BYND @ $1.10')
  })

  test('is left alone by a no also when there is nothing to close any more', async ({ alice }) => {
    await alice.say('close @ .10')
    await alice.in('elsewhere').say('close BYND now')
    expect(await alice.say('no')).toBe('OK, nothing was ordered.')
  })

  test('with a limit that is not meant leaves it', async ({ alice }) => {
    await alice.say('close @ .10')
    expect(await alice.say('no')).toBe('OK, nothing was ordered.')
    expect(await sent(alice)).toEqual([])
  })
})

describe('close all', () => {
  test('with one position is like close', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('close all')).toContain('🚪 CLOSE LONG 100 BYND')
    expect(await alice.say('2')).toContain('Enter your limit price to sell 100 BYND')
    expect(await alice.say('1.20')).toContain('✓ LIMIT SELL ORDER 100 BYND @ $1.20')
  })

  test.for<[string, string, string]>([
    ['close all losers', 'CLOSE ALL 1 LOSING POSITION', 'AAPL'],
    ['close all winners', 'CLOSE ALL 1 WINNING POSITION', 'BYND'],
    ['close all longs', 'CLOSE ALL 1 LONG POSITION', 'BYND'],
    ['close all shorts', 'CLOSE ALL 1 SHORT POSITION', 'AAPL'],
  ])('closes only the kind that was said: %j', async ([text, head, symbol], { alice }) => {
    await alice.say('long BYND 100 @ .90')
    await alice.say('short AAPL 10 @ 180')
    const asked = await alice.say(text)
    expect(asked).toContain(head)
    const kept = symbol === 'AAPL' ? 'BYND' : 'AAPL'
    expect(asked).not.toContain(kept)
    await alice.say('yes')
    const left = await alice.say('positions')
    expect(left).toContain(kept)
    expect(left).not.toContain(symbol)
  })

  test.for(['close everything', 'flatten all', 'close all positions'])(
    'is also %j, and asks first',
    async (text, { alice }) => {
      await alice.say('long BYND 100 @ 1')
      await alice.say('long AAPL 10 @ 190')
      expect(await alice.say(text)).toBe(
        [
          '🚪 CLOSE ALL 2 POSITIONS at the market?',
          'LONG 10 AAPL @ $190.00 · P&L $0.00',
          'LONG 100 BYND @ $1.00 · P&L $+1.00',
          '  1️⃣  YES - Close them now',
          '  2️⃣  NO - Leave them',
          '',
          '💡 Reply with 1 or 2',
        ].join('\n'),
      )
      expect(await alice.say('no')).toBe('OK, nothing was closed.')
      expect(await sent(alice)).toEqual([])
    },
  )

  test('says of each what came of it, and closes the others where one cannot be traded', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('long AAPL 10 @ 190')
    await alice.say('close all')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    const said = await alice.say('yes')
    expect(said).toContain('✓ SOLD 10 AAPL @ $190.00')
    expect(said).toContain('⚠️ BYND cannot be traded now: the quote is 60 s old (limit 15 s).')
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test('takes back what rests first, and says so in the order of the list', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 190')
    await alice.say('long BYND 100 @ 1')
    await alice.say('close AAPL @ 195')
    await alice.say('close all')
    expect(await alice.say('yes')).toMatch(
      /^✓ CANCELLED order 1: LIMIT SELL 10 AAPL @ \$195\.00 \(the position is being closed\)\n\n✓ SOLD 10 AAPL [\s\S]*✓ SOLD 100 BYND/,
    )
    expect(await alice.say('positions')).toContain('No open positions')
  })

  test('does not close what was opened after it asked', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('long AAPL 10 @ 190')
    await alice.say('close all')
    await alice.in('elsewhere').say('long BTC-USD 0.1 @ 63000')
    expect(await alice.say('yes')).toMatch(/^⚠️ The positions changed meanwhile\.\n🚪 CLOSE ALL 3 POSITIONS/)
  })

  test.for([
    ['close BYND AAPL', '`close` takes no more than one symbol. Nothing was done.'],
    ['stop BYND .9 if it breaks 2', '`stop` takes no condition. Nothing was done.'],
    ['long BYND 100 by 3pm', '`long` takes no time. Nothing was done.'],
  ] as const)('%j says what is too much', async ([text, said], { alice }) => {
    expect(await alice.say(text)).toContain(said)
  })

  test.for(['sell all 50 BYND', 'scaleout all fast 50', 'trim half 50 BYND', 'sell 50% 50 BYND'])(
    '%j names two amounts, and is done by neither',
    async (text, { alice }) => {
      await alice.say('long AAPL 10 @ 190')
      await alice.say('long BYND 100 @ 1')
      expect(await alice.say(text)).toMatch(
        /^⚠️ 50 and (all|a part) are two amounts\. Nothing was done\.\n💡 Say the number/,
      )
      expect(await sent(alice)).toEqual([])
      expect(await alice.say('tasks')).toContain('Nothing runs')
    },
  )

  test.for(['close all 50', 'close all half', 'close all @ 1.05'])('%j is not for several', async (text, { alice }) => {
    await alice.say('long AAPL 10 @ 190')
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say(text)).toBe(
      '⚠️ Several positions are closed whole, and at the market. Nothing was done.\n💡 Name one for a part or a limit, such as `close AAPL half`',
    )
  })

  test('asked how much, takes no two amounts', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('trim')).toContain('❓ How much of LONG 100 BYND')
    expect(await alice.say('all 50')).toContain('⚠️ 50 and all are two amounts. Nothing was done.')
    expect(await alice.say('50')).toContain('✓ SOLD 50 BYND')
  })

  test('has nothing to close without a position, whatever was talked of before', async ({ alice }) => {
    await alice.say('quote AAPL')
    expect(await alice.say('close all')).toContain('You have no open position.')
  })
})

describe('buy, sell, add and trim', () => {
  test('buy at the market, and show the average', async ({ alice }) => {
    expect(await alice.say('buy 500 BYND')).toMatch(/✓ BOUGHT 500 BYND @ \$1\.01\nPosition: LONG 500 BYND @ \$1\.01$/)
    market.set('BYND', '2.02')
    expect(await alice.say('add 500')).toContain('Position: LONG 1,000 BYND @ $1.515')
    expect(await alice.say('trim half')).toContain('Position: LONG 500 BYND @ $1.515')
    expect(await alice.say('sell 500')).toContain('Position: FLAT')
  })

  test('with a limit, which rests', async ({ alice }) => {
    expect(await alice.say('buy 500 BYND @ .95')).toContain('✓ LIMIT BUY ORDER 500 BYND @ $0.95 (working)')
    expect(await alice.say('positions')).toContain('No open positions')
  })

  test('buy a short position back, and ask before they go beyond it', async ({ alice }) => {
    await alice.say('short BYND 100 @ 1.50')
    expect(await alice.say('buy 40')).toContain('✓ BOUGHT BACK 40 BYND @ $1.01')
    expect(await alice.say('buy 100')).toContain('  1️⃣  Buy the 60 only\n  2️⃣  Buy 100 and be LONG 40\n  3️⃣  Nothing')
    expect(await alice.say('3')).toBe('OK, nothing was ordered.')
    await alice.say('buy 100')
    expect(await alice.say('1')).toContain('Position: FLAT')
  })

  test('sell beyond what is open as an exit and an entry', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('sell 5000')
    const said = await alice.say('2')
    expect(said).toContain('✓ SOLD 3,750 BYND @ $1.01\nP&L: $+1,425.00\nPosition: FLAT')
    expect(said).toContain('✓ SOLD SHORT 1,250 BYND @ $1.01\nPosition: SHORT 1,250 BYND @ $1.01')
    expect(await sent(alice)).toMatchObject([
      { purpose: 'trim', side: 'sell', quantity: '3750' },
      { purpose: 'open', side: 'sell', quantity: '1250' },
    ])
  })

  test('do not turn a position round with a limit', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const text = await alice.say('sell 150 @ 1.05')
    expect(text).toContain('An order with a limit does not turn a position round.')
    expect(text).toContain('  1️⃣  Sell the 100 only\n  2️⃣  Nothing')
    expect(await alice.say('1')).toContain('✓ LIMIT SELL ORDER 100 BYND @ $1.05')
  })

  test('sell short only after a yes', async ({ alice }) => {
    await alice.say('sell 100 BYND')
    expect(await alice.say('2')).toBe('OK, nothing was ordered.')
    await alice.say('sell 100 BYND')
    expect(await alice.say('1')).toContain('Position: SHORT 100 BYND @ $1.01')
  })

  test('never sell short by a word that names no quantity', async ({ alice }) => {
    expect(await alice.say('sell')).toContain('You have no open position')
    expect(await alice.say('sell half BYND')).toContain('You have no open position in BYND.')
    expect(await alice.say('add 5 BYND')).toContain('You have no open position in BYND.')
  })

  test('are asked about above a size, and no more orders than one come of a yes that is delivered twice', async ({
    alice,
  }) => {
    const [asked] = await alice.hear('buy 500 AAPL')
    expect(asked!.text).toContain('🤔 CONFIRM: BUY 500 AAPL\nAt the market, about $190.00 each, $95,000.00 in all')
    await Promise.all([
      alice.press(asked!, 'yes', { id: 'yes-1' }),
      alice.press(asked!, 'yes', { id: 'yes-1' }),
      alice.press(asked!, 'yes', { id: 'yes-2' }),
    ])
    expect(await sent(alice)).toHaveLength(1)
  })

  test('that are delivered twice order once', async ({ alice }) => {
    await Promise.all([alice.hear('buy 5 BYND', { id: 'twice-b' }), alice.hear('buy 5 BYND', { id: 'twice-b' })])
    expect(await sent(alice)).toHaveLength(1)
  })

  test('open nothing while the account is halted, and ask nothing either', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await desk.desk.parts.db
      .insertInto('account_risk')
      .columns(['account_id', 'halted_at', 'halted_because'])
      .expression((eb) =>
        eb
          .selectFrom('accounts as a')
          .innerJoin('members as m', 'm.id', 'a.member_id')
          .where('m.name', '=', alice.name)
          .select((of) => ['a.id', of.val(clock.now()).as('at'), of.val('a test').as('because')]),
      )
      .execute()
    expect(await alice.say('buy 5 BYND')).toContain('The account is HALTED')
    expect(await alice.say('sell 500')).toContain('The account is HALTED')
    expect(await alice.say('buy 100000 BYND')).toContain('The account is HALTED')
    expect(await alice.say('sell 40')).toContain('✓ SOLD 40 BYND')
  })

  test.for([
    ['buy 0 BYND', 'more than zero'],
    ['buy 5 BYND @ 0', 'more than zero'],
    ['buy 5 BYND @ .953', '$0.95 or $0.96'],
    ['buy 5 NOPEE', 'NOPEE'],
    ['buy 0.5 BYND', 'whole shares'],
    ['buy 99999999999 BYND', 'more than the desk takes'],
  ] as const)('%j orders nothing, and says why', async ([text, reason], { alice }) => {
    expect(await alice.say(text)).toContain(reason)
    expect(await sent(alice)).toEqual([])
  })
})
