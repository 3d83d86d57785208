import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { announcePosition, hearPositions } from '../../../src/infra/db/announce.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'

let desk: TestDesk
let heard: number[]
let missed: number
let stop: () => void

beforeEach(async () => {
  desk = await openTestDesk({ worker: false })
  heard = []
  missed = 0
  stop = hearPositions(
    desk.desk.parts.notices,
    (id) => heard.push(id),
    () => (missed += 1),
  )
  await vi.waitFor(() => expect(missed).toBe(1))
})
afterEach(async () => {
  stop()
  await desk.close()
})

test('a position is announced when it is recorded, and when its protection changes', async () => {
  await desk.say('long BYND 100 @ 1')
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  for (const text of ['stop .90', 'target 1.50', 'trail 4%', 'trail off']) await desk.say(text)
  await vi.waitFor(() => expect(heard).toHaveLength(5))
  const { id } = await desk.desk.parts.db.selectFrom('positions').select('id').executeTakeFirstOrThrow()
  expect(new Set(heard)).toEqual(new Set([id]))
})

test('a refused change is not announced', async () => {
  await desk.say('long BYND 100 @ 1')
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  await desk.say('stop 5')
  await desk.say('target off')
  await announcePosition(desk.desk.parts, 77)
  await vi.waitFor(() => expect(heard.at(-1)).toBe(77))
  expect(heard).toHaveLength(2)
})

test('an announcement that is no position is ignored', async () => {
  for (const text of ['', 'all', '-3', '1.5']) await desk.desk.parts.notices.send('deskhand_positions', text)
  await announcePosition(desk.desk.parts, 8)
  await vi.waitFor(() => expect(heard).toEqual([8]))
})

test('after a loss of the connection announcements are heard again, and the missed ones are reported', async () => {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query in ('select 1', 'listen "deskhand_positions"')`.execute(
    desk.desk.parts.db,
  )
  await vi.waitFor(() => expect(missed).toBeGreaterThan(1))
  await vi.waitFor(
    async () => {
      await announcePosition(desk.desk.parts, 9)
      expect(heard).toContain(9)
    },
    { interval: 200 },
  )
})

test('a stop can be set while Redis is away', async () => {
  await desk.say('long BYND 100 @ 1')
  await desk.redis.halt()
  expect(await desk.say('stop .90')).toContain('STOP SET')
  await desk.redis.start()
})
