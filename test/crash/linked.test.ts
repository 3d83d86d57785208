import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaseMs } from '../../src/trading/reconcile/rows/leases.ts'
import { startPostgresServer, type TestServer } from '../support/servers.ts'
import { expectOneOrderAChunk } from './ledger.ts'
import { expectBooksAgree, hurried, type LinkedScene, openLinkedScene } from './linked-scene.ts'
import { type Moment, moments } from './moments.ts'

/** More time passes between two lives than a lease of an account or of a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }

// This Postgres waits for the disk, as in production.
let postgres: TestServer
beforeAll(async () => {
  postgres = await startPostgresServer({ durable: true })
})
afterAll(() => postgres.stop())

async function sentOnce({ alpaca, account, db }: LinkedScene): Promise<void> {
  const rows = await db.selectFrom('orders').select('id').where('purpose', '<>', 'record').execute()
  expect(alpaca.orders(account)).toHaveLength(rows.length)
}

// Each of the three moments in which the broker matters meets the first, a middle and the last chunk.
const [, unsent, taken, unwoken] = moments
const rounds: [Moment, Moment, Moment][] = [
  [unsent, taken, unwoken],
  [taken, unwoken, unsent],
]

test.each(rounds)(
  'a scaleout at a broker sells once when the process dies %s of the first chunk, %s of a middle one, %s of the last',
  patience,
  async (...deaths) => {
    const scene = await openLinkedScene()
    let life = await scene.begin()
    await scene.link()
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await life.diesAt({ moment: deaths[0], chunk: 'first' })
    await scene.platform.say('scaleout fast')
    expect(await life.ended).toBe('SIGKILL')
    for (const [index, chunk] of [
      [1, 'middle'],
      [2, 'last'],
    ] as const) {
      await scene.letPass(downSeconds)
      life = await scene.begin({ death: { moment: deaths[index], chunk } })
      expect(await life.ended).toBe('SIGKILL')
    }
    await scene.letPass(downSeconds)
    await scene.begin()
    await scene.sees(/^🎉/)
    await scene.comesToRest()
    await expectOneOrderAChunk(scene.db)
    await expectBooksAgree(scene)
    await sentOnce(scene)
    expect(scene.platform.seen().filter(({ text }) => text.startsWith('🎉'))).toHaveLength(1)
  },
)

test(
  'a scaleout at a broker sells once although answers are lost, Redis forgets all and Postgres restarts',
  patience,
  async () => {
    const scene = await openLinkedScene({ timeScale: 60, databaseServer: postgres.url })
    const { alpaca } = scene
    const life = await scene.begin()
    await scene.link()
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    alpaca.failNext({ method: 'POST', path: /orders$/, as: 'unanswered' })
    await scene.ask('scaleout fast', /^🔄/)
    await scene.sees(/^✓ Chunk 1\//)
    const redis = new Redis(scene.redis.url)
    await redis.flushall()
    redis.disconnect()
    alpaca.failNext({ method: 'POST', path: /orders$/, as: 'lost' })
    await scene.sees(/^✓ Chunk 2\//)
    alpaca.failNext({ method: 'POST', path: /orders$/, as: { afterwards: 502 } })
    await postgres.restart()
    await scene.sees(/^🎉/)
    await scene.comesToRest()
    await expectOneOrderAChunk(scene.db)
    await expectBooksAgree(scene)
    await sentOnce(scene)
    expect(life.isAlive()).toBe(true)
  },
)

test(
  'an order whose answer is lost and whose keys are refused meanwhile is found after a new link',
  patience,
  async () => {
    const scene = await openLinkedScene()
    const { alpaca, account, db } = scene
    await scene.begin()
    await scene.link()
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    // The broker takes the order and says nothing: the desk asks for it with keys that are no longer good.
    alpaca.failNext({ method: 'POST', path: /orders$/, as: 'silent' })
    await scene.platform.say('scaleout fast')
    await expect.poll(() => alpaca.orders(account).length, { timeout: 30_000 }).toBe(1)
    const secret = account.secret
    account.secret = `${secret}-rolled`
    const refused = () => db.selectFrom('venue_credentials').select('refused_at').executeTakeFirstOrThrow()
    await expect.poll(async () => (await refused()).refused_at, { timeout: 30_000 }).not.toBeNull()
    await scene.sees(/^⚠️ SCALEOUT (PAUSED|STOPPED)/)
    await scene.link()
    await scene.sees(/Chunk 1\/\d+: Sold/)
    const { state } = await db.selectFrom('scaleouts').select('state').executeTakeFirstOrThrow()
    if (state === 'stopped') await scene.ask('close now', /^✓ SOLD/)
    await scene.comesToRest()
    await expectBooksAgree(scene)
    await sentOnce(scene)
  },
)

test(
  'when the process that looks after an account is killed, another one does so once the lease is over, and misses no fill',
  patience,
  async () => {
    const scene = await openLinkedScene({ accounts: { ...hurried, renewEveryMs: 500 } })
    const { alpaca, account, db } = scene
    const holder = await scene.begin()
    await scene.link()
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('sell 1000 @ 1.20', /1,000/)
    const lease = async () => {
      const { rows } = await sql<{ generation: number; left: number }>`
        select generation::int, extract(epoch from until - clock_timestamp())::float as left from account_leases
        where until > clock_timestamp()`.execute(db)
      return rows[0]
    }
    const other = await scene.begin()
    await holder.kill()
    const { generation, left } = (await lease())!
    const [resting] = alpaca.orders(account)
    alpaca.fill(resting!, '400', '1.20')
    // In production leases are renewed every 3 s, so another process takes over within 12 s.
    expect(left).toBeLessThanOrEqual(leaseMs / 1000)
    await scene.letPass(leaseMs / 1000)
    await expect.poll(async () => (await lease())?.generation, { timeout: 30_000 }).toBe(generation + 1)
    await scene.sees(/^✓ SOLD 400 of 1,000 BYND @ \$1\.20/)
    await expect.poll(() => alpaca.listening().length, { timeout: 30_000 }).toBe(1)
    alpaca.fill(resting!, '600', '1.20')
    await scene.sees(/^✓ SOLD 1,000 BYND @ \$1\.20 in all/)
    await scene.comesToRest()
    await expectBooksAgree(scene, 2750)
    const sold = scene.platform.seen().filter(({ text }) => text.startsWith('✓ SOLD'))
    expect(sold).toHaveLength(2)
    expect(other.isAlive()).toBe(true)
  },
)
