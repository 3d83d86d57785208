import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { startPostgresServer, type TestServer } from '../support/servers.ts'
import { expectOneOrderAChunk, expectSoldOnce } from './ledger.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

// This Postgres waits for the disk, as in production: committed data must survive a crash.
let postgres: TestServer
beforeAll(async () => {
  postgres = await startPostgresServer({ durable: true })
})
afterAll(() => postgres.stop())

async function flush({ redis }: Scene): Promise<void> {
  const client = new Redis(redis.url)
  await client.flushall()
  client.disconnect()
}

/** Waits until a chunk should have been sold a moment ago, but was not. */
async function untilOverdue({ db }: Scene): Promise<void> {
  const overdue = sql<{ late: boolean }>`select exists
    (select from scaleout_chunks where state = 'waiting' and due_at < now() - interval '200 ms') as late`
  await expect.poll(async () => (await overdue.execute(db)).rows[0]?.late, { timeout: 60_000 }).toBe(true)
}

test.each<[string, (scene: Scene) => Promise<void>]>([
  ['Redis forgets everything', flush],
  ['Redis is restarted', ({ redis }) => redis.restart()],
  [
    'Redis is killed, and is away when a chunk is due',
    async (scene) => {
      await scene.redis.kill9()
      await untilOverdue(scene)
      await scene.redis.start()
    },
  ],
  [
    'Redis is killed and has lost its data',
    async (scene) => {
      await flush(scene)
      await scene.redis.kill9()
      await untilOverdue(scene)
      await scene.redis.start()
    },
  ],
  ['Postgres is restarted', () => postgres.restart()],
  [
    'Postgres is killed',
    async () => {
      await postgres.kill9()
      await postgres.start()
    },
  ],
  [
    'Postgres and Redis are killed at once',
    async ({ redis }) => {
      await Promise.all([postgres.kill9(), redis.kill9()])
      await Promise.all([postgres.start(), redis.start()])
    },
  ],
])('a scaleout goes on in the same process when %s in the middle of it', { timeout: 240_000 }, async (_, outage) => {
  const scene = await openScene(await discordPlatform(), { timeScale: 60, databaseServer: postgres.url })
  const { db, platform } = scene
  const life = await scene.begin()
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('scaleout fast', /^🔄/)
  await scene.sees(/^✓ Chunk 2\//)
  await outage(scene)
  await scene.sees(/^🎉/, 30_000)
  await scene.comesToRest()
  await expectSoldOnce(db, 3750)
  await expectOneOrderAChunk(db)
  exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  expect(life.isAlive()).toBe(true)
})
