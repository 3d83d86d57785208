import { describe, expect, onTestFinished } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { createStudies } from '../../../src/watch/monitor/studies.ts'
import { sweepPositions } from '../../../src/watch/monitor/sweep.ts'
import { startTicks } from '../../../src/watch/monitor/ticks.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { runNextChunk } from '../orders/by-hand.ts'
import { unkindDesk } from '../orders/unkind.ts'
import { type Ledger, ledgerOf } from './splitting.ts'

let ledger: Ledger

/** A Friday, after the exchange has opened. */
const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({ worker: false, clock, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
const owner = someone(desk, 'uowner')
test.beforeAll(() => {
  ledger = ledgerOf(desk)
})
test.beforeEach(() => {
  market.set('BYND', '0.60')
  market.set('AAPL', '190')
})
/** Leaves nothing open, so that the next test's split concerns nobody else. */
test.afterEach(async ({ alice }) => {
  market.set('BYND', '0.60')
  await owner.say('never mind')
  await ledger.leave(alice)
  await alice.say('close AAPL now')
})

const tooEarly = (alice: Someone, what: string) =>
  `the market does not show prices of new BYND shares yet.\n${alice.name}: ${what}\n`

describe('anything that would trade new shares at prices of old ones', () => {
  test('a scaleout that runs', async ({ alice }) => {
    await alice.say('long BYND 3755 @ .63')
    await alice.say('scaleout BYND fast')
    await runNextChunk(desk, clock)
    const { signed_quantity: before } = await ledger.positionOf(alice)
    expect(await owner.say('split BYND 1:10 cash 6')).toContain(
      tooEarly(alice, 'the scaleout, which would go on at $0.60'),
    )
    // The market now shows prices of new shares.
    market.set('BYND', '6.00')
    expect(await owner.say('split BYND 1:10 cash 6')).toContain('🔀 SPLIT BYND 1:10')
    // The market shows prices of old shares again before the answer.
    market.set('BYND', '0.60')
    const said = await owner.say('1')
    expect(said).toContain('⚠️ NOT DONE: SPLIT BYND 1:10')
    expect(said).toContain(tooEarly(alice, 'the scaleout, which would go on at $0.60').trim())
    expect((await ledger.positionOf(alice)).signed_quantity).toBe(before)
  })

  test.for([
    ['close BYND at 3:55pm', 'the order for later 1, CLOSE BYND at the market'],
    ['buy 100 BYND in 20 minutes', 'the order for later 1, BUY 100 BYND at the market'],
  ] as const)('an order for later that is due today: %s', async ([text, what], { alice }) => {
    await alice.say('long BYND 1000 @ .63')
    expect(await alice.say(text)).toMatch(/^⏰/)
    expect(await owner.say('split BYND 1:10')).toContain(tooEarly(alice, what))
  })

  test('an order at the market that the venue still has', async () => {
    const slow = await unkindDesk({ environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
    slow.venue.script({ parts: [{ weight: 1, afterMs: 600_000 }] })
    const [bob, chief] = [someone(slow), someone(slow, 'uowner')]
    await bob.say('long BYND 1000 @ .63')
    await bob.say('sell 300 BYND now')
    await expect.poll(async () => (await slow.orders())[0]?.state).toBe('working')
    expect(await chief.say('split BYND 1:10')).toContain(`${bob.name}: SELL 300 BYND, an order at the market\n`)
    slow.price('BYND', '10.10')
    expect(await chief.say('split BYND 1:10')).toContain('🔀 SPLIT BYND 1:10')
  })

  test('not one that is due another day, nor anything while the symbol does not trade', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('close BYND tomorrow at 10:00')
    expect(await owner.say('split BYND 1:10')).toContain('🔀 SPLIT BYND 1:10')
    await owner.say('2')
    await alice.say('scaleout BYND fast')
    market.stale('BYND', 'closed')
    expect(await owner.say('split BYND 1:10')).toContain('🔀 SPLIT BYND 1:10')
    await owner.say('2')
  })
})

describe('P&L after a split', () => {
  const lines = async (who: Someone) => {
    const said = await who.say('pl BYND')
    return [/^Current: .*$/m, /^Unrealized P&L: .*$/m].map((line) => line.exec(said)?.[0])
  }

  test.for(['fresh', 'not fresh'])(
    'is in new shares while the market shows an old price that is %s',
    async (age, { alice }) => {
      await alice.say('long BYND 3750 @ .63')
      const [, before] = await lines(alice)
      const equity = /equity \S+/.exec(await alice.say('pl'))![0]
      if (age === 'not fresh') market.stale('BYND', 'closed')
      await owner.say('split BYND 1:10')
      expect(await owner.say('1')).toContain('✓ SPLIT')
      expect(await lines(alice)).toEqual([
        'Current: $6.00 (stale: the market shows $0.60, of before the split 1:10)',
        before,
      ])
      const all = await alice.say('pl')
      expect(all).toContain(`${equity} (stale: BYND)`)
      expect(await alice.say('positions')).toContain('LONG 375 BYND @ $6.30 · now $6.00 · $-112.50 (-4.76%)')
      // A price of new shares is used unchanged.
      market.set('BYND', '5.80')
      expect((await lines(alice))[0]).toBe('Current: $5.80')
    },
  )

  test.for(['ticks', 'sweeps'])(
    'is not marked, and nothing is raised, on prices of old shares that %s see',
    async (by, { alice }) => {
      const { parts, critical } = desk.desk
      const studies = createStudies(parts)
      const ticks = by === 'ticks' ? startTicks(parts, critical, studies) : undefined
      onTestFinished(() => ticks?.close())
      const watched = async () => {
        if (ticks) {
          ticks.refresh()
          await ticks.rest()
        } else await sweepPositions(parts, studies, {})
        const { id } = await ledger.positionOf(alice)
        const db = desk.desk.parts.db
        const events = await db
          .selectFrom('desk_events')
          .select('type')
          .where('position_id', '=', id)
          .orderBy('id')
          .execute()
        const watch = await db.selectFrom('position_watch').selectAll().where('position_id', '=', id).executeTakeFirst()
        return { types: events.map(({ type }) => type), mark: new Big(watch!.mark!).toFixed() }
      }
      await alice.say('long BYND 3750 @ .63')
      await watched()
      await owner.say('split BYND 1:10')
      await owner.say('1')
      market.set('BYND', '0.59')
      expect(await watched()).toEqual({ types: ['position_opened', 'corporate_action'], mark: '6' })
      // With prices of new shares the position is watched again.
      market.set('BYND', '5.60')
      expect(await alice.say('stop BYND 5.50')).toContain('STOP SET')
      market.set('BYND', '5.40')
      const isTouched = (type: string) => type.startsWith('trading.')
      await expect.poll(async () => (await watched()).types.some(isTouched)).toBe(true)
    },
  )

  test('of a short position takes as much of the buying power as before', async ({ alice }) => {
    await alice.say('short BYND 3750 @ .63')
    const before = /\$[\d,.]+ of buying power.*/.exec(await alice.say('limits'))![0]
    await owner.say('split BYND 1:10')
    await owner.say('1')
    expect(await alice.say('limits')).toContain(before)
  })

  test('covers all trades under old and new names and units', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await owner.say('split BYND 1:10')
    await owner.say('1')
    market.set('BYND', '6.00')
    await alice.say('sell 75 BYND now')
    expect(await alice.say('pl BYND all')).toContain('What was traded before the split 1:10 counts in shares of then\n')
    market.set('AAPL', '6.00')
    await owner.say('rename BYND to AAPL')
    expect(await owner.say('1')).toContain('✓ BYND IS AAPL NOW')
    await alice.say('sell 100 AAPL now')
    const [all, now, was] = [await alice.say('pl all'), await alice.say('pl AAPL all'), await alice.say('pl BYND all')]
    expect(all).toContain('AAPL · 3 fills · realized $-52.50\n')
    expect(all).not.toContain('BYND ·')
    expect(now).toMatch(/^💰 P&L OF ALL TIME - AAPL\n3 fills since/)
    expect(now).toContain('Realized P&L: $-52.50\n')
    expect(was).toContain('Nothing was ever traded in BYND in this account.')
    expect(was).toContain('BYND is AAPL now: `pl AAPL all` has what was open then, and since\nAccount: equity ')
    expect(await alice.say('pl BYND')).toContain('BYND is AAPL now')
  })
})

test('a scaleout in the middle of a split tells amounts that have an end, and says which chunks were of old shares', async ({
  alice,
}) => {
  await alice.say('long BYND 3000 @ .63')
  await alice.say('scaleout BYND fast')
  await runNextChunk(desk, clock)
  const { signed_quantity: left } = await ledger.positionOf(alice)
  market.stale('BYND', 'closed')
  await owner.say('split BYND 1:7 cash 4')
  expect(await owner.say('1')).toContain('✓ SPLIT')
  market.set('BYND', '4.20')
  const sold = ((3000 - Number(left)) / 7).toFixed(2)
  const shown = [await alice.say('tasks'), await alice.say('task 1')]
  for (const said of shown) {
    expect(said).toContain(`${sold.replace(/\.?0+$/, '')}`)
    expect(said).not.toMatch(/\d\.\d{5}/)
  }
  expect(shown[1]).toMatch(/^✓ 1\/\d+ · .* @ \$0\.60 · P&L .* · before the split 1:7$/m)
  await runNextChunk(desk, clock)
  expect(await alice.say('task 1')).toMatch(/^✓ 2\/\d+ · .* @ \$4\.20 · P&L \S+$/m)
  await alice.say('cancel scaleout')
  expect(await alice.say('history')).not.toMatch(/\d\.\d{5}/)
})

describe('another symbol', () => {
  test('is refused where prices say that it is not the same company', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('target BYND .90')
    expect(await owner.say('rename BYND to AAPL')).toBe(
      '⚠️ BYND is at $0.60, AAPL at $190.00: these are not the same shares. Nothing was done.\n💡 Is it AAPL? If it was split as well, say that first: `split BYND 1:10`',
    )
    // The prices move apart after the question.
    market.set('AAPL', '.61')
    expect(await owner.say('rename BYND to AAPL')).toContain('Price now: BYND is at $0.60, AAPL at $0.61\n')
    market.set('AAPL', '190')
    expect(await owner.say('1')).toContain('these are not the same shares')
    expect((await ledger.positionOf(alice)).symbol).toBe('BYND')
  })

  test('tells the effects of its price, and a yes is for these effects', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('stop BYND .55')
    market.set('AAPL', '.60')
    const asked = await owner.say('rename BYND to AAPL')
    expect(asked).not.toContain('sets off')
    market.set('AAPL', '.54')
    const again = await owner.say('1')
    expect(again).toContain('⚠️ It is about something else than a moment ago.')
    expect(again).toContain(`⚠️ The price of AAPL sets off at once:\n${alice.name}: the stop at $0.55\n`)
    await owner.say('2')
  })

  test('and a split name the account of whoever has several', async ({ alice }) => {
    await alice.say('account new swing')
    await alice.say('use swing')
    await alice.say('long BYND 1000 @ .63')
    market.set('AAPL', '.60')
    expect(await owner.say('rename BYND to AAPL')).toContain(`What ${alice.name} (swing) has in BYND will be in AAPL.`)
    await owner.say('2')
    expect(await owner.say('split BYND 1:10')).toContain(`${alice.name} (swing): LONG 1,000 BYND`)
    await owner.say('2')
    await alice.say('stop BYND .55')
    expect(await owner.say('split BYND 1:10')).toContain(`${alice.name} (swing): the stop at $5.50`)
  })
})
