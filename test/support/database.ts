import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../src/infra/db/migrator.ts'
import { bringCatalogue } from '../../src/talk/commands/bring-catalogue.ts'
import { pristine } from './pristine.ts'

/** A database of the test's own. */
export interface FreshDatabase {
  url: string
  /** Gives it up and closes all connections; its address becomes invalid. */
  drop(): Promise<void>
}

const template = 'migrated'

/**
 * A database as its migrations made it, in the Postgres that the run shares. It is a cleaned one that another test has given
 * up (a few milliseconds), or a copy of a template that is made once a run (a few hundred). `server` places it in another
 * Postgres.
 */
export async function freshDatabase(server: string = inject('postgresUrl')): Promise<FreshDatabase> {
  const name = nameOf('test')
  const isShared = server === inject('postgresUrl')
  const work = isShared ? asUsualAdministrator : (work: Work) => asAdministrator(server, work)
  await work(async (client) => {
    if (await takeSpare(client, server, name)) return
    await makeTemplate(client, server)
    await client.query(`create database ${name} template ${template} strategy file_copy`)
  })
  return {
    url: withDatabase(server, name),
    drop: () => work((client) => giveUp(client, name)),
  }
}

/** Removes everything from a database but the rows of its migrations. Throws when more than rows has changed. */
export async function clean(client: pg.Client): Promise<void> {
  await client.query('select pristine.restore()')
}

/** Takes a database that was given up, under a new name; false when there is none. */
async function takeSpare(client: pg.Client, server: string, name: string): Promise<boolean> {
  const { rows } = await client.query("select datname as spare from pg_database where datname like 'spare\\_%'")
  for (const { spare } of rows) {
    if (!(await succeeds(client.query(`alter database ${spare} rename to ${name}`)))) continue // another test has it
    if (await succeeds(asAdministrator(withDatabase(server, name), clean))) return true
    await remove(client, name)
  }
  return false
}

/** Gives a database up for later use; one that still has connections after all were closed is removed. */
async function giveUp(client: pg.Client, name: string): Promise<void> {
  await client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [name])
  const isGiven = await succeeds(client.query(`alter database ${name} rename to ${nameOf('spare')}`))
  if (!isGiven) await remove(client, name)
}

const remove = (client: pg.Client, name: string) => client.query(`drop database if exists ${name} with (force)`)

/** Test files run in parallel: the first one makes the template, the others wait for it. */
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
    await bringCatalogue(withDatabase(server, 'migrating'))
    await asAdministrator(withDatabase(server, 'migrating'), (migrated) => migrated.query(pristine))
    await client.query(`alter database migrating rename to ${template}`)
  } finally {
    await client.query('select pg_advisory_unlock(1)')
  }
}

type Work = (client: pg.Client) => Promise<unknown>

let usual: Promise<pg.Client> | undefined
let before: Promise<unknown> = Promise.resolve()

/**
 * Does one work after the other on a connection to the shared Postgres that this process keeps: a new one takes longer than most
 * of the work.
 */
function asUsualAdministrator(work: Work): Promise<void> {
  const done = before.then(async () => {
    usual ??= connectUsual()
    await work(await usual)
  })
  before = done.catch(() => {})
  return done
}

async function connectUsual(): Promise<pg.Client> {
  const client: pg.Client & { unref?(): void } = new pg.Client({ connectionString: inject('postgresUrl') })
  client.on('error', () => {
    usual = undefined // the run is over, or somebody ended the connection
  })
  await client.connect()
  client.unref?.() // it keeps no process alive; its types do not know that it can be told
  return client
}

async function asAdministrator(server: string, work: Work): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

const nameOf = (kind: 'test' | 'spare') => `${kind}_${randomBytes(8).toString('hex')}`

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
