import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import { connectRedis } from '../../src/infra/queue/redis.ts'
import { type Moment, moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const downSeconds = 600
const patience = { timeout: 240_000 }

/** A scene with two symbols, each at $1.01. */
async function openTwo() {
  const platform = await discordPlatform()
  const scene = await openScene(platform)
  const file = scene.environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, 'symbol,bid,ask,last\nBYND,1.01,1.01,1.01\nAMD,1.01,1.01,1.01\n')
  return scene
}

async function holdsBoth(scene: Scene): Promise<void> {
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG 3,750 BYND/)
  await scene.ask('long AMD 100 @ .63', /^✓ LONG 100 AMD/)
}

/** Expects both to be sold, once: one group with two plans, one announcement and one total. */
async function expectBothSoldOnce(scene: Scene): Promise<void> {
  const { db, platform } = scene
  await scene.sees(/^🎉 SCALEOUT COMPLETE - 2 positions/)
  await scene.comesToRest()
  const { rows } = await sql<Record<string, unknown>>`select
    (select coalesce(sum(quantity), 0)::float from fills where side = 'sell') as sold,
    (select coalesce(sum(quantity), 0)::float from paper_fills) as at_venue,
    (select coalesce(sum(abs(signed_quantity)), 0)::float from positions) as held,
    (select count(*) from scaleout_groups where state = 'ended') as groups,
    (select count(*) from scaleouts where state = 'complete') as complete,
    (select sum(chunk_count)::int from scaleouts)
      - (select count(distinct chunk_id) from orders where purpose = 'chunk' and state = 'filled') as chunks_without_one`.execute(
    db,
  )
  expect(rows[0]).toEqual({ sold: 3850, at_venue: 3850, held: 0, groups: 1, complete: 2, chunks_without_one: 0 })
  const said = platform.seen('everywhere').map(({ text }) => text)
  expect(said.filter((text) => text.startsWith('🎉'))).toEqual([
    `🎉 SCALEOUT COMPLETE - 2 positions
✓ BYND: 3,750 of 3,750 sold @ $1.01 · P&L $+1,425.00 · no difference
✓ AMD: 100 of 100 sold @ $1.01 · P&L $+38.00 · no difference
Total P&L: $+1,463.00
📊 Against the prices at the start: no difference
· alice`,
  ])
  const announced = said.filter((text) => text.startsWith('🔄'))
  expect(announced).toHaveLength(1)
  expect(announced[0]).toMatch(/\nBYND ▰+ (\d+)\/\1 COMPLETE · .*\nAMD ▰+ (\d+)\/\2 COMPLETE/)
}

test('two processes run scaleouts of several, and say everything once', patience, async () => {
  const scene = await openTwo()
  await Promise.all([scene.begin(), scene.begin()])
  await holdsBoth(scene)
  await scene.ask('scaleout all fast', /^🔄/)
  await expectBothSoldOnce(scene)
})

const deadly: Moment[] = [...moments.slice(1, 4), 'after it was heard, before the answer is posted']
test.each(deadly)(
  'scaleouts of several are sold once and told once when the process dies %s',
  patience,
  async (moment) => {
    const scene = await openTwo()
    const life = await scene.begin()
    await holdsBoth(scene)
    await life.diesAt({ moment, answer: '🔄' })
    await scene.platform.say('scaleout all fast')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    await scene.begin()
    await expectBothSoldOnce(scene)
  },
)

test('none of several scaleouts starts when the process dies between two plans', patience, async () => {
  const scene = await openTwo()
  const life = await scene.begin()
  await holdsBoth(scene)
  const { db } = scene
  const rows = await db.selectFrom('positions').selectAll().orderBy('id').execute()
  // Another transaction is about to start a scaleout of the second position, so the plan for it waits, after the first was
  // written.
  const blocking = connectDatabase(scene.environment.DATABASE_URL!, pino({ level: 'silent' }), 1)
  onTestFinished(() => blocking.destroy())
  const [isInTheWay, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const blocked = blocking.transaction().execute(async (trx) => {
    // Without foreign keys, which would lock the position itself.
    await sql`set local session_replication_role = replica`.execute(trx)
    const { account_id, member_id } = await trx
      .selectFrom('orders')
      .select(['account_id', 'member_id'])
      .executeTakeFirstOrThrow()
    await sql`insert into scaleouts (position_id, account_id, member_id, conversation_id, symbol, side, speed, seed,
        time_scale, total_quantity, chunk_count, decision_price, state, started_at, task_number)
      values (${rows[1]!.id}, ${account_id}, ${member_id}, ${rows[1]!.conversation_id}, 'AMD', 'sell', 'fast', 1,
        600, 1, 1, 1, 'running', now(), 1000)`.execute(trx)
    isInTheWay.resolve()
    await released.promise
    throw new Error('taken back')
  })
  const ended = blocked.catch((cause: Error) => cause.message)
  await Promise.race([isInTheWay.promise, blocked])
  await scene.platform.say('scaleout all fast')
  const waits = async () => {
    const waiting = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%scaleouts%'`.execute(db)
    return waiting.rows.length
  }
  await expect.poll(waits, { timeout: 60_000 }).toBe(1)
  await life.kill()
  released.resolve()
  expect(await ended).toBe('taken back')
  const left = () => sql`select from scaleouts union all select from scaleout_groups`.execute(db)
  await expect.poll(async () => (await waits()) + (await left()).rows.length).toBe(0)

  await scene.letPass(downSeconds)
  await scene.begin()
  await scene.ask('scaleout all fast', /^🔄/)
  await expectBothSoldOnce(scene)
})

test('a Redis that lost everything only delays scaleouts of several', patience, async () => {
  const scene = await openTwo()
  const life = await scene.begin()
  await holdsBoth(scene)
  await scene.ask('scaleout all fast', /^🔄/)
  await life.kill()
  const redis = connectRedis(scene.redis.url, pino({ level: 'silent' }))
  await redis.flushall()
  redis.disconnect()
  await scene.letPass(downSeconds)
  await scene.begin()
  await expectBothSoldOnce(scene)
})
