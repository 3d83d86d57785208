import { expect } from 'vitest'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { followClock } from '../../../src/trading/scaleouts/rewind.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { runNextChunk, runToTheEnd } from '../orders/by-hand.ts'

const minutes = 60_000
/** Clocks of processes may differ by less than this. */
const toleranceMs = 2000

const clock = handClock('2026-11-20T15:00:00Z', 1)
const { test, desk } = deskTest({ worker: false, clock })
test.beforeEach(async ({ alice }) => {
  await runToTheEnd(desk, clock)
  await alice.say('long BYND 3750 @ .63')
  await alice.say('scaleout fast')
})

/** The chunks of the newest scaleout, by number. */
async function chunks() {
  const { db } = desk.desk.parts
  const { id } = await db.selectFrom('scaleouts').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  return db.selectFrom('scaleout_chunks').selectAll().where('scaleout_id', '=', id).orderBy('number').execute()
}
const gaps = (rows: { due_at: Date }[]) =>
  rows.slice(1).map(({ due_at }, at) => due_at.getTime() - rows[at]!.due_at.getTime())
const sold = async () => {
  const { rows } = { rows: await chunks() }
  return rows.reduce((sum, { sold_quantity }) => sum + Number(sold_quantity), 0)
}

test.each([
  ['ten minutes', 10 * minutes],
  ['a day', 24 * 60 * minutes],
])('a clock that is set back by %s keeps no chunk waiting for longer than was planned', async (_, backMs) => {
  await runNextChunk(desk, clock)
  await runNextChunk(desk, clock)
  const before = await chunks()
  const planned = gaps(before)
  clock.advance(-backMs)
  await followClock(desk.desk.parts)
  const after = await chunks()
  const wait = after[2]!.due_at.getTime() - clock.now().getTime()
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(planned[1]! + toleranceMs)
  expect(gaps(after)).toEqual(planned)
  await followClock(desk.desk.parts)
  expect(await chunks()).toEqual(after)
  await runToTheEnd(desk, clock)
  expect(await sold()).toBe(3750)
})

test('a clock that is set back before the first chunk keeps it waiting no longer than was planned', async () => {
  const before = await chunks()
  const planned = before[0]!.due_at.getTime() - clock.now().getTime()
  clock.advance(-10 * minutes)
  await followClock(desk.desk.parts)
  const [first] = await chunks()
  expect(first!.due_at.getTime() - clock.now().getTime()).toBe(planned)
})

test('two who see at the same moment that a clock was set back move a scaleout once', async () => {
  await runNextChunk(desk, clock)
  const before = await chunks()
  clock.advance(-10 * minutes)
  await Promise.all([followClock(desk.desk.parts), followClock(desk.desk.parts), followClock(desk.desk.parts)])
  const after = await chunks()
  expect(before[1]!.due_at.getTime() - after[1]!.due_at.getTime()).toBe(10 * minutes)
})

test('the difference that clocks of processes may have moves nothing', async () => {
  await runNextChunk(desk, clock)
  const before = await chunks()
  clock.advance(-1000)
  await followClock(desk.desk.parts)
  expect(await chunks()).toEqual(before)
})

test('a clock that is set ten minutes ahead sells what is due then, and the others as far apart as was planned', async () => {
  await runNextChunk(desk, clock)
  const before = await chunks()
  clock.advance(10 * minutes)
  await followClock(desk.desk.parts)
  for (const { id } of before) await runChunk(desk.desk.parts, id)
  const after = await chunks()
  expect(after.filter(({ state }) => state === 'done').map(({ number }) => number)).toEqual([1, 2])
  const wait = after[2]!.due_at.getTime() - clock.now().getTime()
  expect(wait).toBe(gaps(before)[1]!)
  expect(gaps(after.slice(2))).toEqual(gaps(before.slice(2)))
  await runToTheEnd(desk, clock)
  expect(await sold()).toBe(3750)
})
