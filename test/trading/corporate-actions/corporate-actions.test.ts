import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { accountDays } from '../../../src/trading/accounts/rows/day-equity.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'
import { runNextChunk, runToTheEnd } from '../orders/by-hand.ts'
import { type Ledger, ledgerOf } from './splitting.ts'

let ledger: Ledger
/** The venue does not answer a cancel of orders of these quantities. */
let silentFor: Set<string>

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({
  worker: false,
  clock,
  environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' },
  venue: (paper) => ({
    ...paper,
    async cancel(reference) {
      const order = await paper.find(reference)
      if (order && silentFor.has(order.quantity.toFixed())) return { outcome: 'unknown', words: 'no answer' }
      return paper.cancel(reference)
    },
  }),
})
const owner = someone(desk, 'uowner')
test.beforeAll(() => {
  ledger = ledgerOf(desk)
})

test.beforeEach(() => {
  silentFor = new Set()
  market.set('BYND', '0.60')
})

const db = () => desk.desk.parts.db

test('a split follows through all that is held, protected, ordered and planned, in every account, and tells each thread', async ({
  alice,
  bob,
}) => {
  const carol = someone(desk)
  for (const text of ['long BYND 3755 @ .63', 'stop .55', 'target .90', 'sell 500 @ 1.10', 'scaleout BYND fast'])
    await alice.say(text)
  await alice.say('sell 200 BYND if it drops below .50')
  await runNextChunk(desk, clock)
  await bob.say('short BYND 1755 @ .70')
  await bob.say('trail BYND 5%')
  await carol.say('buy 1005 BYND @ .40')
  const before = await ledger.positionOf(alice)
  market.set('BYND', '6.00')
  await owner.say('split BYND 1:10')
  await owner.say('5.60')
  expect(await owner.say('yes')).toBe(
    '✓ SPLIT BYND 1:10 — every 10 shares become 1\n3 accounts: 2 positions, 2 orders placed again. Each thread is told.',
  )

  const after = await ledger.positionOf(alice)
  const whole = Math.floor(Number(before.signed_quantity) / 10)
  expect(after.signed_quantity).toBe(String(whole))
  expect(await ledger.told(alice)).toContainEqual(
    expect.stringContaining('Stop: $0.55 → $5.50\nTarget: $0.90 → $9.00\n'),
  )
  expect(await ledger.told(alice)).toContainEqual(
    expect.stringContaining(
      '⏰ 3. SELL 200 BYND at the market if it gets to $0.50 or below → SELL 20 BYND at the market if it gets to $5.00 or below',
    ),
  )
  expect((await ledger.told(alice)).filter((text) => text.startsWith('🔀'))).toHaveLength(1)
  expect(await ledger.ordersOf(alice)).toMatchObject([
    { quantity: '500', limit_price: '1.1', state: 'cancelled' },
    { quantity: '50', limit_price: '11', state: 'working', number: 2 },
  ])
  expect((await ledger.positionOf(alice)).resting_quantity).toBe('50')
  expect(await ledger.told(bob)).toEqual([
    `🔀 SPLIT BYND 1:10 — every 10 shares become 1
SHORT 1,755 BYND @ $0.70 → SHORT 175 BYND @ $7.00
0.5 of a share: bought back for $2.80, P&L $+0.70
Stop: $0.63 → $6.30, trails by 5.00%`,
  ])
  expect(await bob.say('pl')).toContain('Realized P&L: $+0.70\n')
  expect(await bob.say('pl today')).toContain('BYND · 1 fill, cash for a fraction · realized $+0.70\n')
  expect(await ledger.ordersOf(carol)).toMatchObject([
    { quantity: '1005', limit_price: '0.4', state: 'cancelled' },
    { quantity: '100', limit_price: '4', state: 'working' },
  ])
  const events = await db().selectFrom('desk_events').selectAll().where('type', '=', 'corporate_action').execute()
  expect(events.map(({ urgency }) => urgency)).toEqual(['MEDIUM', 'MEDIUM', 'MEDIUM'])

  // Later fills are booked in new units: the scaleout runs to its end, and the rest is closed.
  await runToTheEnd(desk, clock)
  expect((await ledger.told(alice)).at(-1)).toContain('🎉 SCALEOUT COMPLETE')
  expect((await ledger.told(alice)).at(-1)).toContain('Position: LONG 50 BYND @ $6.30')
  expect(await alice.say('close BYND now')).toContain('Position: FLAT')
  await bob.say('cover BYND half')
  for (const who of [alice, bob]) await ledger.expectToAddUp(who)
  const fills = await db().selectFrom('fills').selectAll().where('position_id', '=', after.id).execute()
  expect(fills.filter(({ quantity }) => quantity === '3755')).toHaveLength(1)
  expect(await alice.say('pl chart')).toContain(
    `Realized: $${Number((await ledger.positionOf(alice)).realized_pnl).toFixed(2)}`,
  )
  await ledger.leave(alice, bob, carol)
})

