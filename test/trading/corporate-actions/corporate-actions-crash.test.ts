import { sql } from 'kysely'
import { expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { actOnSymbol } from '../../../src/trading/corporate-actions/act.ts'
import { moveAccount } from '../../../src/trading/corporate-actions/move-account.ts'
import { patientLooks, quieten } from '../../../src/trading/corporate-actions/quiet.ts'
import {
  addAccounts,
  advance,
  beginAction,
  findAction,
} from '../../../src/trading/corporate-actions/rows/corporate-actions.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { type Ledger, ledgerOf } from './splitting.ts'

let ledger: Ledger

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({
  worker: false,
  clock,
  environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' },
})
const owner = someone(desk, 'uowner')
test.beforeAll(async () => {
  await owner.say('help')
  ledger = ledgerOf(desk)
  await owner.say('help')
})

test.beforeEach(() => market.set('BYND', '0.60'))

const db = () => desk.desk.parts.db

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

/** The steps of an action, up to the point where its process dies. */
async function goAsFarAs(alice: Someone, step: 'begun' | 'taken back' | 'moving' | 'one moved'): Promise<number> {
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
  const first = { accountId: await ledger.accountIdOf(alice), name: alice.name }
  const terms = { ratio: action.ratio, instrument: market.instrument('BYND')! }
  // Its orders are written, but not sent.
  expect(await moveAccount(parts, moving, first, terms)).toEqual([])
  return action.id
}

async function setUp(alice: Someone, bob: Someone): Promise<void> {
  await alice.say('long BYND 1000 @ .63')
  await alice.say('sell 500 @ 1.10')
  await bob.say('buy 300 BYND @ .40')
  await bob.say('long BYND 2000 @ .50')
  market.stale('BYND', 'closed')
}

async function expectOnce(alice: Someone, bob: Someone): Promise<void> {
  expect([(await ledger.positionOf(alice)).signed_quantity, (await ledger.positionOf(bob)).signed_quantity]).toEqual([
    '100',
    '200',
  ])
  for (const [who, orders] of [
    [alice, [{ quantity: '50', limit_price: '11', state: 'working' }]],
    [bob, [{ quantity: '30', limit_price: '4', state: 'working' }]],
  ] as const) {
    expect((await ledger.ordersOf(who)).filter(({ state }) => state !== 'cancelled')).toMatchObject(orders)
    expect((await ledger.told(who)).filter((text) => text.startsWith('🔀'))).toHaveLength(1)
  }
}

test.for(['begun', 'taken back', 'moving', 'one moved'] as const)(
  'whoever dies when it was %s: the same command goes on, and nothing is done twice',
  async (step, { alice, bob }) => {
    await setUp(alice, bob)
    await goAsFarAs(alice, step)
    expect(await owner.say('split BYND 1:10')).toContain('✓ SPLIT BYND 1:10')
    await expectOnce(alice, bob)
    market.set('BYND', '6.00')
    await ledger.leave(alice, bob)
  },
)

test.for(['taken back', 'one moved'] as const)(
  'whoever dies when it was %s: the sweep goes on, and tells whoever asked',
  async (step, { alice, bob }) => {
    await setUp(alice, bob)
    await goAsFarAs(alice, step)
    await desk.desk.sweep()
    clock.advance(6000)
    await desk.desk.sweep()
    await expectOnce(alice, bob)
    const { rows } = await sql<{
      text: string
    }>`select body ->> 'text' as text from replies order by id desc limit 40`.execute(db())
    expect(rows.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^✓ SPLIT BYND 1:10[\s\S]*2 accounts: 2 positions, 2 orders/),
    )
    market.set('BYND', '6.00')
    await ledger.leave(alice, bob)
  },
)

test('two who ask at once split once', async ({ alice, bob }) => {
  await setUp(alice, bob)
  const seen = await lastId()
  const [one, two] = [await wanted(), await wanted()]
  await Promise.all([one, two].map((each) => actOnSymbol(desk.desk.parts, each, seen)))
  await expectOnce(alice, bob)
  market.set('BYND', '6.00')
  await ledger.leave(alice, bob)
})
