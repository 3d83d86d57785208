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
