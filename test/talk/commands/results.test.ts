import { describe, expect } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { dollarsText, profitText } from '../../../src/base/format.ts'
import { bookOf, cashOf } from '../../../src/trading/accounts/rows/account-book.ts'
import { accountsOfPerson } from '../../../src/trading/accounts/rows/accounts.ts'
import { createStudies } from '../../../src/watch/monitor/studies.ts'
import { sweepPositions } from '../../../src/watch/monitor/sweep.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { everyFill } from '../../trading/orders/every-fill.ts'
import { type Someone, someone } from './someone.ts'

/** A Friday, 10:00 AM in New York. */
const morning = new Date('2026-11-20T15:00:00Z')
const clock = handClock(morning)
const { test, desk, market } = deskTest({ worker: false, clock, environment: { PAPER_COMMISSION: '0.005' } })
test.beforeEach(() => {
  clock.set(morning)
  market.set('BYND', '1')
  market.set('AAPL', '190')
  market.stale('BYND')
})

const rule = '━━━━━━━━━━━━━━━━━━━━━━'
const later = (moment: string) => clock.set(new Date(moment))
const accountOf = async ({ name }: Someone) =>
  (await accountsOfPerson(desk.desk.parts.db, `slack:T1:${name.toUpperCase()}`))![0]!.id
/** Notes what accounts are worth as the monitor does, the first time on a day. */
async function lookedAt(who: Someone): Promise<void> {
  const { parts } = desk.desk
  await sweepPositions(parts, createStudies(parts), { accountId: await accountOf(who) })
}

describe('pl today', () => {
  test('is what was realized since midnight in New York, by symbol, and the account', async ({ alice }) => {
    await alice.say('buy 100 BYND')
    await alice.say('buy 10 AAPL')
    market.set('BYND', '1.10')
    await alice.say('sell 50 BYND')
    expect(await alice.say('pl today')).toBe(
      [
        '💰 P&L TODAY - since 12:00 AM EST',
        'AAPL · 1 fill · realized $-0.05',
        'BYND · 2 fills · realized $+4.25',
        rule,
        'Realized today: $+4.20',
        'Account: equity $100,009.20 · cash $98,054.20',
        'Today, with what is open: $+9.20 · realized in all: $+4.20',
      ].join('\n'),
    )
    expect(await alice.say('pl bynd today')).toContain('BYND · 2 fills · realized $+4.25\n━')
    expect(await alice.say('pl bynd today')).not.toContain('AAPL')
  })

  test('begins anew at midnight in New York, whatever the clocks of the member show', async ({ alice }) => {
    await alice.say('timezone Europe/Berlin')
    later('2026-11-21T04:59:00Z')
    await alice.say('buy 100 BYND')
    await alice.say('sell 100 BYND')
    expect(await alice.say('pl today')).toContain('BYND · 2 fills · realized $-1.00')
    later('2026-11-21T05:01:00Z')
    expect(await alice.say('pl today')).toBe(
      [
        '💰 P&L TODAY - since 6:00 AM CET',
        'Nothing was traded.',
        rule,
        'Realized today: $0.00',
        'Account: equity $99,999.00 · cash $99,999.00',
        'Today, with what is open: $0.00 · realized in all: $-1.00',
      ].join('\n'),
    )
  })

  test('with something open over midnight is measured from the first look at it, and unknown without one', async ({
    alice,
  }) => {
    await alice.say('buy 100 BYND')
    later('2026-11-23T14:00:00Z')
    expect(await alice.say('pl')).toContain('Today, with what is open: unknown (nobody looked when it began)')
    market.set('BYND', '1.20')
    await lookedAt(alice)
    market.set('BYND', '1.25')
    expect(await alice.say('pl')).toContain('Today, with what is open: $+5.00 · realized in all: $-0.50')
    await alice.say('sell 100')
    expect(await alice.say('pl today')).toContain('Today, with what is open: $+4.50 · realized in all: $+24.00')
  })

  test('is about none of what a position had gained before it was recorded', async ({ alice }) => {
    market.set('BYND', '1.50')
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('pl')).toContain('Today, with what is open: $0.00')
    market.set('BYND', '1.60')
    expect(await alice.say('pl')).toContain('Today, with what is open: $+10.00')
    const leftOut = 'Today leaves out $+50.00 of P&L from before positions were recorded'
    for (const said of ['pl', 'pl today', 'balance']) expect(await alice.say(said)).toContain(leftOut)
    await alice.say('undo')
    expect(await alice.say('pl')).not.toContain('leaves out')
    expect(await alice.say('accounts')).toContain('equity $100,000.00 · cash $100,000.00')
  })
})

describe('pl week', () => {
  test('is what was realized since Monday, and what was gained with what is open', async ({ alice }) => {
    await alice.say('buy 100 BYND')
    await alice.say('sell 100 BYND')
    later('2026-11-22T20:00:00Z') // a Sunday
    expect(await alice.say('pl week')).toContain('💰 P&L THIS WEEK - since Mon Nov 16, 12:00 AM EST\nBYND · 2 fills')
    later('2026-11-24T15:00:00Z') // the Tuesday after
    market.set('BYND', '1.40')
    await alice.say('long BYND 100 @ 1')
    await alice.say('buy 2 AAPL')
    market.set('AAPL', '191')
    expect(await alice.say('pl week')).toBe(
      [
        '💰 P&L THIS WEEK - since Mon Nov 23, 12:00 AM EST',
        'AAPL · 1 fill · realized $-0.01',
        'BYND · 1 fill · realized $0.00',
        rule,
        'Realized this week: $-0.01',
        'This week, with what is open: $+1.99',
        'This week leaves out $+40.00 of P&L from before positions were recorded',
        'Account: equity $100,040.99 · cash $99,518.99',
        'Today, with what is open: $+1.99 · realized in all: $-1.01',
        'Today leaves out $+40.00 of P&L from before positions were recorded',
      ].join('\n'),
    )
    expect(await alice.say('pl this week')).toContain('💰 P&L THIS WEEK')
  })
})

