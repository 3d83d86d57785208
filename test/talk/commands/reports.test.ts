import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'

/** A Friday, 10:00 AM in New York. */
const friday = new Date('2026-11-20T15:00:00Z')
const clock = handClock(friday)
const { test, market } = deskTest({ worker: false, clock, environment: { PAPER_COMMISSION: '0.005' } })
test.beforeEach(() => {
  clock.set(friday)
  market.set('BYND', '1')
  market.set('AAPL', '190')
})
const later = (moment: string) => clock.set(new Date(moment))
const rule = '━━━━━━━━━━━━━━━━━━━━━━'

describe('balance', () => {
  test('shows equity, cash, buying power and the day', async ({ alice }) => {
    await alice.say('buy 1000 BYND')
    market.set('BYND', '1.10')
    expect(await alice.say('balance')).toBe(
      [
        '💼 BALANCE',
        'Equity: $100,095.00',
        'Cash: $98,995.00',
        'Buying power: $98,995.00',
        'Today, with what is open: $+95.00 (+0.10%)',
        'In all: $+95.00 since $100,000.00 · realized $-5.00',
      ].join('\n'),
    )
  })

  test('says what working orders and short positions take', async ({ alice }) => {
    await alice.say('short AAPL 10 @ 190')
    await alice.say('buy 100 BYND @ .50')
    const said = await alice.say('how much buying power do i have')
    expect(said).toContain('Cash: $101,900.00')
    expect(said).toContain(
      'Buying power: $97,100.00 ($50.00 is kept for working orders, $2,850.00 for short positions)',
    )
  })

  test('is refused without an account, and is only that of its member', async ({ alice, bob }) => {
    await alice.say('buy 1000 BYND')
    expect(await bob.say('balance')).toContain('You have no account yet')
  })
})

describe('trades', () => {
  test('are no recordings that were undone', async ({ alice }) => {
    await alice.say('long AAPL 5 @ 190')
    await alice.say('undo')
    expect(await alice.say('trades')).toContain('No trade is closed yet')
    await alice.say('buy 10 BYND')
    await alice.say('close BYND now')
    await alice.say('long AAPL 5 @ 190')
    await alice.say('undo')
    expect(await alice.say('trades')).toContain('1 trade:')
    expect(await alice.say('daily')).toContain('1 trade closed')
  })

  test('lists closed trades, the newest first, and what they come to', async ({ alice, bob }) => {
    expect(await alice.say('trades')).toContain('No trade is closed yet')
    await alice.say('buy 100 BYND')
    await alice.say('buy 100 BYND')
    market.set('BYND', '1.20')
    later('2026-11-20T17:30:00Z')
    await alice.say('close BYND now')
    await alice.say('short AAPL 10 @ 190')
    market.set('AAPL', '195')
    later('2026-11-23T15:00:00Z')
    await alice.say('close AAPL now')
    await bob.say('buy 100 BYND')
    await bob.say('close BYND now')
    await alice.say('buy 5 BYND')
    expect(await alice.say('trades')).toBe(
      [
        '📒 CLOSED TRADES',
        'SHORT AAPL · 10 @ $190.00 → 10 @ $195.00 · $-50.05 (-2.63%) · held 69 h 30 min · 2026-11-23 10:00 EST',
        'LONG BYND · 200 @ $1.00 → 200 @ $1.20 · $+38.00 (+19.00%) · held 2 h 30 min · 2026-11-20 12:30 EST',
        rule,
        '2 trades: 1 won, 1 lost · win rate 50.0%',
        'Average win $+38.00 · average loss $-50.05 · profit factor 0.76',
        'Realized in closed trades: $-12.05 · deepest fall: $50.05',
        "💡 `pl today` counts today's fills, `history AAPL` tells each",
      ].join('\n'),
    )
  })

  test('are in pages', async ({ alice }) => {
    for (let trade = 0; trade < 11; trade += 1) {
      await alice.say('buy 10 BYND')
      await alice.say('close BYND now')
    }
    const first = await alice.say('trades')
    expect(first).toContain('📒 CLOSED TRADES (page 1 of 2)')
    expect(first.match(/LONG BYND/g)).toHaveLength(10)
    expect(first).toContain('11 trades: 0 won, 11 lost · win rate 0.0%')
    expect(first).toContain('💡 `trades 2` goes on')
    expect((await alice.say('trades 2')).match(/LONG BYND/g)).toHaveLength(1)
    expect(await alice.say('trades 3')).toContain('There is no page 3')
    expect(await alice.say('trades 0')).toContain('There is no page 0')
  })
})

describe('daily and weekly', () => {
  test('sum what was realized by the days and weeks of the exchange', async ({ alice, bob }) => {
    expect(await alice.say('daily')).toBe('📅 DAILY P&L\nNothing was traded in the last 10 days.')
    later('2026-11-12T15:00:00Z')
    await alice.say('buy 100 BYND')
    market.set('BYND', '1.10')
    later('2026-11-20T04:59:00Z') // the 19th in New York
    await alice.say('sell 50 BYND')
    later('2026-11-20T05:01:00Z')
    await alice.say('sell 50 BYND')
    await bob.say('buy 100 BYND')
    expect(await alice.say('daily')).toBe(
      [
        '📅 DAILY P&L - the last 10 days',
        'Fri Nov 20, 2026 · $+4.75 · 1 fill · 1 trade closed, 1 won',
        'Thu Nov 19, 2026 · $+4.75 · 1 fill',
        'Thu Nov 12, 2026 · $-0.50 · 1 fill',
        rule,
        'Realized in the last 10 days: $+9.00',
        'Days without a trade are left out.',
      ].join('\n'),
    )
    expect(await alice.say('daily 2')).not.toContain('Nov 12')
    expect(await alice.say('weekly')).toBe(
      [
        '📅 WEEKLY P&L - the last 8 weeks',
        'Week of Nov 16, 2026 · $+9.50 · 2 fills · 1 trade closed, 1 won',
        'Week of Nov 9, 2026 · $-0.50 · 1 fill',
        rule,
        'Realized in the last 8 weeks: $+9.00',
        'Weeks without a trade are left out.',
      ].join('\n'),
    )
    expect(await alice.say('weekly 1')).not.toContain('Nov 9')
  })

  test('take a number that they can show', async ({ alice }) => {
    expect(await alice.say('daily 61')).toContain('`daily` takes a number of days from 1 to 60.')
    expect(await alice.say('weekly 0')).toContain('`weekly` takes a number of weeks from 1 to 52.')
  })
})
