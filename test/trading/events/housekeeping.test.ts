import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { startHousekeeping } from '../../../jobs/housekeeping.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'

let desk: TestDesk
let keeping: { close(): Promise<void> }
afterEach(async () => {
  await keeping.close()
  await desk.close()
})

/** A desk on which somebody has 1,201 fills, and ten messages from long ago and one from now. */
async function openUsed(retainDays: string): Promise<void> {
  desk = await openTestDesk({ worker: false, environment: { RETAIN_DAYS: retainDays } })
  await someone(desk).say('long BYND 1000')
  const { db } = desk.desk.parts
  await sql`insert into fills (venue, venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
      realized_pnl, filled_at)
    select 'paper', 'f' || n, order_id, position_id, account_id, symbol, side, 1, 1, 0, 0, filled_at
    from fills, generate_series(1, 1200) n`.execute(db)
  await sql`insert into audit (inbound_id, member_id, conversation_id, text, heard_at, finished_at)
    select 'old-' || n, member_id, conversation_id, 'pl', now() - interval '8 days', heard_at
    from audit, generate_series(1, 10) n`.execute(db)
}

const read = async (what: string) =>
  (await sql<{ number: number }>`select ${sql.raw(what)} as number`.execute(desk.desk.parts.db)).rows[0]!.number
const heard = () => read('(select count(*) from audit)')
const addedUp = () => read('(select coalesce(sum(fills), 0)::bigint from fill_sums where minutes = 1440)')
const claims = () => read('(select count(*) from chores)')

test('the worker adds fills up when there are enough of them, and removes once a day what is old', async () => {
  await openUsed('7')
  expect(await heard()).toBe(11)
  keeping = startHousekeeping(desk.desk, 10)
  await vi.waitFor(async () => expect(await heard()).toBe(1), 15_000)
  expect(await addedUp()).toBe(1201)
  expect(await claims()).toBe(1)
})

test('with RETAIN_DAYS=0 nothing is removed, and nobody claims to do it', async () => {
  await openUsed('0')
  keeping = startHousekeeping(desk.desk, 10)
  await vi.waitFor(async () => expect(await addedUp()).toBe(1201), 15_000)
  await keeping.close()
  expect(await claims()).toBe(0)
  expect(await heard()).toBe(11)
})