test('a scaleout with fewer shares left than chunks has fewer chunks, its floor in new units, and still runs to FLAT', async ({
  alice,
}) => {
  await alice.say('long BYND 40 @ .63')
  await alice.say('scaleout BYND fast floor .25')
  await alice.say('scaleout BYND at 3pm slow floor .25')
  await runNextChunk(desk, clock)
  const { signed_quantity: left } = await ledger.positionOf(alice)
  market.set('BYND', '6.00')
  await owner.say('split BYND 1:10 cash 6')
  expect(await owner.say('1')).toContain('✓ SPLIT BYND 1:10')
  const moved = await db().selectFrom('scaleouts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  expect(moved.bound_price).toBe('2.5')
  expect(await alice.say('schedule')).toContain('floor of $2.50')
  const rest = Math.floor(Number(left) / 10)
  expect(await ledger.told(alice)).toContainEqual(expect.stringMatching(new RegExp(`→ ${rest} in ${rest}$`, 'm')))
  await runToTheEnd(desk, clock)
  expect((await ledger.told(alice)).at(-1)).toContain('Position: FLAT')
  const scaleout = await db().selectFrom('scaleouts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  expect([scaleout.state, scaleout.done_chunks]).toEqual(['complete', scaleout.chunk_count])
  await ledger.expectToAddUp(alice)
})

test('nothing seems gained or lost while the symbol does not trade: marks and lines follow, equity stays', async ({
  alice,
}) => {
  await alice.say('long BYND 4000 @ .63')
  await alice.say('stop .59')
  const accountId = await ledger.accountIdOf(alice)
  const equity = async () => (await accountDays(db(), [accountId], clock.now(), false))[0]!.equity.toFixed(2)
  const before = await equity()
  market.stale('BYND', 'closed')
  await owner.say('split BYND 1:8')
  await owner.say('1')
  expect((await ledger.positionOf(alice)).signed_quantity).toBe('500')
  expect(await equity()).toBe(before)
  const watch = await db()
    .selectFrom('position_watch')
    .selectAll()
    .where('position_id', '=', (await ledger.positionOf(alice)).id)
    .executeTakeFirstOrThrow()
  expect(new Big(watch.mark!).toFixed()).toBe('4.8')
  expect(new Big(watch.unrealized_pnl!).toFixed()).toBe('-120')
  const stops = await db()
    .selectFrom('protective_orders')
    .select(['price', 'quantity', 'state'])
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  expect(stops).toMatchObject([
    { price: '0.59', state: 'cancelled' },
    { price: '4.72', quantity: '500', state: 'working' },
  ])
  expect(await alice.say('undo')).toContain('BYND has moved on since')
  await ledger.leave(alice)
  market.set('BYND', '4.80')
  await ledger.leave(alice)
})

describe('what cannot be ended', () => {
  test('refuses the split as a whole and is named; what was taken back is placed again as it was', async ({
    alice,
    bob,
  }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('sell 500 @ 1.10')
    await bob.say('long BYND 777 @ .63')
    await bob.say('sell 777 @ 1.20')
    silentFor.add('777')
    market.stale('BYND', 'closed')
    await owner.say('split BYND 1:10 cash 6')
    const said = await owner.say('1')
    expect(said).toContain('⚠️ NOT DONE: SPLIT BYND 1:10 — every 10 shares become 1. Nothing was changed.\n')
    expect(said).toContain(`${bob.name}: LIMIT SELL 777 BYND @ $1.20 has no end at the venue yet`)
    expect([(await ledger.positionOf(alice)).signed_quantity, (await ledger.positionOf(bob)).signed_quantity]).toEqual([
      '1000',
      '777',
    ])
    expect(await ledger.ordersOf(alice)).toMatchObject([
      { quantity: '500', state: 'cancelled' },
      { quantity: '500', limit_price: '1.1', state: 'working' },
    ])
    // Another action waits for the end of this one; the sweep continues when the venue answers.
    expect(await owner.say('split BYND 1:5')).toContain('Another one is under way: SPLIT BYND 1:10')
    silentFor.clear()
    clock.advance(20_000)
    await desk.desk.sweep()
    expect(await ledger.ordersOf(bob)).toMatchObject([
      { quantity: '777', state: 'cancelled' },
      { quantity: '777', limit_price: '1.2', state: 'working' },
    ])
    market.set('BYND', '0.60')
    await ledger.leave(alice, bob)
  })
})

test('an order for later that is being carried out is waited for, and named', async ({ alice }) => {
  await alice.say('long BYND 1000 @ .63')
  await alice.say('close BYND at 3:55pm')
  await db()
    .updateTable('scheduled_orders')
    .set({ state: 'running', running_since: clock.now() })
    .where('state', '=', 'waiting')
    .execute()
  market.stale('BYND', 'closed')
  await owner.say('split BYND 1:10')
  expect(await owner.say('1')).toContain(`${alice.name}: CLOSE BYND at the market is being carried out`)
  expect((await ledger.positionOf(alice)).signed_quantity).toBe('1000')
  await db()
    .updateTable('scheduled_orders')
    .set({ state: 'done', ended_at: clock.now() })
    .where('state', '=', 'running')
    .execute()
  market.set('BYND', '0.60')
  await ledger.leave(alice)
})

test('another symbol takes everything along, and what is followed and spoken of', async ({ alice }) => {
  await alice.say('long BYND 1000 @ .63')
  for (const text of [
    'stop .55',
    'sell 400 @ 1.10',
    'scaleout BYND fast 300',
    'watch BYND',
    'sell half BYND if it breaks above .90',
  ])
    await alice.say(text)
  market.set('AAPL', '0.60')
  expect(await owner.say('rename BYND to AAPL')).toContain('🔀 BYND IS AAPL NOW?')
  expect(await owner.say('1')).toContain('✓ BYND IS AAPL NOW\n1 account: 1 position, 1 order placed again.')
  const position = await ledger.positionOf(alice)
  expect([position.symbol, position.signed_quantity, position.open_cost]).toEqual(['AAPL', '1000', '630'])
  expect(await alice.say('orders')).toContain('SELL 400 AAPL @ $1.10')
  expect(await alice.say('tasks')).toContain('AAPL FAST')
  expect(await alice.say('schedule')).toContain('SELL 500 AAPL at the market if it gets to $0.90 or above')
  expect(await alice.say('positions')).toContain('LONG 1,000 AAPL @ $0.63 · now $0.60 · $-30.00 (-4.76%) · stop $0.55')
  const watches = await db()
    .selectFrom('watches')
    .select('symbol')
    .where('account_id', '=', await ledger.accountIdOf(alice))
    .execute()
  expect(watches.map(({ symbol }) => symbol)).toEqual(['AAPL'])
  await runToTheEnd(desk, clock)
  expect((await ledger.positionOf(alice)).signed_quantity).toBe('700')
  expect(await alice.say('pl chart')).toContain('EQUITY AND P&L')
  await ledger.expectToAddUp(alice)
  await alice.say('schedule cancel all')
  expect(await alice.say('close now')).toContain('Position: FLAT')
  market.set('AAPL', '190')
})

test('another symbol is refused where somebody has something in both', async ({ alice }) => {
  await alice.say('long BYND 1000 @ .63')
  await alice.say('long AAPL 10 @ 180')
  expect(await owner.say('rename BYND to AAPL')).toContain(
    `${alice.name} has something in BYND and in AAPL: they cannot become one.`,
  )
  expect(await owner.say('rename BYND to NOWHERE')).toContain("I don't know the symbol NOWHERE")
  await ledger.leave(alice)
  await alice.say('close AAPL now')
})
