import { afterAll, beforeAll, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { endUnlinkedOrders } from '../../../src/trading/accounts/end-unlinked.ts'
import { sweepOrders } from '../../../src/trading/orders/sweep-orders.ts'
import { lookAt } from '../../../src/trading/reconcile/look.ts'
import { type LinkedDesk, openLinkedDesk } from './linked.ts'

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ worker: false })
})
afterAll(() => there.desk.close())

/** The words of what was queued for an account's thread. */
async function told(accountId: number): Promise<string> {
  const rows = await there.desk.desk.parts.db
    .selectFrom('replies')
    .select('body')
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  return rows.map(({ body }) => (body as { text?: string }).text).join('\n')
}
const lastState = ({ accountId }: { accountId: number }) =>
  there.desk.desk.parts.db
    .selectFrom('orders')
    .select(['state', 'rejected_because'])
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()

test('an order that the broker took and then rejected is called rejected, and not cancelled', async () => {
  const alice = await there.newcomer()
  await alice.say('buy 10 bynd @ .9')
  there.broker.end(there.broker.book().at(-1)!, 'refused', 'no such thing today')
  await lookAt(there.desk.desk.parts, { accountId: alice.accountId })
  const words = await told(alice.accountId)
  expect(words).toMatch(/⚠️ REJECTED order 1: .*\(no such thing today\)\nNothing was traded\.$/m)
  expect(words).not.toContain('CANCELLED')
  for (const asked of ['history bynd', 'history']) {
    const history = await alice.say(asked)
    expect(history).toMatch(/rejected.*no such thing today/)
    expect(history).not.toContain('cancelled')
  }
})

test('an order with a limit that is accepted while the venue is closed says until when it waits', async () => {
  const alice = await there.newcomer()
  there.broker.isOpen = false
  const said = await alice.say('buy 10 bynd @ .9')
  expect(said).toContain('LIMIT BUY ORDER 10 BYND @ $0.90 (working)')
  expect(said).toMatch(/🌙 The venue is closed: the order waits there for the open, (on|at) .*\d/)
  there.broker.isOpen = true
})

test.for(['extended', 'after hours', 'premarket', 'pre-market', 'in after-hours'])(
  'an order %s works before and after the session, too',
  async (words) => {
    const alice = await there.newcomer()
    const said = await alice.say(`buy 10 bynd @ .9 ${words}`)
    expect(said).toContain('LIMIT BUY ORDER 10 BYND')
    expect(said).not.toContain('closed')
    expect(there.broker.book().at(-1)!.sent).toMatchObject({ isExtended: true, account: alice.account })
  },
)

test('"sell short" is a short sale, after a question, and sells nothing that is held', async () => {
  const alice = await there.newcomer()
  there.broker.instruments.set('BYND', { canShort: true })
  expect(await alice.say('sell short 5 BYND')).toMatch(/this is a short sale/)
  expect(await alice.say('1')).toMatch(/SOLD SHORT 5 BYND/)
  there.broker.instruments.delete('BYND')
  const bob = await there.newcomer()
  await bob.say('buy 10 bynd')
  expect(await bob.say('sell short 5 BYND')).toContain('would sell what you hold and not sell short. Nothing was sold.')
  expect(await bob.say('sell 5 BYND short')).toContain('Nothing was sold.')
  expect(await bob.say('sell short BYND')).not.toContain('SOLD')
  expect(await bob.say('positions')).toContain('LONG 10 BYND')
})

test('positions say where the protection rests', async () => {
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 10 bynd')
  expect(await alice.say('positions')).not.toContain('at the venue')
  await alice.say('stop .8')
  await alice.say('target 2')
  await there.follow()
  expect(await alice.say('positions')).toContain('(at the venue)')
})

test('live orders of an account that was unlinked end here with words, and stand at the broker', async () => {
  const { parts } = there.desk.desk
  const alice = await there.newcomer()
  await alice.say('buy 10 bynd @ .9')
  const order = there.broker.book().at(-1)!
  await parts.db.updateTable('accounts').set({ unlinked_at: new Date() }).where('id', '=', alice.accountId).execute()
  await endUnlinkedOrders(parts)
  expect(await lastState(alice)).toEqual({ state: 'cancelled', rejected_because: 'the account was unlinked' })
  const words = await told(alice.accountId)
  expect(words).toContain('⚠️ NOT FOLLOWED ANY MORE: order 1:')
  expect(words).toContain('It was not cancelled')
  await endUnlinkedOrders(parts)
  await sweepOrders(parts)
  expect(await told(alice.accountId)).toBe(words)
  expect(order.state).toBe('working')
  expect(new Big(order.filled).toFixed()).toBe('0')

  // Linked again, it still stands: it is not taken back, and what it fills is booked.
  await parts.db.updateTable('accounts').set({ unlinked_at: null }).where('id', '=', alice.accountId).execute()
  await lookAt(parts, { accountId: alice.accountId })
  expect(order.state).toBe('working')
  there.price('BYND', '0.85')
  await lookAt(parts, { accountId: alice.accountId })
  there.price('BYND', '1.01')
  expect(await alice.say('positions')).toContain('LONG 10 BYND')
})
