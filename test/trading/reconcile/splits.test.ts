import { afterEach, beforeEach, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked-desk.ts'

// Splits at the broker while levels are touched, and prices that jump with them.

let linked: LinkedDesk
beforeEach(async () => {
  linked = await openLinkedDesk()
  linked.price('BYND', '1.00')
})
afterEach(() => linked.close())

const db = () => linked.desk.desk.parts.db
const held = async ({ accountId }: Linked) =>
  (
    await db()
      .selectFrom('positions')
      .select('signed_quantity')
      .where('account_id', '=', accountId)
      .orderBy('id', 'desc')
      .executeTakeFirst()
  )?.signed_quantity
const levels = async () =>
  (await db().selectFrom('protective_orders').selectAll().where('state', '=', 'working').orderBy('kind').execute()).map(
    ({ kind, price, quantity }) => `${kind} ${price} ${quantity}`,
  )
const parts = async () =>
  (await db().selectFrom('part_levels').selectAll().where('state', '=', 'working').execute()).map(
    ({ kind, price, quantity }) => `${kind} ${price} ${quantity}`,
  )
const closings = async () =>
  (
    await db()
      .selectFrom('orders')
      .select(['purpose', 'state', 'quantity'])
      .where('purpose', 'in', ['stop', 'target', 'breaker'])
      .orderBy('id')
      .execute()
  ).map(({ purpose, state, quantity }) => `${purpose} ${quantity} ${state}`)
const isClosing = ({ clientOrderId }: { clientOrderId: string }) => !clientOrderId.startsWith('hand')

/** Somebody with 100 BYND at a dollar. */
async function holder(): Promise<Linked> {
  const alice = await linked.member()
  await alice.say('buy BYND 100')
  await linked.until(async () => (await held(alice)) === '100')
  return alice
}

test('a close that the broker refuses each time blocks no split: its level stands again, in new units', async () => {
  const alice = await holder()
  await alice.say('stop BYND .9')
  await alice.say('target BYND 1.10 for 50')
  linked.venue.difficult.script({ refused: { code: 'OTHER', times: 1000 } }, isClosing)
  linked.price('BYND', '1.12')
  await linked.until(async () => (await closings()).includes('target 50 new'))
  await linked.until(() => linked.posted().includes('NOT CLOSED YET'))
  // A call may be under way at the moment of a question.
  await linked.until(async () => /refused .* nothing of it is there/.test(await alice.say('doubt')))
  linked.venue.transfer(alice.account, 'BYND', -90)
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(-90) })
  await linked.until(async () => (await held(alice)) === '10')
  expect(await closings()).toEqual(['target 50 refused'])
  expect(await levels()).toEqual(['stop 9 10'])
  expect(await parts()).toEqual(['target 11 5'])
  await linked.until(() => linked.posted().includes('TAKEN BACK — BYND'))
  // In new units nothing is touched, until the price gets there.
  linked.price('BYND', '10.00')
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
  expect((await closings()).length).toBe(1)
})

test('a stop that the broker refuses is over at once when its member takes it back', async () => {
  const alice = await holder()
  await alice.say('stop BYND .9')
  linked.venue.difficult.script({ refused: { code: 'OTHER', times: 1000 } }, isClosing)
  linked.price('BYND', '.88')
  await linked.until(() => linked.posted().includes('NOT CLOSED YET'))
  // While a call is under way, its outcome is waited for.
  await linked.until(async () => {
    const order = await db()
      .selectFrom('orders')
      .select(['calls', 'refused_calls'])
      .where('purpose', '=', 'stop')
      .executeTakeFirstOrThrow()
    return order.refused_calls === order.calls
  })
  expect(await alice.say('stop off')).toContain('100 BYND are not sold')
  expect(await closings()).toEqual(['stop 100 cancelled'])
  expect(linked.posted()).not.toContain('may still reach the venue')
  expect(await alice.say('doubt')).toContain('No order is in doubt')
})

