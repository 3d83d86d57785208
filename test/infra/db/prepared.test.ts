import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { connectDatabase, type Db } from '../../../src/infra/db/client.ts'
import { showsAllColumns } from '../../../src/infra/db/shape.ts'
import { freshDatabase } from '../../support/database.ts'

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

test('a look without values is prepared, too, and nothing else without values is', async () => {
  const db = await opened()
  for (let times = 0; times < 2; times++) {
    await db.selectFrom('conversations').select('key').execute()
    await db.transaction().execute((trx) => trx.selectFrom('members').select('name').execute())
    await sql`select 1; select 2`.execute(db)
  }
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements order by 1`.execute(db)
  expect(rows.map(({ statement }) => statement)).toEqual([
    'select "key" from "conversations"',
    'select "name" from "members"',
    'select statement from pg_prepared_statements order by 1',
  ])
})

/** A conversation that follows a symbol. */
async function withAWatch() {
  const db = await opened()
  await db.insertInto('conversations').values({ key: 'c', place: '{"door":"terminal"}' }).execute()
  await sql`insert into members (name, role) values ('a', 'trader')`.execute(db)
  await sql`insert into accounts (member_id) select id from members`.execute(db)
  await sql`insert into watches select c.id, a.id, 'BYND' from conversations c, accounts a`.execute(db)
  return db
}

const watch = { conversation_id: 1, account_id: 1, symbol: 'BYND' }
const look = (on: Db) => on.selectFrom('watches').selectAll().where('symbol', '=', 'BYND').execute()
const retell = (on: Db) => sql`update watches set symbol = ${'BYND'} returning *`.execute(on).then(({ rows }) => rows)
const grow = (on: Db) => sql`alter table watches add column loud boolean not null default true`.execute(on)

test.each([
  ['a look', look],
  ['a change that returns the changed rows', retell],
])('%s goes on when a migration has added a column to its table', async (_, ask) => {
  const db = await withAWatch()
  expect(await ask(db)).toEqual([watch])
  expect(await ask(db)).toEqual([watch])
  await grow(db)
  expect(await ask(db)).toEqual([{ ...watch, loud: true }])
  expect(await ask(db)).toEqual([{ ...watch, loud: true }])
})

test.each([
  ['a look', look],
  ['a change that returns the changed rows', retell],
])('%s in a transaction goes on when a migration has added a column to its table', async (_, ask) => {
  const db = await withAWatch()
  const twice = () =>
    db.transaction().execute(async (trx) => {
      await ask(trx)
      return ask(trx)
    })
  expect(await twice()).toEqual([watch])
  expect(await ask(db)).toEqual([watch]) // prepared on the same connection
  await grow(db)
  expect(await twice()).toEqual([{ ...watch, loud: true }])
})

test('an error of Postgres is passed on, and the statement is not repeated forever', async () => {
  const db = await opened()
  const impossible = sql`select count(*) from watches where symbol = ${'BYND'} for update`.execute(db)
  await expect(impossible).rejects.toThrow('FOR UPDATE is not allowed with aggregate functions')
})

test.each<[boolean, string]>([
  [true, 'select * from orders where id = $1'],
  [true, 'select "first".* from "scaleouts"'],
  [true, 'select s.id, c.* from scaleouts s'],
  [true, 'select distinct * from orders'],
  [true, 'update orders set state = $1 returning *'],
  [true, 'insert into orders (id) values ($1) returning orders.*'],
  [true, 'with one as (select id from orders) select * from one'],
  [false, 'select count(*) from orders'],
  [false, 'select price * quantity from orders where id = $1'],
  [false, 'select 2 * $1'],
  [false, 'with given as (select * from jsonb_to_recordset($1)) insert into orders select id from given returning id'],
  [false, "select id from orders where symbol = 'select * from' and id = $1"],
  [false, 'select id from orders where exists (select * from fills where order_id = $1)'],
  [false, 'select id -- not select *\n from orders where id = $1'],
])('%s: the result of `%s` changes with its table', (expected, text) => {
  expect(showsAllColumns(text)).toBe(expected)
})
