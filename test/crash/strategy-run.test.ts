import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { dayAfter, weekdayOf } from '../../src/base/zone.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk } from '../../src/desk.ts'
import { sessionOf } from '../../src/market/calendar.ts'
import { resultsOf } from '../../src/strategies/runs/rows/results.ts'
import { runById } from '../../src/strategies/runs/rows/runs.ts'
import { ask, until } from '../strategies/runs/asking.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 240_000 }
const symbols = 120

test(
  'a run goes on after kill -9, an empty Redis and a deploy, with the results of an undisturbed one, told once',
  patience,
  async () => {
    const scene = await openScene(await discordPlatform(), {
      environment: { MARKET: `replay:${recordedFolder()}@2016-12-01`, MAX_CONCURRENT_EXECUTIONS: '1' },
      timeScale: 1,
    })
    const { db } = scene
    const desk = await createDesk({
      config: readConfig(scene.environment),
      log: pino({ level: 'silent' }),
      poolSize: 3,
    })
    onTestFinished(() => desk.close())
    const { parts } = desk
    const first = await scene.begin()
    await scene.ask('positions', /./)
    const { member_id: memberId, conversation_id: conversationId } = await db
      .selectFrom('audit')
      .select(['member_id', 'conversation_id'])
      .executeTakeFirstOrThrow()

    const undisturbed = (await ask(parts, memberId, { conversationId })).run
    await until(parts, undisturbed.id, ({ state }) => state === 'completed')
    const expected = await resultsOf(db, undisturbed.id, { most: 1000 })
    expect(expected).toHaveLength(symbols)

    await slowDown(scene, 0.4)
    const { run } = await ask(parts, memberId, { conversationId })
    await until(parts, run.id, ({ completedItems }) => completedItems >= 20)
    await first.kill()
    const killedAt = (await runById(db, run.id))!
    expect(killedAt.completedItems).toBeLessThan(symbols)
    expect(killedAt.endedAt).toBeUndefined()

    await parts.redis.flushall()
    const second = await scene.begin()
    await seemsLost(scene, run.id)
    await until(
      parts,
      run.id,
      ({ attempt, completedItems }) => attempt === 2 && completedItems > killedAt.completedItems,
    )
    // A deploy: the new version is there before the old one ends, and goes on at once.
    await slowDown(scene, 6)
    const third = await scene.begin()
    await second.end()
    await slowDown(scene, 0)
    const ended = await until(parts, run.id, ({ endedAt }) => endedAt !== undefined)
    expect(third.isAlive()).toBe(true)
    expect(ended).toMatchObject({ state: 'completed', attempt: 4, completedItems: symbols, progressPercent: 100 })
    expect(await resultsOf(db, run.id, { most: 1000 })).toEqual(expected)

    // Each run is told twice: a message that follows it, and its list.
    await expect.poll(() => waiting(scene), { timeout: 60_000 }).toBe(0)
    const told = await db
      .selectFrom('replies')
      .select('id')
      .where('conversation_id', '=', conversationId)
      .where('kind', '=', 'post')
      .where(sql<boolean>`body ->> 'text' ~* ${`run ${run.number}\\y`}`)
      .execute()
    expect(told).toHaveLength(2)
    const seen = scene.platform
      .seen('everywhere')
      .filter(({ text }) => new RegExp(`run ${run.number}\\b`, 'i').test(text))
    expect(seen).toHaveLength(2)
  },
)

/** A folder of made-up daily bars: a little over a year, so that screeners have enough of them. */
function recordedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-bars-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const days: string[] = []
  for (let day = '2015-09-01'; day < '2017-01-01'; day = dayAfter(day, 1)) {
    if (weekdayOf(day) % 6 !== 0 && sessionOf(day)) days.push(day)
  }
  for (let index = 0; index < symbols; index++) {
    const rows = days.map((day, at) => {
      const close = 50 * Math.exp(0.001 * ((index % 5) - 1) * at + 0.03 * Math.sin(at / (3 + (index % 11))))
      const [open, high, low] = [close * 0.995, close * 1.01, close * 0.985]
      return [
        day,
        ...[open, high, low, close].map((price) => price.toFixed(2)),
        1_000_000 + ((at * 7919) % 900_000),
      ].join(',')
    })
    const name = index === 0 ? 'SPY' : `S${String(index).padStart(3, '0')}`
    writeFileSync(join(folder, `${name}.csv`), `date,open,high,low,close,volume\n${rows.join('\n')}\n`)
  }
  return folder
}

/** Lets Postgres take so many seconds over each batch of results, so that a process can end between two of them. */
async function slowDown({ db }: Scene, seconds: number): Promise<void> {
  await sql`create or replace function slowly() returns trigger language plpgsql as
    ${sql.lit(`begin perform pg_sleep(${seconds}); return null; end`)}`.execute(db)
  await sql`create or replace trigger slowly after insert on strategy_results
    for each statement execute function slowly()`.execute(db)
}

/** Lets the silence of a dead worker be long enough. */
async function seemsLost({ db }: Scene, id: number): Promise<void> {
  await sql`update strategy_runs set heartbeat_at = heartbeat_at - interval '20 seconds' where id = ${id}`.execute(db)
}

async function waiting({ db }: Scene): Promise<number> {
  const rows = await db.selectFrom('replies').select('id').where('state', 'in', ['queued', 'posting']).execute()
  return rows.length
}
