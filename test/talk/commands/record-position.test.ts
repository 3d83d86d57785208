import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.stale('BYND')
})

const fills = async (who: Someone) =>
  desk.desk.parts.db
    .selectFrom('fills as f')
    .innerJoin('member_identities as i', (join) => join.on('i.platform_id', '=', `slack:T1:${who.name.toUpperCase()}`))
    .innerJoin('accounts as a', 'a.member_id', 'i.member_id')
    .whereRef('f.account_id', '=', 'a.id')
    .select(['f.side', 'f.quantity', 'f.price', 'f.realized_pnl'])
    .orderBy('f.id')
    .execute()

describe('a position is recorded', () => {
  test('as it was said, to the letter', async ({ alice }) => {
    expect(await alice.say('long BYND 3750 @ .63')).toBe('✓ LONG 3,750 BYND @ $0.63')
    expect(await fills(alice)).toEqual([{ side: 'buy', quantity: '3750', price: '0.63', realized_pnl: '0' }])
  })

  test.for([
    'LONG bynd 3,750 AT .63',
    'long $BYND 3.75k @ $.63',
    'bought 3750 shares of BYND at 0.63',
    '  long   BYND 3750 $0.63 ',
    '/long BYND 3750 @ .63',
    'ｌｏｎｇ BYND 3750 @ .63',
  ])('the same when it is written %j', async (text, { alice }) => {
    expect(await alice.say(text)).toBe('✓ LONG 3,750 BYND @ $0.63')
  })

  test('short, and it is the other way round', async ({ alice }) => {
    expect(await alice.say('short AAPL 20 @ 195.40')).toBe('✓ SHORT 20 AAPL @ $195.40')
    expect(await fills(alice)).toEqual([{ side: 'sell', quantity: '20', price: '195.4', realized_pnl: '0' }])
  })

  test('at the current price, which is the last one, when none is said', async ({ alice }) => {
    market.set('BYND', '1.07', '1.09')
    expect(await alice.say('long BYND 10')).toBe('✓ LONG 10 BYND @ $1.07 (recorded at the last price; no order sent)')
  })

  test('in fractions where the lot allows it', async ({ alice }) => {
    expect(await alice.say('long BTC-USD 0.025 @ 63000')).toBe('✓ LONG 0.025 BTC-USD @ $63,000.00')
  })

  test('from the options of a platform command', async ({ alice }) => {
    expect(await alice.command('long', { symbol: 'bynd', quantity: '3,750', price: '$.63' })).toBe(
      '✓ LONG 3,750 BYND @ $0.63',
    )
  })

  test('after the quantity was asked for, when only the symbol was said', async ({ alice }) => {
    expect(await alice.say('long BYND')).toBe('❓ How many BYND are you long?')
    expect(await alice.say('3.75k')).toBe('✓ LONG 3,750 BYND @ $1.01 (recorded at the last price; no order sent)')
  })

  test('after the symbol was asked for, when the thread has none', async ({ alice }) => {
    expect(await alice.say('long 100 @ 1')).toBe('❓ Which symbol?')
    expect(await alice.say('bynd')).toBe('✓ LONG 100 BYND @ $1.00')
  })

  test('once, when it is said in two threads at once: the other is asked what to do with what is open', async () => {
    for (let round = 0; round < 10; round++) {
      const one = someone(desk)
      const said = await Promise.all([one, one.in(`${one.thread}-other`)].map((who) => who.say('long BYND 100 @ 1')))
      expect(said.filter((text) => text === '✓ LONG 100 BYND @ $1.00')).toHaveLength(1)
      expect(said.filter((text) => text.includes('You are already LONG 100 BYND'))).toHaveLength(1)
    }
  })

  test('once, however often the platform delivers the message', async ({ alice }) => {
    const [first, second] = await Promise.all([
      alice.hear('long BYND 100 @ 1', { id: 'same' }),
      alice.hear('long BYND 100 @ 1', { id: 'same' }),
    ])
    expect([...first, ...second].map(({ text }) => text)).toEqual(['✓ LONG 100 BYND @ $1.00'])
    expect(await alice.hear('long BYND 100 @ 1', { id: 'same' })).toEqual([])
    expect(await fills(alice)).toHaveLength(1)
  })
})

