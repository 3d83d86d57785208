import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { openNotices } from '../../../src/infra/db/notices.ts'
import { connectRedis } from '../../../src/infra/queue/redis.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import { endOfEvents, isGoodCursor } from '../../../src/trading/events/rows/event-stream.ts'
import { freshDatabase } from '../../support/database.ts'
import { handMarket } from '../../support/desk.ts'
import { startPostgresServer, startRedisServer, type TestServer } from '../../support/servers.ts'
import { people } from './proof/proof.ts'
import { openRaw } from './raw-stream.ts'
import { serveStreams } from './server.ts'

/** A server of streams, with a reader; on a Postgres of its own if the test stops that. */
async function scene(postgres?: TestServer) {
  const [database, redis] = await Promise.all([freshDatabase(postgres?.url), startRedisServer()])
  const { url } = database
  const log = pino({ level: 'silent' })
  const db = connectDatabase(url, log)
  const notices = openNotices(db, url, log)
  const parts = {
    db,
    notices,
    log,
    wording,
    clock: systemClock(),
    market: handMarket(),
    redis: connectRedis(redis.url, log),
  }
  const server = await serveStreams(parts, { times: { beatEveryMs: 200, lookEveryMs: 50 } })
  const [person] = await people(db, 1)
  const path = '/api/stream'
  const stream = await openRaw(server.port, { path, token: person!.token })
  onTestFinished(async () => {
    stream.close()
    await server.close()
    await notices.close()
    parts.redis.disconnect()
    await db.destroy()
    await Promise.all([postgres?.stop() ?? database.drop(), redis.stop()])
  })
  const append = (what: string) =>
    sql`insert into desk_events (type, urgency, account_id, symbol, data, at)
      values ('undone', 'LOW', ${person!.memberId}, 'BYND', ${JSON.stringify({ what })}::jsonb, now())`.execute(db)
  const told = () => stream.messages.flatMap(({ data }) => (data.data as { what: string } | undefined)?.what ?? [])
  return { redis, parts, server, person: person!, stream, append, told }
}

test('a stream goes on without a gap after Postgres and Redis were away, and says that it is behind', async () => {
  const postgres = await startPostgresServer()
  const { redis, server, person, stream, append, told } = await scene(postgres)
  await append('before')
  await expect.poll(told).toEqual(['before'])
  await Promise.all([postgres.halt(), redis.halt()])
  await expect.poll(() => Number(stream.beats.at(-1)?.data.behindMs)).toBeGreaterThan(0)
  const refused = await openRaw(server.port, { path: '/api/stream', token: person.token })
  expect(refused.status).toBe(503)
  expect(refused.body()).toMatchObject({ code: 'DESK_AWAY' })
  await postgres.start()
  await expect
    .poll(() =>
      append('after').then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
  await expect.poll(told).toEqual(['before', 'after'])
  await expect.poll(() => Number(stream.beats.at(-1)?.data.behindMs)).toBe(0)
  expect(stream.messages.map(({ event }) => event)).not.toContain('reset')
})

test('a restored database is another history: readers begin anew and go on from there', async () => {
  const { parts, stream, append, told } = await scene()
  await append('before')
  await expect.poll(told).toEqual(['before'])
  const old = await endOfEvents(parts.db)
  // As docs/operations.md has it for a restore; the connections of the desk break, too.
  await sql`update desk set identity = 'restored'`.execute(parts.db)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
    and query ilike 'listen%'`.execute(parts.db)
  await expect.poll(() => stream.messages.at(-1)?.event).toBe('reset')
  await append('after')
  await expect.poll(told).toEqual(['before', 'after'])
  expect(await isGoodCursor(parts.db, old, new Date())).toBe(false)
})