describe('pl SYMBOL all', () => {
  test('is everything that was ever traded in it, positions that are over included', async ({ alice }) => {
    await alice.say('buy 100 BYND')
    market.set('BYND', '1.10')
    await alice.say('close now')
    later('2027-01-20T15:00:00Z')
    await alice.say('buy 200 BYND')
    market.set('BYND', '1.20')
    expect(await alice.say('pl BYND all')).toBe(
      [
        '💰 P&L OF ALL TIME - BYND',
        '3 fills since 2026-11-20 10:00 EST',
        'Bought 300 for $320.00 · sold 100 for $110.00 · commissions $2.00',
        'Open: LONG 200 BYND @ $1.10 · now $1.20',
        'Unrealized P&L: $+20.00',
        'Realized P&L: $+8.00',
        rule,
        'Master P&L: $+28.00',
        'Account: equity $100,028.00 · cash $99,788.00',
        'Today, with what is open: $+19.00 · realized in all: $+8.00',
      ].join('\n'),
    )
    await alice.say('buy 2 AAPL')
    expect(await alice.say('pl all')).toContain('AAPL · 1 fill · realized $-0.01\nBYND · 3 fills · realized $+8.00\n')
    expect(await alice.say('pl all time')).toContain('P&L OF ALL TIME')
  })

  test('of what was never traded says so', async ({ alice }) => {
    expect(await alice.say('pl all')).toContain('Nothing was ever traded in this account.')
    await alice.say('buy 100 BYND')
    expect(await alice.say('pl AAPL all')).toMatch(
      /Nothing was ever traded in AAPL in this account\.\n💡 .*\nAccount: equity .*\nToday, with what is open: /,
    )
  })

  test('is said while the account is halted, and on a stale price', async ({ alice }) => {
    await alice.say('buy 100 BYND')
    await alice.say('breaker')
    market.stale('BYND', 'the quote is old')
    expect(await alice.say('pl BYND all')).toMatch(
      /^⛔.*\n💰 P&L OF ALL TIME - BYND\n(.|\n)*now \$1\.00 \(stale: the quote is old\)/,
    )
    expect(await alice.say('pl BYND all')).toContain('Account: equity $99,999.50 (stale: BYND) · cash')
  })

  test('of all positions is still about what is open', async ({ alice }) => {
    await alice.say('buy 100 BYND')
    await alice.say('buy 1 AAPL')
    expect(await alice.say('pl of all my positions')).toContain('LONG 100 BYND @ $1.00 · unrealized')
  })
})

describe('whatever is traded', () => {
  const price = fc.integer({ min: 1, max: 500 }).map((cents) => new Big(cents).div(100).toFixed(2))
  const quantity = fc.integer({ min: 1, max: 400 })
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('buy', 'sell', 'trim'), quantity, price }),
    fc.record({ kind: fc.constantFrom('long', 'short'), quantity, price }),
    fc.record({ kind: fc.constantFrom('close'), quantity, price }),
  )

  test('the realized shown is the sum over the fills, and equity is cash and what is open at the market', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), price, async (steps, last) => {
        const who = someone(desk)
        for (const one of steps) {
          market.set('BYND', one.price)
          if (one.kind === 'long' || one.kind === 'short') {
            const asked = await who.say(`${one.kind} BYND ${one.quantity} @ ${one.price}`)
            if (asked.includes('1️⃣')) await who.say('add')
          } else if (one.kind === 'close') await who.say('close now')
          else {
            const asked = await who.say(`${one.kind} ${one.quantity} BYND`)
            if (asked.includes('1️⃣')) await who.say('1')
          }
          await who.say('never mind')
        }
        market.set('BYND', last)
        const { db } = desk.desk.parts
        const accounts = (await accountsOfPerson(db, `slack:T1:${who.name.toUpperCase()}`))!
        if (accounts.length === 0) return
        const { id } = accounts[0]!
        const [book, fills] = await Promise.all([bookOf(db, id), everyFill(db, id)])
        const realized = sum(fills.map((fill) => fill.realizedPnl))
        const flow = sum(
          fills.map(({ side, quantity: of, price: at, commission }) =>
            of
              .times(at)
              .times(side === 'buy' ? -1 : 1)
              .minus(commission),
          ),
        )
        const worth = sum(book.open.map(({ signedQuantity }) => signedQuantity.times(last)))
        const cash = cashOf(book)
        expect(cash.toFixed()).toBe(new Big(100_000).plus(flow).toFixed())
        expect(book.realized.toFixed()).toBe(realized.toFixed())
        // A jump is believed after half a second.
        const equity = `equity ${dollarsText(cash.plus(worth))} · cash ${dollarsText(cash)}`
        if (fills.length > 0) await expect.poll(() => who.say('pl all')).toContain(equity)
        const said = await who.say('pl all')
        if (fills.length === 0) {
          expect(said).toContain('Nothing was ever traded')
          return
        }
        expect(said).toContain(`Realized in all: ${profitText(realized)}\n`)
        expect(said).toContain(`realized in all: ${profitText(realized)}`)
        expect(await who.say('pl today')).toContain(`Realized today: ${profitText(realized)}\n`)
      }),
      { numRuns: 14 },
    )
  })
})
