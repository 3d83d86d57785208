import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createDesk } from '../../src/desk.ts'
import { curvesOf, reportOf, tradesOf } from '../../src/strategies/runs/rows/reports.ts'
import { runById } from '../../src/strategies/runs/rows/runs.ts'
import { ask, until } from '../strategies/runs/asking.ts'
import { waveBars } from '../support/bars.ts'
import { discordPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 240_000 }

test('a backtest goes on after kill -9, with the outcome of an undisturbed one, told once', patience, async () => {
  const scene = await openScene(await discordPlatform(), {
    environment: { MARKET: `replay:${recordedFolder()}@2016-12-01` },
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
  const wanted = {
    kind: 'backtest',
    strategy: 'bracket',
    parameters: { tickers: ['WAVE'], stop: 3, target: 4 },
  } as const
  const undisturbed = (await ask(parts, memberId, { conversationId, ...wanted })).run
  await until(parts, undisturbed.id, ({ state }) => state === 'completed')

  // The outcome cannot be kept, so the process is killed while it works.
  const holder = new pg.Client({ connectionString: scene.environment.DATABASE_URL })
  await holder.connect()
  onTestFinished(() => holder.end())
  await holder.query('begin; lock table strategy_reports in share mode')
  const { run } = await ask(parts, memberId, { conversationId, ...wanted })
  await until(parts, run.id, ({ stage }) => stage === 'drawing')
  await first.kill()
  await holder.query('rollback')
  expect((await runById(db, run.id))!.endedAt).toBeUndefined()
  expect(await reportOf(db, run.id)).toBeUndefined()

  await scene.begin()
  await sql`update strategy_runs set heartbeat_at = heartbeat_at - interval '20 seconds' where id = ${run.id}`.execute(
    db,
  )
  const ended = await until(parts, run.id, ({ endedAt }) => endedAt !== undefined)
  expect(ended).toMatchObject({ state: 'completed', attempt: 2, progressPercent: 100 })
  for (const of of [reportOf, curvesOf, tradesOf]) expect(await of(db, run.id)).toEqual(await of(db, undisturbed.id))
  expect((await tradesOf(db, run.id)).length).toBeGreaterThan(5)

  const told = () =>
    scene.platform.seen('everywhere').filter(({ text }) => text.startsWith(`🏁 RUN ${run.number} · Backtest Bracket`))
  await expect.poll(() => told().length, { timeout: 60_000 }).toBe(1)
  const waiting = async () =>
    (await db.selectFrom('replies').select('id').where('state', 'in', ['queued', 'posting']).execute()).length
  await expect.poll(waiting, { timeout: 60_000 }).toBe(0)
  expect(told()).toHaveLength(1)
})

/** A folder with the recorded daily bars of one symbol. */
function recordedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-bars-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const rows = waveBars({ count: 700, minutes: 1440 }, new Date('2017-06-01T00:00:00Z')).map(
    ({ at, open, high, low, close, volume }) =>
      [at.toISOString().slice(0, 10), open, high, low, close, volume].join(','),
  )
  writeFileSync(join(folder, 'WAVE.csv'), ['date,open,high,low,close,volume', ...rows, ''].join('\n'))
  return folder
}
