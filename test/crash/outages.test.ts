import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { startPostgresServer, type TestServer } from '../support/servers.ts'
import { discordPlatform } from './platforms.ts'
import { roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

// This Postgres waits for the disk, as in production: committed data must survive a crash.
let postgres: TestServer
beforeAll(async () => {
  postgres = await startPostgresServer({ durable: true })
})
afterAll(() => postgres.stop())

const nextRound = roundsIn(async (whenOver) =>
  openScene(await discordPlatform(), { whenOver, timeScale: 60, databaseServer: postgres.url }),
)

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
  const round = await nextRound()
  const { platform, life } = round
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await round.ask('scaleout fast', /^🔄/)
  await round.sees(/^✓ Chunk 2\//)
  await outage(round)
  await round.sees(/^🎉/, 30_000)
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  await round.expectOneOrderAChunk()
  exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  expect(life.isAlive()).toBe(true)
})
