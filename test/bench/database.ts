import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { migrate } from '../../src/infra/db/migrator.ts'
import { bringCatalogue } from '../../src/talk/commands/bring-catalogue.ts'

/** The servers of the run. */
export function servers(): { postgres: string; redis: string } {
  const { DATABASE_URL, REDIS_URL } = process.env
  if (!DATABASE_URL || !REDIS_URL) throw new Error('DATABASE_URL and REDIS_URL are not set: start with `npm run bench`')
  return { postgres: DATABASE_URL, redis: REDIS_URL }
}

/** A new, migrated database in the Postgres of the run; `drop` removes it. */
export async function benchDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { postgres } = servers()
  const name = `bench_${randomBytes(6).toString('hex')}`
  const url = new URL(postgres)
  url.pathname = name
  await administer(postgres, `create database ${name}`)
  await migrate(url.href)
  await bringCatalogue(url.href)
  return {
    url: url.href,
    async drop() {
      // Connections that were closed just now may still exist; one that stays open is closed by force.
      const deadline = Date.now() + 5000
      while (Date.now() < deadline && (await hasSessions(postgres, name))) await wait(50)
      await administer(postgres, `drop database if exists ${name} with (force)`)
    },
  }
}

async function hasSessions(server: string, database: string): Promise<boolean> {
  const { rowCount } = await administer(server, 'select from pg_stat_activity where datname = $1', [database])
  return rowCount !== 0
}

async function administer(server: string, statement: string, values?: string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    return await client.query(statement, values)
  } finally {
    await client.end()
  }
}