test.each([
  ['falls', '0.10', 900],
  ['rises', '10.00', -90],
])('a price that %s with a split touches nothing before the books explain it', async (_, price, units) => {
  const alice = await holder()
  await alice.say('stop BYND .9')
  await alice.say('target BYND 1.10')
  linked.venue.transfer(alice.account, 'BYND', units)
  linked.price('BYND', price)
  await linked.until(
    async () => (await db().selectFrom('book_gaps').select('is_split_like').executeTakeFirst())?.is_split_like,
  )
  await linked.until(() => linked.posted().includes('looks like a split'))
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(units) })
  await linked.until(async () => (await held(alice)) === String(100 + units))
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
  expect(await closings()).toEqual([])
  expect(linked.posted()).not.toContain('CIRCUIT BREAKER')
  expect((await levels()).length).toBe(2)
})

test('a jump by the ratio in which the units differ waits for the report, even where the units alone look like a sale', async () => {
  const alice = await holder()
  await alice.say('target BYND 1.10')
  linked.venue.transfer(alice.account, 'BYND', -50)
  linked.price('BYND', '2.00')
  await linked.until(() => linked.posted().includes('BOOKS DIFFER'))
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(-50) })
  await linked.until(async () => (await held(alice)) === '50')
  expect(await closings()).toEqual([])
  expect(await levels()).toEqual(['target 2.2 50'])
})

test('a price that jumps without a split triggers, once the broker shows what the desk has', async () => {
  const alice = await holder()
  await alice.say('stop BYND .9')
  linked.price('BYND', '.50')
  await linked.until(async () => (await held(alice)) === '0')
  expect(await closings()).toEqual(['stop 100 filled'])
})

const adjustments = async () =>
  (await db().selectFrom('position_adjustments').selectAll().orderBy('id').execute()).map(
    ({ fraction, cash_in_lieu, realized_pnl }) => `${Number(fraction)} ${Number(cash_in_lieu)} ${Number(realized_pnl)}`,
  )
const realizedOf = async ({ accountId }: Linked) =>
  (
    await db()
      .selectFrom('positions')
      .select('realized_pnl')
      .where('account_id', '=', accountId)
      .orderBy('id')
      .execute()
  ).map(({ realized_pnl }) => Number(realized_pnl))

test('cash that a broker pays for a fraction after the split is realized once, in the trade that it belongs to, though another one is open', async () => {
  const alice = await linked.member()
  await alice.say('buy BYND 105')
  await linked.until(async () => (await held(alice)) === '105')
  linked.venue.transfer(alice.account, 'BYND', -95)
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(-95), ratio: new Big('0.1') })
  linked.price('BYND', '10.00')
  await linked.until(async () => (await held(alice)) === '10')
  expect(await adjustments()).toEqual(['0.5 5 0'])
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
  await alice.say('sell BYND 10')
  await linked.until(async () => (await held(alice)) === '0')
  await alice.say('buy BYND 3')
  await linked.until(async () => (await held(alice)) === '3')
  linked.venue.report(alice.account, { kind: 'cash_in_lieu', symbol: 'BYND', cash: new Big('5.30') })
  await linked.until(() =>
    linked
      .posted()
      .includes('CASH FOR A FRACTION — BYND $5.30\nThe split counted $5.00 for 0.5 of a share. P&L: $+0.30'),
  )
  // Looks go on, and book nothing twice.
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
  expect(await adjustments()).toEqual(['0.5 5 0', '0 0.3 0.3'])
  expect(await realizedOf(alice)).toEqual([0.3, 0])
  expect(await held(alice)).toBe('3')
  expect(await alice.say('pl all')).toMatch(/BYND.*cash for a fraction.*\$\+0\.30/)
  expect(await alice.say('trades')).toMatch(/LONG BYND.*\$\+0\.30/)
})

test('cash that was reported before the split is what the split pays out, and is not booked again', async () => {
  const alice = await linked.member()
  await alice.say('buy BYND 105')
  await linked.until(async () => (await held(alice)) === '105')
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(-95), ratio: new Big('0.1') })
  linked.venue.report(alice.account, { kind: 'cash_in_lieu', symbol: 'BYND', cash: new Big('4.80') })
  await linked.until(async () => (await db().selectFrom('venue_actions').selectAll().execute()).length === 2)
  linked.venue.transfer(alice.account, 'BYND', -95)
  linked.price('BYND', '10.00')
  await linked.until(async () => (await held(alice)) === '10')
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
  expect(await adjustments()).toEqual(['0.5 4.8 -0.2'])
  expect(await realizedOf(alice)).toEqual([-0.2])
})
