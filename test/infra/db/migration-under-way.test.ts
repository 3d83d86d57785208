import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/infra/db/migrator.ts'
import { scratchFolder } from '../../../src/setup/folders.mjs'
import { expectOneOrderAChunk, unrest } from '../../crash/ledger.ts'
import { openTestDesk } from '../../support/desk.ts'

const shipped = join(import.meta.dirname, '../../../migrations')

/** A newer release: our migrations, and some more. */
function newerRelease() {
  const folder = scratchFolder()
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of readdirSync(shipped)) copyFileSync(join(shipped, name), join(folder, name))
  let number = 900
  return async (url: string, text: string) => {
    writeFileSync(join(folder, `${++number}_more.sql`), text)
    return migrate(url, { folder: pathToFileURL(`${folder}/`), everyMs: 50 })
  }
}

test('a running desk sells its chunks and closes a stop while a newer release adds columns to all its tables', {
  timeout: 240_000,
}, async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const desk = await openTestDesk({ log, timeScale: 3, sweepEveryMs: 200, monitorEveryMs: 200 })
  onTestFinished(() => desk.close())
  const { db } = desk.desk.parts
  const release = newerRelease()
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely%'`.execute(db)
  const grow = (column: string) =>
    release(
      desk.databaseUrl,
      tables.rows.map(({ name }) => `alter table ${name} add column ${column} int default 1;`).join('\n'),
    )
  const chunks = async () => {
    const { rows } = await sql<{ done: number; all: number }>`
      select count(*) filter (where state = 'done')::int as done, count(*)::int as all from scaleout_chunks`.execute(db)
    return rows[0]!
  }

  await desk.say('long BYND 3750 @ .63')
  await desk.say('scaleout fast')
  await desk.say('long AAPL 10 @ 150')
  expect(await desk.say('stop AAPL 120')).toContain('STOP SET')
  let grown = 0
  for (let { done, all } = await chunks(); done < all - 1; { done, all } = await chunks()) {
    expect(await grow(`grown_${++grown}`)).toHaveLength(1)
    await expect.poll(async () => (await chunks()).done).toBeGreaterThan(done)
  }
  expect(grown).toBeGreaterThan(1)
  expect(await grow('grown_last')).toHaveLength(1)
  desk.market.set('AAPL', '119')
  const isClosed = async () =>
    (await sql`select from positions where symbol = 'AAPL' and closed_at is null`.execute(db)).rows
  await expect.poll(isClosed).toEqual([])
  await expect.poll(async () => (await chunks()).done, { timeout: 60_000 }).toBe((await chunks()).all)
  await expect.poll(() => unrest(db)).toMatchObject({ scaleouts: 0, orders: 0, chunks: 0 })
  const { rows } = await sql<{ sold: string }>`
    select sum(f.quantity)::text as sold from fills f join positions p on p.id = f.position_id
    where p.symbol = 'BYND' and f.side = 'sell'`.execute(db)
  expect(rows).toEqual([{ sold: '3750' }])
  await expectOneOrderAChunk(db)
  expect(lines.filter((line) => /cached plan|0A000|42\d\d\d/.test(line))).toEqual([])
})
