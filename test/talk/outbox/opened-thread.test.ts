import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Place } from '../../../src/talk/chat/place.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { runNextChunk } from '../../trading/orders/by-hand.ts'

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk } = deskTest({ worker: false, clock })

test('a chunk that sells while the thread of its scaleout is being opened is told in the thread', async ({ alice }) => {
  const { db } = desk.desk.parts
  await alice.say('long BYND 3 @ 1')
  const place: Place = { door: 'slack', workspace: 'T1', channel: 'C1', thread: alice.thread }
  const author = { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name }
  const id = `in-channel-${alice.thread}`
  const [announced] = await desk.desk.hear({
    kind: 'message',
    id,
    author,
    place,
    text: 'scaleout BYND fast',
    addressed: true,
  })
  await runNextChunk(desk, clock)
  const told: Place[] = []
  const deliver = createDelivery(desk.desk.parts, {
    door: 'slack',
    async post(post) {
      told.push(post.place)
      return { message: `m-${post.key}`, place: post.place }
    },
    async edit() {},
  })
  const { conversation_id: channel } = await db
    .selectFrom('replies')
    .select('conversation_id')
    .where('id', '=', announced!.row!)
    .executeTakeFirstOrThrow()
  const opened: Place = { ...place, thread: `${alice.thread}-opened` }
  // A chunk that is being written holds its scaleout, so the move to the thread waits. The channel's poster looks meanwhile.
  const marked = await db.transaction().execute(async (trx) => {
    await sql`select from scaleouts where conversation_id = ${channel} for no key update`.execute(trx)
    const done = desk.desk.delivered(announced!.row!, { message: 'm-1', place: opened })
    await expect
      .poll(async () => {
        const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
        return (await waiting.execute(db)).rows.length
      })
      .toBe(1)
    await deliver(channel)
    return { done }
  })
  await marked.done
  expect(told).toEqual([])
  await runNextChunk(desk, clock)
  const rows = await sql<{
    id: number
  }>`select distinct conversation_id as id from replies where state = 'queued'`.execute(db)
  for (const row of rows.rows) await deliver(row.id)
  expect(told).toEqual([opened, opened])
})