describe('nothing is recorded, and the reason said, when', () => {
  test.for([
    ['the quantity is zero', 'long BYND 0 @ .63', 'more than zero'],
    ['the quantity is negative', 'long BYND -5 @ .63', 'more than zero'],
    ['the quantity is absurd', 'long BYND 99999999999999 @ .63', 'more than the desk takes'],
    ['the quantity has more digits than a number', `long BYND ${'9'.repeat(300)} @ .63`, 'I did not understand'],
    [
      'a share is cut',
      'long BYND 1.5 @ .63',
      'The desk trades BYND in whole shares; 1.5 does not fit. Nothing was done.\n💡 Such as 1',
    ],
    [
      'the quantity is below the lot',
      'long BTC-USD 0.00001 @ 63000',
      'steps of 0.0001; 0.00001 does not fit. Nothing was done.\n💡 Such as 0.0001',
    ],
    ['the price is zero', 'long BYND 5 @ 0', 'price must be more than zero'],
    ['the price is negative', 'long BYND 5 @ -1', 'price must be more than zero'],
    ['the price is absurd', 'long BYND 5 @ 99,999,999', 'more than the desk takes'],
    ['the price is finer than any', 'long BYND 5 @ 0.630000001', 'at most 8 decimals'],
    ['the quantity is a fraction of nothing', 'long BYND half', '`long` takes no share'],
    ['something was not understood', 'long BYND 5 @ .63 tomorrow maybe', 'I did not understand'],
    ['it was a question', 'long BYND 5 or 6 @ .63?', 'I did not understand "or'],
  ] as const)('%s', async ([_, text, reason], { alice }) => {
    expect(await alice.say(text)).toContain(reason)
    expect(await fills(alice)).toEqual([])
  })

  test('that takes all buying power says so', async ({ alice }) => {
    expect(await alice.say('long BYND 100 @ 1')).not.toContain('buying power')
    expect(await alice.say('long AAPL 1000 @ 190')).toMatch(
      /^✓ LONG 1,000 AAPL @ \$190\.00\n\n⚠️ No buying power is left in this account \(what is held cost \$90,100\.00 more than the account has\): /,
    )
  })

  test('the symbol is not known, with the nearest ones', async ({ alice }) => {
    expect(await alice.say('long BYNF 5')).toBe(
      "⚠️ I don't know the symbol BYNF. Nothing was done.\n💡 Did you mean BYND?",
    )
    expect(await alice.say('long WXYZQQ 5')).toContain('The market in use (hand) has others, such as BYND')
    expect(await fills(alice)).toEqual([])
  })

  test('there is no fresh price and none was said', async ({ alice }) => {
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('long BYND 5')).toBe(
      '⚠️ There is no current price for BYND: the quote is 60 s old (limit 15 s). Nothing was recorded.\n💡 Say the price: `long BYND 100 @ 1.25`',
    )
    expect(await alice.say('long BYND 5 @ 1')).toBe('✓ LONG 5 BYND @ $1.00')
  })

  test('the price is far from the market and the answer is no', async ({ alice }) => {
    expect(await alice.say('long BYND 5 @ 63')).toContain('🤔 BYND is at $1.01; you said $63.00. Is that right?')
    expect(await alice.say('no')).toBe('OK, nothing was recorded.')
    expect(await fills(alice)).toEqual([])
    await alice.say('long BYND 5 @ 63')
    expect(await alice.say('1')).toBe('✓ LONG 5 BYND @ $63.00')
  })

  test('a quantity that was asked for is none: it is asked for again', async ({ alice }) => {
    await alice.say('long BYND')
    expect(await alice.say('0')).toBe(
      '⚠️ The quantity must be more than zero. Nothing was done.\n💡 A number such as 500, 3,750 or 3.75k\n\n❓ How many BYND are you long?',
    )
    expect(await alice.say('a lot')).toContain('"a lot" is not a quantity.')
    expect(await alice.say('never mind')).toBe('OK, never mind: `long` asks no more. Nothing was done.')
    expect(await fills(alice)).toEqual([])
  })
})

