import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLeases } from '../../../src/trading/reconcile/leases.ts'
import { holdsLease } from '../../../src/trading/reconcile/rows/leases.ts'
import { type LinkedDesk, openLinkedDesk } from './linked-desk.ts'

let linked: LinkedDesk
beforeAll(async () => {
  linked = await openLinkedDesk({ worker: false })
  const { db } = linked.desk.desk.parts
  await linked.desk.say('balance')
  await linked.desk.say('account new spare')
  const { id: member_id } = await db.selectFrom('members').select('id').limit(1).executeTakeFirstOrThrow()
  for (const account of ['1', '2', '3', '4', '5']) {
    await db
      .insertInto('accounts')
      .values({
        ...{ member_id, name: `linked ${account}`, mode: 'paper', venue: 'broker', venue_account: account },
        ...{ masked_number: account, unlinked_at: null },
      })
      .execute()
  }
})
afterAll(() => linked.close())

const parts = () => linked.desk.desk.parts
const idsOf = (leases: ReturnType<typeof createLeases>) => leases.held().map(({ accountId }) => accountId)
const expire = (holder: string) =>
  Promise.all([
    parts()
      .db.updateTable('account_leases')
      .set({ until: new Date(0) })
      .where('holder', '=', holder)
      .execute(),
    parts()
      .db.updateTable('account_workers')
      .set({ until: new Date(0) })
      .where('holder', '=', holder)
      .execute(),
  ])

test('each account is held by one worker, shares are fair, and the dead one’s are taken over with another generation', async () => {
  const [one, two] = [createLeases(parts(), 'one'), createLeases(parts(), 'two')]
  await one.renew()
  expect(idsOf(one)).toHaveLength(5)
  await two.renew()
  await one.renew()
  await two.renew()
  expect([idsOf(one).length, idsOf(two).length].sort()).toEqual([2, 3])
  expect(new Set([...idsOf(one), ...idsOf(two)]).size).toBe(5)
  expect(linked.venue.followed).toHaveLength(2)

  const [lost] = one.held()
  await expire('one')
  await two.renew()
  expect(idsOf(two)).toHaveLength(5)
  expect(two.held().find(({ accountId }) => accountId === lost!.accountId)!.generation).toBe(lost!.generation + 1)
  const holds = (lease: typeof lost) =>
    parts()
      .db.transaction()
      .execute((trx) => holdsLease(trx, lease!))
  expect(await holds(lost)).toBe(false)
  expect(await holds(two.held()[0])).toBe(true)
  await two.close()
  expect(linked.venue.followed).toEqual([])
  await one.renew()
  expect(idsOf(one)).toHaveLength(5)
  await one.close()
})

test('many workers that renew at the same time never hold an account twice', async () => {
  const workers = Array.from({ length: 6 }, (_, index) => createLeases(parts(), `worker ${index}`))
  for (let round = 0; round < 4; round++) {
    await Promise.all(workers.map((worker) => worker.renew()))
    const { rows } = await parts().db.executeQuery<{ doubles: number }>(
      parts()
        .db.selectFrom('account_leases')
        .select(({ fn }) => [fn.countAll<number>().as('doubles')])
        .where('until', '>', new Date())
        .compile(),
    )
    expect(rows[0]!.doubles).toBeLessThanOrEqual(5)
  }
  await vi.waitFor(async () => {
    await Promise.all(workers.map((worker) => worker.renew()))
    const held = workers.flatMap(idsOf)
    expect([...held].sort()).toEqual([...new Set(held)].sort())
    expect(held).toHaveLength(5)
  })
  await Promise.all(workers.map((worker) => worker.close()))
})

test('an account that is unlinked is let go', async () => {
  const one = createLeases(parts(), 'one')
  await one.renew()
  const [first] = idsOf(one)
  await parts().db.updateTable('accounts').set({ unlinked_at: new Date() }).where('id', '=', first!).execute()
  await one.renew()
  expect(idsOf(one)).not.toContain(first)
  await one.close()
})
