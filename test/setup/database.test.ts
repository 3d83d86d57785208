import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'

test('every fresh database is migrated and nobody else writes to it', async () => {
  const databases = await Promise.all([freshDatabase(), freshDatabase()])
  const clients = databases.map(({ url }) => new pg.Client(url))
  try {
    for (const client of clients) await client.connect()
    const [first, second] = clients
    await first!.query('create table mine ()')
    expect((await second!.query("select to_regclass('mine') as found")).rows).toEqual([{ found: null }])
    expect((await second!.query("select to_regclass('trade_commands') as found")).rows).toEqual([
      { found: 'trade_commands' },
    ])
  } finally {
    for (const client of clients) await client.end()
    for (const database of databases) await database.drop()
  }
})

test('rows and connections of a database that was given up are gone when it is used again', async () => {
  const before = await freshDatabase()
  const writer = new pg.Client(before.url)
  writer.on('error', () => {}) // its connection is closed
  await writer.connect()
  const look = `select (select count(*) from members) as members, (select count(*) from trade_commands) as commands,
    (select sum(version) from words_version) as words, nextval('members_id_seq') as next`
  await writer.query("insert into members (name, role) values ('a', 'trader'), ('b', 'trader')")
  await writer.query('delete from trade_command_aliases')
  await writer.query('delete from trade_commands')
  await writer.query('update words_version set version = version + 10')
  await before.drop()
  await expect(writer.query('select')).rejects.toThrow()
  await expect(new pg.Client(before.url).connect()).rejects.toThrow('does not exist')

  const [next, other] = await Promise.all([freshDatabase(), freshDatabase()])
  const seen = []
  for (const { url } of [next, other]) {
    const client = new pg.Client(url)
    await client.connect()
    seen.push((await client.query(look)).rows[0])
    await client.end()
  }
  await Promise.all([next.drop(), other.drop()])
  expect(seen[0]).toMatchObject({ members: '0', next: '1' })
  expect(Number(seen[0].commands)).toBeGreaterThan(0)
  expect(seen[1]).toEqual(seen[0])
})

test('a database with changed tables is not used again', async () => {
  const before = await freshDatabase()
  const client = new pg.Client(before.url)
  await client.connect()
  await client.query('alter table members add column mine text')
  await client.end()
  await before.drop()
  for (let turn = 0; turn < 3; turn += 1) {
    const next = await freshDatabase()
    const again = new pg.Client(next.url)
    await again.connect()
    const { rows } = await again.query("select 1 from information_schema.columns where column_name = 'mine'")
    await again.end()
    await next.drop()
    expect(rows).toEqual([])
  }
})