describe('when one is open already', () => {
  test.beforeEach(({ alice }) => alice.say('long BYND 100 @ 1'))

  test('the desk asks what to do, with the new average of each way', async ({ alice }) => {
    expect(await alice.say('long BYND 300 @ 2')).toBe(
      [
        '❓ You are already LONG 100 BYND @ $1.00.',
        'What is LONG 300 @ $2.00?',
        '  1️⃣  ADD - Together: LONG 400 BYND @ $1.75',
        '  2️⃣  UPDATE - Correct it to LONG 300 BYND @ $2.00, keep the realized P&L',
        "  3️⃣  REPLACE - Book the old one's P&L, begin with LONG 300 BYND @ $2.00",
        '',
        '💡 Reply with 1, 2, or 3',
      ].join('\n'),
    )
  })

  test('the figures are those of the example', async ({ bob }) => {
    await bob.say('long BYND 2000 @ .55')
    const text = await bob.say('long 5000 @ .60')
    expect(text).toContain('LONG 2,000 BYND @ $0.55')
    expect(text).toContain('1️⃣  ADD - Together: LONG 7,000 BYND @ $0.5857')
    expect(text).toContain('2️⃣  UPDATE - Correct it to LONG 5,000 BYND @ $0.60')
  })

  test('adding makes one position at the average price', async ({ alice }) => {
    await alice.say('long BYND 300 @ 2')
    expect(await alice.say('add')).toBe('✓ LONG 400 BYND @ $1.75 (added 300 @ $2.00)')
    expect(await alice.say('positions')).toContain('LONG 400 BYND @ $1.75')
  })

  test('updating corrects quantity and price and keeps the realized P&L', async ({ alice }) => {
    await alice.say('trim BYND 50')
    await alice.say('long BYND 300 @ 2')
    expect(await alice.say('2')).toBe('✓ LONG 300 BYND @ $2.00 (was LONG 50 BYND @ $1.00)')
    expect(await alice.say('pl')).toContain('Realized P&L: $+0.50')
  })

  test('replacing books the P&L of the old one at the market, as it was shown, and begins anew', async ({ alice }) => {
    await alice.say('trim BYND 50')
    await alice.say('long BYND 300 @ 2')
    expect(await alice.say('replace')).toBe(
      [
        '❓ At what price did LONG 50 BYND @ $1.00 end?',
        '  1️⃣  Market - $1.01, P&L $+0.50',
        '  2️⃣  Price - Enter the price that it ended at',
        '',
        '💡 Reply with 1 or 2',
      ].join('\n'),
    )
    market.set('BYND', '1.50')
    expect(await alice.say('1')).toBe(
      '✓ LONG 300 BYND @ $2.00\nReplaced: LONG 50 BYND @ $1.00, ended @ $1.01, P&L $+0.50',
    )
    expect(await fills(alice)).toMatchObject([
      { side: 'buy', quantity: '100', price: '1' },
      { side: 'sell', quantity: '50', realized_pnl: '0.5' },
      { side: 'sell', quantity: '50', price: '1.01', realized_pnl: '0.5' },
      { side: 'buy', quantity: '300', price: '2' },
    ])
    expect(await alice.say('pl')).toContain('Realized P&L: $0.00')
  })

  test('replacing books it at the price that was said', async ({ alice }) => {
    await alice.say('long BYND 300 @ 2')
    await alice.say('3')
    expect(await alice.say('2')).toBe('❓ At what price did LONG 100 BYND @ $1.00 end?')
    expect(await alice.say('nothing')).toContain('"nothing" is not a price.')
    expect(await alice.say('$1.20')).toContain('ended @ $1.20, P&L $+20.00')
  })

  test('replacing takes a price for the answer to both questions', async ({ alice }) => {
    await alice.say('long BYND 300 @ 2')
    await alice.say('3')
    expect(await alice.say('@ .70')).toContain('ended @ $0.70, P&L $-30.00')
  })

  test('replacing asks for the price at once where the market has none', async ({ alice }) => {
    await alice.say('long BYND 300 @ 2')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('3')).toBe('❓ At what price did LONG 100 BYND @ $1.00 end?')
    expect(await alice.say('.90')).toContain('ended @ $0.90, P&L $-10.00')
  })

  test('the opposite direction nets with it, and says what that locks in', async ({ alice }) => {
    expect(await alice.say('short BYND 40 @ 1.50')).toContain(
      '1️⃣  ADD - Net with it: LONG 60 BYND @ $1.00, locks in $+20.00',
    )
    expect(await alice.say('1')).toBe('✓ LONG 60 BYND @ $1.00 (netted 40 @ $1.50, P&L $+20.00)')
    expect(await alice.say('pl')).toContain('Realized P&L: $+20.00')
  })

  test('the opposite direction beyond it turns it round', async ({ alice }) => {
    await alice.say('short BYND 250 @ 1.50')
    expect(await alice.say('add')).toBe('✓ SHORT 150 BYND @ $1.50 (netted 250 @ $1.50, P&L $+50.00)')
  })

  test('netting to nothing closes it', async ({ alice }) => {
    await alice.say('short BYND 100 @ 1.50')
    expect(await alice.say('add')).toBe('✓ FLAT (netted 100 @ $1.50, P&L $+50.00)')
    expect(await alice.say('positions')).toContain('No open positions')
  })

  test('an answer that was given after the position changed is put to the person again', async ({ alice }) => {
    const [question] = await alice.hear('long BYND 300 @ 2')
    await alice.in('elsewhere').say('trim BYND 50')
    const [again] = await alice.press(question!, 'add')
    expect(again!.text).toContain('You are already LONG 50 BYND @ $1.00.')
    expect(again!.text).toContain('ADD - Together: LONG 350 BYND @ $1.8571')
    expect((await alice.press(again!, 'add'))[0]!.text).toContain('✓ LONG 350 BYND')
  })

  test('it cannot be changed while a scaleout runs', async ({ alice }) => {
    await alice.say('scaleout BYND slow')
    await alice.say('long BYND 300 @ 2')
    expect(await alice.say('add')).toContain('BYND is being sold right now, so the position cannot be changed.')
    expect(await alice.say('positions')).toContain('LONG 100 BYND @ $1.00')
  })
})
