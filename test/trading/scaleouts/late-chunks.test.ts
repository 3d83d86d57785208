import { expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type AnyOrder, findOrder } from '../../../src/trading/orders/rows/orders.ts'
import { venueTold } from '../../../src/trading/orders/take-up.ts'
import type { Venue } from '../../../src/venues/venue.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { refused } from '../../support/venue-answers.ts'
import { queued, runNextChunk, runToTheEnd } from '../orders/by-hand.ts'

/** The venue refuses what is sent, which does not keep it from filling that later. */
let refuses: boolean

const between = (paper: Venue): Venue => ({
  ...paper,
  async submit(order) {
    return refuses ? refused('the venue is closed') : paper.submit(order)
  },
})

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk } = deskTest({ worker: false, clock, venue: between })
test.beforeEach(async ({ alice }) => {
  await runToTheEnd(desk, clock)
  await alice.say('long BYND 4 @ 1')
  await alice.say('scaleout fast')
  refuses = true
  await runNextChunk(desk, clock)
  refuses = false
  expect((await lastOrder()).state).toBe('refused')
})

async function lastOrder(): Promise<AnyOrder> {
  const { db } = desk.desk.parts
  const row = await db.selectFrom('orders').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  return (await findOrder(db, row.id))!
}

/** The venue reports a fill of an order that it had refused. */
async function fillsAfterAll({ accountId, sentAs, symbol, side, quantity }: AnyOrder): Promise<void> {
  const { parts } = desk.desk
  const { account } = await parts.venues.of(accountId)
  const what = { account, clientOrderId: sentAs, symbol, side, quantity }
  const how = { price: new Big('1.01'), commission: new Big(0), filledAt: clock.now() }
  await venueTold(parts, { kind: 'fill', fill: { ...what, ...how, venueFillId: `late-${sentAs}` } })
}

const sold = async () => {
  const { db } = desk.desk.parts
  const last = await db.selectFrom('positions').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  const fills = db.selectFrom('fills').select('quantity').where('position_id', '=', last.id).where('side', '=', 'sell')
  return (await fills.execute()).map(({ quantity }) => quantity)
}
const scaleout = () =>
  desk.desk.parts.db.selectFrom('scaleouts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()

test('a chunk whose refused order was filled after all is done with it, is told so, and is not sold again', async ({
  alice,
}) => {
  await fillsAfterAll(await lastOrder())
  const said = await queued(desk, alice.thread)
  expect(said.at(-1)).toBe(
    '✓ Chunk 1/4: Sold 1 BYND @ $1.01\nP&L: $+0.01 | Remaining: 3 | Total P&L: $+0.01\n⚠️ The venue tells of it late: the order had ended',
  )
  expect(await scaleout()).toMatchObject({ state: 'running', done_chunks: 1, sold_quantity: '1' })
  await runToTheEnd(desk, clock)
  expect(await sold()).toEqual(['1', '1', '1', '1'])
  expect(await scaleout()).toMatchObject({ state: 'complete', done_chunks: 4, sold_quantity: '4' })
  expect((await queued(desk, alice.thread)).at(-1)).toContain('🎉 SCALEOUT COMPLETE')
})

test('a chunk whose refused order was filled after its next try leaves less for the last one: nothing is sold twice', async ({
  alice,
}) => {
  const first = await lastOrder()
  await runNextChunk(desk, clock)
  await fillsAfterAll(first)
  expect((await queued(desk, alice.thread)).at(-1)).toContain('✓ Chunk 1/4: Sold 1 BYND @ $1.01')
  expect((await queued(desk, alice.thread)).at(-1)).toContain('⚠️ The venue tells of it late')
  await runToTheEnd(desk, clock)
  expect(await sold()).toEqual(['1', '1', '1', '1'])
  expect(await scaleout()).toMatchObject({ state: 'complete', sold_quantity: '4' })
  expect(await alice.say('positions')).toContain('No open positions')
})

test('a fill after the end of its scaleout is told once, and counts', async ({ alice }) => {
  await alice.say('cancel scaleout')
  const order = await lastOrder()
  await Promise.all([fillsAfterAll(order), fillsAfterAll(order)])
  const said = (await queued(desk, alice.thread)).filter((text) => text.startsWith('✓ Chunk 1/4'))
  expect(said).toEqual([expect.stringContaining('⚠️ The venue tells of it late')])
  expect(await scaleout()).toMatchObject({
    state: 'cancelled',
    done_chunks: 1,
    sold_quantity: '1',
    realized_pnl: '0.01',
  })
  expect(await alice.say('positions')).toContain('LONG 3 BYND')
})
