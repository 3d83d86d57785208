import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, startWorker } from '../../jobs/worker.ts'
import { someone } from '../commands/someone.ts'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { type Protected, protect, touch } from './touched.ts'

let desk: TestDesk
let second: Running
beforeAll(async () => {
  desk = await openTestDesk()
  second = startWorker(desk.desk) // another machine's worker takes jobs as well
})
afterAll(async () => {
  await second?.close()
  await desk?.close()
})

/** Somebody with 3,750 BYND, or whatever `words` say, and what protects them. */
async function holding(words: string, levels: { stop?: string; target?: string }) {
  desk.market.set('BYND', '0.63')
  const person = someone(desk)
  await person.say(words)
  return { person, held: await protect(desk, person, 'BYND', levels) }
}

const told = (thread: string) => desk.posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)
const hasTold = (thread: string, pattern: RegExp) =>
  expect.poll(() => told(thread)).toContainEqual(expect.stringMatching(pattern))

async function closingOrders({ position }: Protected) {
  return desk.desk.parts.db
    .selectFrom('orders')
    .select(['client_order_id', 'purpose', 'side', 'quantity', 'state'])
    .where('position_id', '=', position.id)
    .where('purpose', '<>', 'record')
    .orderBy('id')
    .execute()
}

async function protection({ position }: Protected) {
  return desk.desk.parts.db
    .selectFrom('protective_orders')
    .select(['kind', 'state', 'ended_because'])
    .where('position_id', '=', position.id)
    .orderBy('id')
    .execute()
}

async function expectSettled(held: Protected) {
  const { db } = desk.desk.parts
  const position = await db
    .selectFrom('positions')
    .selectAll()
    .where('id', '=', held.position.id)
    .executeTakeFirstOrThrow()
  expect(position).toMatchObject({ signed_quantity: '0', working_quantity: '0', open_cost: '0' })
  expect(position.closed_at).not.toBeNull()
  const open = db.selectFrom('desk_events').select('id').where('position_id', '=', held.position.id)
  expect(await open.where('urgency', '=', 'CRITICAL').where('settled_at', 'is', null).execute()).toEqual([])
}

test.each([
  ['long', 'stop', '0.55', 'sell', '🛑 STOP HIT — BYND\nSold 3,750 @ $0.55\nP&L: $-300.00\nPosition: FLAT'],
  ['long', 'target', '0.70', 'sell', '🎯 TARGET HIT — BYND\nSold 3,750 @ $0.70\nP&L: $+262.50\nPosition: FLAT'],
  ['short', 'stop', '0.70', 'buy', '🛑 STOP HIT — BYND\nBought back 3,750 @ $0.70\nP&L: $-262.50\nPosition: FLAT'],
  ['short', 'target', '0.55', 'buy', '🎯 TARGET HIT — BYND\nBought back 3,750 @ $0.55\nP&L: $+300.00\nPosition: FLAT'],
] as const)(
  'a %s position whose %s is touched at %s is closed, and its thread told',
  async (direction, kind, price, side, text) => {
    const levels = direction === 'long' ? { stop: '0.55', target: '0.70' } : { stop: '0.70', target: '0.55' }
    const { person, held } = await holding(`${direction} BYND 3750 @ .63`, levels)
    await touch(desk, held, kind, price)
    await hasTold(person.thread, /Position: FLAT/)
    expect(told(person.thread)).toEqual([text])
    expect(await closingOrders(held)).toEqual([
      { client_order_id: `${kind}-${held[kind]!.id}`, purpose: kind, side, quantity: '3750', state: 'filled' },
    ])
    expect(await protection(held)).toEqual(
      (['stop', 'target'] as const).map((one) => ({
        kind: one,
        state: one === kind ? 'triggered' : 'cancelled',
        ended_because: one === kind ? 'touched' : `the ${kind} was hit`,
      })),
    )
    await expectSettled(held)
  },
)
