import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import { connectRedis } from '../../src/infra/queue/redis.ts'
import { type Moment, moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene } from './scene.ts'

const downSeconds = 600
const patience = { timeout: 240_000 }

/** A round with two symbols, each at $1.01, and one process. */
const nextRound = roundsIn(async (whenOver) => {
  const scene = await openScene(await discordPlatform(), { whenOver })
  const file = scene.environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, 'symbol,bid,ask,last\nBYND,1.01,1.01,1.01\nAMD,1.01,1.01,1.01\n')
  return scene
})

async function holdsBoth(round: Round): Promise<void> {
  await round.ask('long BYND 3750 @ .63', /^✓ LONG 3,750 BYND/)
  await round.ask('long AMD 100 @ .63', /^✓ LONG 100 AMD/)
}

/** Expects both to be sold, once: one group with two plans, one announcement and one total. */
async function expectBothSoldOnce(round: Round): Promise<void> {
  const { db, platform } = round
  await round.sees(/^🎉 SCALEOUT COMPLETE - 2 positions/)
  await round.comesToRest()
  await round.expectSoldOnce(3850)
  const { id } = await db.selectFrom('accounts').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  const { rows } = await sql<Record<string, unknown>>`
    with mine as (select * from scaleouts where account_id = ${id}) select
    (select count(*) from scaleout_groups g where state = 'ended' and exists (select from mine where group_id = g.id)) as groups,
    (select count(*) from mine where state = 'complete') as complete,
    (select sum(chunk_count)::int from mine)
      - (select count(distinct chunk_id) from orders where account_id = ${id} and purpose = 'chunk' and state = 'filled')
      as chunks_without_one,
    (select count(*) from scaleout_groups g where not exists (select from scaleouts where group_id = g.id)) as empty`.execute(
    db,
  )
  expect(rows[0]).toEqual({ groups: 1, complete: 2, chunks_without_one: 0, empty: 0 })
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
  const round = await nextRound()
  const other = await round.begin()
  await holdsBoth(round)
  await round.ask('scaleout all fast', /^🔄/)
  await expectBothSoldOnce(round)
  await other.end()
})

const deadly: Moment[] = [...moments.slice(1, 4), 'after it was heard, before the answer is posted']
test.each(deadly)(
  'scaleouts of several are sold once and told once when the process dies %s',
  patience,
  async (moment) => {
    const round = await nextRound()
    await holdsBoth(round)
    await round.dies({ moment, answer: '🔄' })
    await round.platform.say('scaleout all fast')
    await round.nextLife(downSeconds)
    await expectBothSoldOnce(round)
  },
)

test('none of several scaleouts starts when the process dies between two plans', patience, async () => {
  const round = await nextRound()
  await holdsBoth(round)
  const { db } = round
  const rows = await db.selectFrom('positions').selectAll().where('closed_at', 'is', null).orderBy('id').execute()
  const begun = (await left(round)).length
  // Another transaction is about to start a scaleout of the second position, so the plan for it waits, after the first was
  // written.
  const blocking = connectDatabase(round.environment.DATABASE_URL!, pino({ level: 'silent' }), 1)
  onTestFinished(() => blocking.destroy())
  const [isInTheWay, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const blocked = blocking.transaction().execute(async (trx) => {
    // Without foreign keys, which would lock the position itself.
    await sql`set local session_replication_role = replica`.execute(trx)
    const { account_id, member_id } = await trx
      .selectFrom('orders')
      .select(['account_id', 'member_id'])
      .orderBy('id', 'desc')
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
  await round.platform.say('scaleout all fast')
  const waits = async () => {
    const waiting = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%scaleouts%'`.execute(db)
    return waiting.rows.length
  }
  await expect.poll(waits, { timeout: 60_000 }).toBe(1)
  await round.life.kill()
  released.resolve()
  expect(await ended).toBe('taken back')
  await expect.poll(async () => (await waits()) + (await left(round)).length).toBe(begun)

  await round.nextLife(downSeconds)
  await round.ask('scaleout all fast', /^🔄/)
  await expectBothSoldOnce(round)
})

/** The scaleouts and groups in the database. */
async function left({ db }: Round): Promise<unknown[]> {
  return (await sql`select from scaleouts union all select from scaleout_groups`.execute(db)).rows
}

test('a Redis that lost everything only delays scaleouts of several', patience, async () => {
  const round = await nextRound()
  await holdsBoth(round)
  await round.ask('scaleout all fast', /^🔄/)
  await round.life.kill()
  const redis = connectRedis(round.redis.url, pino({ level: 'silent' }))
  await redis.flushall()
  redis.disconnect()
  await round.nextLife(downSeconds)
  await expectBothSoldOnce(round)
})
