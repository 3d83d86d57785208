import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test as plain } from 'vitest'
import type { Db } from '../../../src/infra/db/client.ts'
import {
  endOfEvents,
  eventsAfter,
  isGoodCursor,
  settleRestoredEvents,
} from '../../../src/trading/events/rows/event-stream.ts'
import {
  compareCursors,
  cursorText,
  type EventCursor,
  readCursor,
} from '../../../src/trading/events/rules/event-cursor.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk } = deskTest({ worker: false })
const db = () => desk.desk.parts.db
const now = () => new Date()

const append = async (on: Db, what: string, at = now()) =>
  (
    await sql<{ id: number }>`insert into desk_events (type, urgency, symbol, data, at)
      values ('undone', 'LOW', 'BYND', ${JSON.stringify({ what })}::jsonb, ${at}) returning id`.execute(on)
  ).rows[0]!.id

/** The end of the log once this event is settled: transactions in other databases of the server hold it back, too. */
async function endBehind(id: number): Promise<EventCursor> {
  await expect.poll(async () => (await endOfEvents(db())).id).toBe(id)
  return endOfEvents(db())
}

const whats = ({ events }: Awaited<ReturnType<typeof eventsAfter>>) =>
  events.map(({ data }) => (data as { what: string }).what)

test('an event whose transaction ends late is read, and only then the ones after it', async () => {
  const from = await endOfEvents(db())
  const mayEnd = Promise.withResolvers<void>()
  const hasBegun = Promise.withResolvers<void>()
  const slow = db()
    .transaction()
    .execute(async (trx) => {
      await append(trx, 'late')
      hasBegun.resolve()
      await mayEnd.promise
    })
  await hasBegun.promise
  await append(db(), 'early')
  const held = await eventsAfter(db(), from)
  expect(whats(held)).toEqual([])
  expect(held.heldSince).toBeInstanceOf(Date)
  expect(held.through).toEqual(from)
  mayEnd.resolve()
  await slow
  await expect.poll(async () => whats(await eventsAfter(db(), from))).toEqual(['late', 'early'])
})

test('pages follow each other without a gap', async () => {
  const from = await endOfEvents(db())
  for (let index = 0; index < 7; index++) await append(db(), String(index))
  const found: string[] = []
  let at = from
  await expect
    .poll(async () => {
      const page = await eventsAfter(db(), at, { most: 3 })
      found.push(...whats(page))
      at = page.through
      return found.length
    })
    .toBe(7)
  expect(found).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  expect(await endOfEvents(db())).toEqual(at)
})

test('a cursor is good for days, unless its event is gone or its history another', async () => {
  const end = await endBehind(await append(db(), 'one'))
  expect(await isGoodCursor(db(), end, now())).toBe(true)
  expect(await isGoodCursor(db(), { ...end, epoch: 'abcdef01' }, now())).toBe(false)
  expect(await isGoodCursor(db(), { ...end, xid: String(BigInt(end.xid) + 1n) }, now())).toBe(false)
  expect(await isGoodCursor(db(), { ...end, xid: '18446744073709551615', id: 9_000_000 }, now())).toBe(false)
  expect(await isGoodCursor(db(), end, new Date(Date.now() + 8 * 24 * 3_600_000))).toBe(false)
  for (let index = 0; index < 4; index++) await append(db(), String(index))
  expect(await isGoodCursor(db(), end, now(), 4)).toBe(true)
  expect(await isGoodCursor(db(), end, now(), 3)).toBe(false)
  await sql`delete from desk_events where id = ${end.id}`.execute(db())
  expect(await isGoodCursor(db(), end, now())).toBe(false)
})

test('events that came with a dump come before all new ones', async () => {
  const id = await append(db(), 'restored')
  await sql`update desk_events set xid = '9000000000000000000' where id = ${id}`.execute(db())
  await settleRestoredEvents(db())
  const from = await endBehind(await append(db(), 'before'))
  await append(db(), 'new')
  await expect.poll(async () => whats(await eventsAfter(db(), from))).toEqual(['new'])
  const { rows } = await sql<{ xid: string }>`select xid::text from desk_events where id = ${id}`.execute(db())
  expect(rows[0]!.xid).toBe('0')
})

test('the name of the history needs no right that an ordinary role lacks', async () => {
  const { rows } = await sql<{ may: boolean }>`
    select has_function_privilege('pg_signal_backend', 'pg_control_system()', 'execute')
      and has_function_privilege('pg_signal_backend', 'pg_control_checkpoint()', 'execute') as may`.execute(db())
  expect(rows[0]!.may).toBe(true)
})

test('a database of before has its events in the order of their ids', async () => {
  await append(db(), 'one')
  await append(db(), 'two')
  await sql`update desk_events set xid = '0'`.execute(db())
  const { epoch } = await endOfEvents(db())
  const all = await eventsAfter(db(), { epoch, xid: '0', id: 0 })
  expect(whats(all).slice(-2)).toEqual(['one', 'two'])
  const ids = all.events.map(({ cursor }) => cursor.id)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
})

const cursor: fc.Arbitrary<EventCursor> = fc.record({
  epoch: fc.constant('0a1b2c3d'),
  xid: fc.bigInt(0n, 2n ** 64n - 1n).map(String),
  id: fc.nat(Number.MAX_SAFE_INTEGER),
})

plain('a cursor is read as it was written', () => {
  fc.assert(
    fc.property(cursor, (one) => {
      expect(readCursor(cursorText(one))).toEqual(one)
    }),
  )
})

plain('cursors are in the order of transactions, and then of ids', () => {
  fc.assert(
    fc.property(cursor, cursor, (one, other) => {
      const sign = Math.sign(compareCursors(one, other))
      expect(sign).toBe(-Math.sign(compareCursors(other, one)) + 0)
      if (one.xid !== other.xid) expect(sign).toBe(BigInt(one.xid) < BigInt(other.xid) ? -1 : 1)
    }),
  )
})

plain.for([
  '',
  'x',
  '0a1b2c3d.1',
  '0a1b2c3d.-1.2',
  '0a1b2c3d.1.2.3',
  '0a1b2c3d.18446744073709551616.1',
  '0a1b2c3d.1.9999999999999999',
])('a text such as "%s" is no cursor', (text) => {
  expect(readCursor(text)).toBeUndefined()
})
