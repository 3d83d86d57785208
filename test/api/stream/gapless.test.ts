import fc from 'fast-check'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, inject, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../support/database.ts'
import { startRedisServer } from '../../support/servers.ts'
import { prove } from './proof/proof.ts'

// The whole proof, with 200 streams and a minute, is `npm run bench -- stream`.
test('every reader gets every event of its own once and in order, whatever happens to server and line', async () => {
  const [database, redis] = await Promise.all([freshDatabase(inject('postgresUrl')), startRedisServer()])
  onTestFinished(async () => {
    await redis.stop()
    await database.drop()
  })
  const [seed] = fc.sample(fc.nat(), 1)
  const random = xoroshiro128plus(seed!)
  const size = { streams: 24, perSecond: 50, seconds: 5, kills: 2, ofMember: 4 }
  const result = await prove({ databaseUrl: database.url, redisUrl: redis.url }, size, () => uniformFloat64(random))
  expect(result.faults, `seed ${seed}`).toEqual([])
  expect(result.resets).toBe(0)
  expect(result.events).toBeGreaterThan(200)
  expect(result.connections).toBeGreaterThan(2 * size.streams)
})
