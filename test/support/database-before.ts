import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'

const folder = join(import.meta.dirname, '../../migrations')

/** The test's own database in the state before a migration. */
export interface DatabaseBefore {
  url: string
  /** A connection to it. */
  client: pg.Client
  /** Runs that migration and the later ones. */
  migrate(): Promise<void>
}

/** An empty database with the migrations before the one whose name begins with this: `017`. It exists until the test ends. */
export async function databaseBefore(migration: string): Promise<DatabaseBefore> {
  const server = inject('postgresUrl')
  const administrator = new pg.Client({ connectionString: server })
  await administrator.connect()
  const name = `before_${randomBytes(8).toString('hex')}`
  await administrator.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await administrator.query(`drop database ${name} with (force)`)
    await administrator.end()
  })
  const run = async (isMeant: (name: string) => boolean) => {
    for (const one of readdirSync(folder).sort()) {
      if (isMeant(one)) await client.query(readFileSync(join(folder, one), 'utf8'))
    }
  }
  await run((one) => one < migration)
  return { url: url.href, client, migrate: () => run((one) => one >= migration) }
}
