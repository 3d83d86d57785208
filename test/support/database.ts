import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../src/db/migrator.ts'

/** A database of the test's own. */
export interface FreshDatabase {
  url: string
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>
}

const template = 'migrated'

/**
 * A new database with all migrations applied, in the Postgres that the run shares: a copy of a template that is made
 * once a run, so it takes some 50 ms. `server` puts it into another Postgres.
 */
export async function freshDatabase(server: string = inject('postgresUrl')): Promise<FreshDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdministrator(server, async (client) => {
    await makeTemplate(client, server)
    await client.query(`create database ${name} template ${template}`)
  })
  return {
    url: withDatabase(server, name),
    drop: () => asAdministrator(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

/** Test files run side by side: the first one makes the template, the others wait for it. */
async function makeTemplate(client: pg.Client, server: string): Promise<void> {
  const exists = async () =>
    (await client.query('select from pg_database where datname = $1', [template])).rowCount === 1
  if (await exists()) return
  await client.query('select pg_advisory_lock(1)')
  try {
    if (await exists()) return
    await client.query('drop database if exists migrating')
    await client.query('create database migrating')
    await migrate(withDatabase(server, 'migrating'))
    await client.query(`alter database migrating rename to ${template}`)
  } finally {
    await client.query('select pg_advisory_unlock(1)')
  }
}

async function asAdministrator(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
