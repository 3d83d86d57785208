import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { connectDatabase } from '../../src/db/client.ts'
import { freshDatabase } from '../support/database.ts'

/** A database and one connection to it. */
async function opened() {
  const database = await freshDatabase()
  const db = connectDatabase(database.url, pino({ level: 'silent' }), 1)
  onTestFinished(async () => {
    await db.destroy()
    await database.drop()
  })
  return db
}

test('a statement is prepared once, however often it is sent', async () => {
  const db = await opened()
  for (const key of ['one', 'two', 'three']) {
    await db.selectFrom('conversations').selectAll().where('key', '=', key).execute()
  }
  const { rows } = await sql<{ statement: string }>`
    select statement from pg_prepared_statements where statement like ${'%"conversations"%'}`.execute(db)
  expect(rows.map(({ statement }) => statement)).toEqual(['select * from "conversations" where "key" = $1'])
})

test('a statement fails once when a migration has changed its table, and then answers with the new column', async () => {
  const db = await opened()
  const look = () => db.selectFrom('watches').selectAll().where('symbol', '=', 'BYND').execute()
  await db.insertInto('conversations').values({ key: 'c', place: '{"door":"terminal"}' }).execute()
  await sql`insert into members (name, role) values ('a', 'trader')`.execute(db)
  await sql`insert into accounts (member_id) select id from members`.execute(db)
  await sql`insert into watches select c.id, a.id, 'BYND' from conversations c, accounts a`.execute(db)
  expect(await look()).toEqual([{ conversation_id: 1, account_id: 1, symbol: 'BYND' }])
  await sql`alter table watches add column loud boolean not null default true`.execute(db)
  await expect(look()).rejects.toThrow('cached plan must not change result type')
  expect(await look()).toEqual([{ conversation_id: 1, account_id: 1, symbol: 'BYND', loud: true }])
})
