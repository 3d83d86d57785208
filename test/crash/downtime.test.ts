import { Redis } from 'ioredis'
import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../src/infra/db/schema.ts'
import { exactLook } from '../contracts/exact-look.ts'
import { expectOneOrderAChunk, expectSoldOnce } from './ledger.ts'
import { discordPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 240_000 }
const timeScale = 60
const tenMinutes = 600
/** A gap may be shorter by this many real milliseconds: a chunk that is a planned second late does not move the others. */
const grain = 1000 / timeScale + 10

/** The chunks after the first `sold`, with the real and the planned milliseconds before each. */
async function gapsAfter(db: Kysely<Database>, sold: number): Promise<{ took: number; planned: number }[]> {
  const chunks = await db.selectFrom('scaleout_chunks').select(['done_at', 'delay_ms']).orderBy('number').execute()
  return chunks.slice(sold).map((chunk, index, rest) => ({
    took: index === 0 ? 0 : chunk.done_at!.getTime() - rest[index - 1]!.done_at!.getTime(),
    planned: index === 0 ? 0 : chunk.delay_ms / timeScale,
  }))
}

test.each([
  ['', async () => {}],
  [
    ', and Redis has forgotten everything',
    async (url: string) => {
      const redis = new Redis(url)
      await redis.flushall()
      redis.disconnect()
    },
  ],
])(
  'after ten minutes down%s, the first chunk goes at once and the others keep their distance',
  patience,
  async (_, meanwhile) => {
    const scene = await openScene(await discordPlatform(), { timeScale })
    const { db, platform, redis } = scene
    const life = await scene.begin()
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('scaleout fast', /^🔄/)
    await scene.sees(/^✓ Chunk 1\//)
    await life.kill()
    const { done_chunks: sold, chunk_count: count } = await db
      .selectFrom('scaleouts')
      .select(['done_chunks', 'chunk_count'])
      .executeTakeFirstOrThrow()
    expect(sold).toBeLessThan(count - 3)
    await scene.letPass(tenMinutes)
    await meanwhile(redis.url)
    const overdue = await db
      .selectFrom('scaleout_chunks')
      .select('id')
      .where('state', '=', 'waiting')
      .where('due_at', '<', new Date())
      .execute()
    expect(overdue).toHaveLength(count - sold)

    await scene.begin()
    await scene.sees(/^🎉/)
    await scene.comesToRest()
    for (const { took, planned } of await gapsAfter(db, sold)) expect(took).toBeGreaterThanOrEqual(planned - grain)
    await expectSoldOnce(db, 3750)
    await expectOneOrderAChunk(db)
    exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  },
)

test('a bot that is down while chunks are sold posts everything when it is back, in order', patience, async () => {
  const scene = await openScene(await discordPlatform())
  const { db, platform } = scene
  const worker = await scene.begin({ roles: ['worker'] })
  const bot = await scene.begin({ roles: ['discord'] })
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('scaleout fast', /^🔄/)
  await bot.kill()
  await expect
    .poll(() => db.selectFrom('scaleouts').select('state').executeTakeFirst(), { timeout: 60_000 })
    .toEqual({ state: 'complete' })
  await scene.letPass(60 * 60)
  expect(
    platform
      .seen()
      .map(({ text }) => text)
      .filter((text) => text.startsWith('🎉')),
  ).toEqual([])
  await scene.begin({ roles: ['discord'] })
  await scene.comesToRest()
  await expectSoldOnce(db, 3750)
  exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  expect(worker.isAlive()).toBe(true)
})
