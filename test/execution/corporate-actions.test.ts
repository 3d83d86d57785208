import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actOnSymbol } from '../../src/execution/corporate-actions/act.ts'
import { moveAccount } from '../../src/execution/corporate-actions/move-account.ts'
import { patientLooks, quieten } from '../../src/execution/corporate-actions/quiet.ts'
import { addAccounts, advance, beginAction, findAction } from '../../src/ledger/corporate-actions.ts'
import { accountDays } from '../../src/ledger/day-equity.ts'
import { accountOf } from '../../src/ledger/members.ts'
import { Big, sum } from '../../src/trading/amounts.ts'
import { type Someone, someone } from '../commands/someone.ts'
import { type HandClock, handClock } from '../market/hand-clock.ts'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { queued, runNextChunk, runToTheEnd } from './by-hand.ts'

vi.setConfig({ testTimeout: 90_000 })

let desk: TestDesk
let clock: HandClock
let owner: Someone
let alice: Someone
let bob: Someone
/** Symbols in which the venue does not answer a cancel for orders of these quantities. */
let silentFor: Set<string>

beforeAll(async () => {
  clock = handClock('2026-11-20T15:00:00Z', 60)
  desk = await openTestDesk({
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
  owner = someone(desk, 'uowner')
})
afterAll(() => desk?.close())

beforeEach(async () => {
  silentFor = new Set()
  desk.market.set('BYND', '0.60')
  alice = someone(desk)
  bob = someone(desk)
})

const db = () => desk.desk.parts.db
const accountIdOf = async ({ name }: Someone) => (await accountOf(db(), `slack:T1:${name.toUpperCase()}`))!
const positionOf = async (who: Someone) =>
  db()
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', await accountIdOf(who))
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
const ordersOf = async (who: Someone) =>
  db()
    .selectFrom('orders')
    .select(['quantity', 'limit_price', 'state', 'client_order_id', 'venue_order_id', 'number'])
    .where('account_id', '=', await accountIdOf(who))
    .where('limit_price', 'is not', null)
    .orderBy('id')
    .execute()
const told = (who: Someone) => queued(desk, who.thread)

/** Everybody out: the next test splits nobody else's. */
async function leave(...all: Someone[]): Promise<void> {
  for (const who of all) {
    await who.say('schedule cancel all')
    await who.say('cancel all')
    await who.say('close BYND now')
  }
}

/** The fills of a position, the adjustments in between taken into account, come to what is booked, to the last digit. */
async function expectToAddUp(who: Someone): Promise<void> {
  const position = await positionOf(who)
  const fills = await db().selectFrom('fills').selectAll().where('position_id', '=', position.id).execute()
  const adjustments = await db()
    .selectFrom('position_adjustments')
    .selectAll()
    .where('position_id', '=', position.id)
    .execute()
  const [only] = adjustments
  let open = new Big(0)
  for (const fill of fills) {
    const signed = new Big(fill.quantity).times(fill.side === 'buy' ? 1 : -1)
    open = open.plus(signed)
    if (only && open.eq(only.signed_quantity_before) && fill.filled_at <= only.at)
      open = new Big(only.signed_quantity_after)
  }
  expect(position.signed_quantity).toBe(open.toFixed())
  const realized = sum([...fills, ...adjustments].map((row) => new Big(row.realized_pnl)))
  expect(position.realized_pnl).toBe(realized.toFixed())
}

test('a split follows through all that is held, protected, ordered and planned, in every account, and tells each thread', async () => {
  const carol = someone(desk)
  for (const text of ['long BYND 3755 @ .63', 'stop .55', 'target .90', 'sell 500 @ 1.10', 'scaleout BYND fast'])
    await alice.say(text)
  await alice.say('sell 200 BYND if it drops below .50')
  await runNextChunk(desk, clock)
  await bob.say('short BYND 1755 @ .70')
  await bob.say('trail BYND 5%')
  await carol.say('buy 1005 BYND @ .40')
  const before = await positionOf(alice)
  desk.market.set('BYND', '6.00')
  await owner.say('split BYND 1:10')
  await owner.say('5.60')
  expect(await owner.say('yes')).toBe(
    '✓ SPLIT BYND 1:10 — every 10 shares become 1\n3 accounts: 2 positions, 2 orders placed again. Each thread is told.',
  )

  const after = await positionOf(alice)
  const whole = Math.floor(Number(before.signed_quantity) / 10)
  expect(after.signed_quantity).toBe(String(whole))
  expect(await told(alice)).toContainEqual(expect.stringContaining('Stop: $0.55 → $5.50\nTarget: $0.90 → $9.00\n'))
  expect(await told(alice)).toContainEqual(
    expect.stringContaining(
      '⏰ 3. SELL 200 BYND at the market if it gets to $0.50 or below → SELL 20 BYND at the market if it gets to $5.00 or below',
    ),
  )
  expect((await told(alice)).filter((text) => text.startsWith('🔀'))).toHaveLength(1)
  expect(await ordersOf(alice)).toMatchObject([
    { quantity: '500', limit_price: '1.1', state: 'cancelled' },
    { quantity: '50', limit_price: '11', state: 'working', number: 2 },
  ])
  expect((await positionOf(alice)).resting_quantity).toBe('50')
  expect(await told(bob)).toEqual([
    `🔀 SPLIT BYND 1:10 — every 10 shares become 1
SHORT 1,755 BYND @ $0.70 → SHORT 175 BYND @ $7.00
0.5 of a share: bought back for $2.80, P&L $+0.70
Stop: $0.63 → $6.30, trails by 5.00%`,
  ])
  expect(await bob.say('pl')).toContain('Realized P&L: $+0.70\n')
  expect(await ordersOf(carol)).toMatchObject([
    { quantity: '1005', limit_price: '0.4', state: 'cancelled' },
    { quantity: '100', limit_price: '4', state: 'working' },
  ])
  const events = await db().selectFrom('desk_events').selectAll().where('type', '=', 'corporate_action').execute()
  expect(events.map(({ urgency }) => urgency)).toEqual(['MEDIUM', 'MEDIUM', 'MEDIUM'])

  // What comes after it books in new units: the scaleout runs to its end, and the rest is closed.
  await runToTheEnd(desk, clock)
  expect((await told(alice)).at(-1)).toContain('🎉 SCALEOUT COMPLETE')
  expect((await told(alice)).at(-1)).toContain('Position: LONG 50 BYND @ $6.30')
  expect(await alice.say('close BYND now')).toContain('Position: FLAT')
  await bob.say('cover BYND half')
  for (const who of [alice, bob]) await expectToAddUp(who)
  const fills = await db().selectFrom('fills').selectAll().where('position_id', '=', after.id).execute()
  expect(fills.filter(({ quantity }) => quantity === '3755')).toHaveLength(1)
  expect(await alice.say('pl chart')).toContain(
    `Realized: $${Number((await positionOf(alice)).realized_pnl).toFixed(2)}`,
  )
  await leave(alice, bob, carol)
})

test('a scaleout with fewer shares left than chunks has fewer chunks, and still runs to FLAT', async () => {
  await alice.say('long BYND 40 @ .63')
  await alice.say('scaleout BYND fast')
  await runNextChunk(desk, clock)
  const { signed_quantity: left } = await positionOf(alice)
  desk.market.set('BYND', '6.00')
  await owner.say('split BYND 1:10 cash 6')
  expect(await owner.say('1')).toContain('✓ SPLIT BYND 1:10')
  const rest = Math.floor(Number(left) / 10)
  expect(await told(alice)).toContainEqual(expect.stringMatching(new RegExp(`→ ${rest} in ${rest}$`, 'm')))
  await runToTheEnd(desk, clock)
  expect((await told(alice)).at(-1)).toContain('Position: FLAT')
  const scaleout = await db().selectFrom('scaleouts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  expect([scaleout.state, scaleout.done_chunks]).toEqual(['complete', scaleout.chunk_count])
  await expectToAddUp(alice)
})

test('nothing seems gained or lost while the symbol does not trade: marks and lines follow, equity stays', async () => {
  await alice.say('long BYND 4000 @ .63')
  await alice.say('stop .59')
  const accountId = await accountIdOf(alice)
  const equity = async () => (await accountDays(db(), [accountId], clock.now(), false))[0]!.equity.toFixed(2)
  const before = await equity()
  desk.market.stale('BYND', 'closed')
  await owner.say('split BYND 1:8')
  await owner.say('1')
  expect((await positionOf(alice)).signed_quantity).toBe('500')
  expect(await equity()).toBe(before)
  const watch = await db()
    .selectFrom('position_watch')
    .selectAll()
    .where('position_id', '=', (await positionOf(alice)).id)
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
  await leave(alice)
  desk.market.set('BYND', '4.80')
  await leave(alice)
})

describe('what cannot be ended', () => {
  test('refuses the split as a whole and is named; what was taken back is placed again as it was', async () => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('sell 500 @ 1.10')
    await bob.say('long BYND 777 @ .63')
    await bob.say('sell 777 @ 1.20')
    silentFor.add('777')
    desk.market.stale('BYND', 'closed')
    await owner.say('split BYND 1:10 cash 6')
    const said = await owner.say('1')
    expect(said).toContain('⚠️ NOT DONE: SPLIT BYND 1:10 — every 10 shares become 1. Nothing was changed.\n')
    expect(said).toContain(`${bob.name}: LIMIT SELL 777 BYND @ $1.20 has no end at the venue yet`)
    expect([(await positionOf(alice)).signed_quantity, (await positionOf(bob)).signed_quantity]).toEqual([
      '1000',
      '777',
    ])
    expect(await ordersOf(alice)).toMatchObject([
      { quantity: '500', state: 'cancelled' },
      { quantity: '500', limit_price: '1.1', state: 'working' },
    ])
    // Another one waits for the end of this; the sweep goes on when the venue answers.
    expect(await owner.say('split BYND 1:5')).toContain('Another one is under way: SPLIT BYND 1:10')
    silentFor.clear()
    clock.advance(20_000)
    await desk.desk.sweep()
    expect(await ordersOf(bob)).toMatchObject([
      { quantity: '777', state: 'cancelled' },
      { quantity: '777', limit_price: '1.2', state: 'working' },
    ])
    desk.market.set('BYND', '0.60')
    await leave(alice, bob)
  })
})

describe('who dies in the middle', () => {
  const wanted = async () => {
    const { id } = await db().selectFrom('members').select('id').where('name', '=', 'uowner').executeTakeFirstOrThrow()
    const { conversation_id } = await db()
      .selectFrom('audit')
      .select('conversation_id')
      .where('member_id', '=', id)
      .executeTakeFirstOrThrow()
    const about = {
      kind: 'split' as const,
      symbol: 'BYND',
      newSymbol: 'BYND',
      ratio: { to: new Big(1), from: new Big(10) },
    }
    return { ...about, memberId: id, conversationId: conversation_id, inboundId: `split-${Math.random()}` }
  }
  const lastId = async () =>
    (await db().selectFrom('corporate_actions').select('id').orderBy('id', 'desc').executeTakeFirst())?.id ?? 0

  /** The steps of an action, as far as somebody gets who dies then. */
  async function goAsFarAs(step: 'begun' | 'taken back' | 'moving' | 'one moved'): Promise<number> {
    const { parts } = desk.desk
    const action = (await beginAction(db(), await wanted(), await lastId(), clock.now()))!
    if (step === 'begun') return action.id
    expect(await quieten(parts, action, patientLooks)).toEqual([])
    if (step === 'taken back') return action.id
    await db()
      .transaction()
      .execute(async (trx) => {
        await advance(trx, action, 'moving', clock.now())
        await addAccounts(trx, action)
      })
    if (step === 'moving') return action.id
    const moving = (await findAction(db(), { id: action.id }))!
    const first = { accountId: await accountIdOf(alice), name: alice.name }
    const terms = { ratio: action.ratio, instrument: desk.market.instrument('BYND')! }
    // Its orders are written, and not sent.
    expect(await moveAccount(parts, moving, first, terms)).toEqual([])
    return action.id
  }

  async function setUp(): Promise<void> {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('sell 500 @ 1.10')
    await bob.say('buy 300 BYND @ .40')
    await bob.say('long BYND 2000 @ .50')
    desk.market.stale('BYND', 'closed')
  }

  async function expectOnce(): Promise<void> {
    expect([(await positionOf(alice)).signed_quantity, (await positionOf(bob)).signed_quantity]).toEqual(['100', '200'])
    for (const [who, orders] of [
      [alice, [{ quantity: '50', limit_price: '11', state: 'working' }]],
      [bob, [{ quantity: '30', limit_price: '4', state: 'working' }]],
    ] as const) {
      expect((await ordersOf(who)).filter(({ state }) => state !== 'cancelled')).toMatchObject(orders)
      expect((await told(who)).filter((text) => text.startsWith('🔀'))).toHaveLength(1)
    }
  }

  test.each(['begun', 'taken back', 'moving', 'one moved'] as const)(
    'when it was %s: the same command goes on, and nothing is done twice',
    async (step) => {
      await setUp()
      await goAsFarAs(step)
      expect(await owner.say('split BYND 1:10')).toContain('✓ SPLIT BYND 1:10')
      await expectOnce()
      desk.market.set('BYND', '6.00')
      await leave(alice, bob)
    },
  )

  test.each(['taken back', 'one moved'] as const)(
    'when it was %s: the sweep goes on, and tells whoever asked',
    async (step) => {
      await setUp()
      await goAsFarAs(step)
      await desk.desk.sweep()
      clock.advance(6000)
      await desk.desk.sweep()
      await expectOnce()
      const { rows } = await sql<{
        text: string
      }>`select body ->> 'text' as text from replies order by id desc limit 40`.execute(db())
      expect(rows.map(({ text }) => text)).toContainEqual(
        expect.stringMatching(/^✓ SPLIT BYND 1:10[\s\S]*2 accounts: 2 positions, 2 orders/),
      )
      desk.market.set('BYND', '6.00')
      await leave(alice, bob)
    },
  )

  test('and two who ask at once split once', async () => {
    await setUp()
    const seen = await lastId()
    const [one, two] = [await wanted(), await wanted()]
    await Promise.all([one, two].map((each) => actOnSymbol(desk.desk.parts, each, seen)))
    await expectOnce()
    desk.market.set('BYND', '6.00')
    await leave(alice, bob)
  })
})

test('an order for later that is being carried out is waited for, and named', async () => {
  await alice.say('long BYND 1000 @ .63')
  await alice.say('close BYND at 3:55pm')
  await db()
    .updateTable('scheduled_orders')
    .set({ state: 'running', running_since: clock.now() })
    .where('state', '=', 'waiting')
    .execute()
  desk.market.stale('BYND', 'closed')
  await owner.say('split BYND 1:10')
  expect(await owner.say('1')).toContain(`${alice.name}: CLOSE BYND at the market is being carried out`)
  expect((await positionOf(alice)).signed_quantity).toBe('1000')
  await db()
    .updateTable('scheduled_orders')
    .set({ state: 'done', ended_at: clock.now() })
    .where('state', '=', 'running')
    .execute()
  desk.market.set('BYND', '0.60')
  await leave(alice)
})

test('another symbol takes everything along, and what is followed and spoken of', async () => {
  await alice.say('long BYND 1000 @ .63')
  for (const text of [
    'stop .55',
    'sell 400 @ 1.10',
    'scaleout BYND fast 300',
    'watch BYND',
    'sell half BYND if it breaks above .90',
  ])
    await alice.say(text)
  desk.market.set('AAPL', '0.60')
  expect(await owner.say('rename BYND to AAPL')).toContain('🔀 BYND IS AAPL NOW?')
  expect(await owner.say('1')).toContain('✓ BYND IS AAPL NOW\n1 account: 1 position, 1 order placed again.')
  const position = await positionOf(alice)
  expect([position.symbol, position.signed_quantity, position.open_cost]).toEqual(['AAPL', '1000', '630'])
  expect(await alice.say('orders')).toContain('SELL 400 AAPL @ $1.10')
  expect(await alice.say('tasks')).toContain('AAPL FAST')
  expect(await alice.say('schedule')).toContain('SELL 500 AAPL at the market if it gets to $0.90 or above')
  expect(await alice.say('positions')).toContain('LONG 1,000 AAPL @ $0.63 · now $0.60 · $-30.00 (-4.76%) · stop $0.55')
  const watches = await db()
    .selectFrom('watches')
    .select('symbol')
    .where('account_id', '=', await accountIdOf(alice))
    .execute()
  expect(watches.map(({ symbol }) => symbol)).toEqual(['AAPL'])
  await runToTheEnd(desk, clock)
  expect((await positionOf(alice)).signed_quantity).toBe('700')
  expect(await alice.say('pl chart')).toContain('EQUITY AND P&L')
  await expectToAddUp(alice)
  await alice.say('schedule cancel all')
  expect(await alice.say('close now')).toContain('Position: FLAT')
  desk.market.set('AAPL', '190')
})

test('another symbol is refused where somebody has something in both', async () => {
  await alice.say('long BYND 1000 @ .63')
  await alice.say('long AAPL 10 @ 180')
  expect(await owner.say('rename BYND to AAPL')).toContain(
    `${alice.name} has something in BYND and in AAPL: they cannot become one.`,
  )
  expect(await owner.say('rename BYND to NOWHERE')).toContain("I don't know the symbol NOWHERE")
  await leave(alice)
  await alice.say('close AAPL now')
})
