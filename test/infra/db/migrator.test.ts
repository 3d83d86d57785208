import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { migrate, SchemaError, waitForSchema } from '../../../src/infra/db/migrator.ts'
import { scratchFolder } from '../../../src/setup/folders.mjs'
import { freshDatabase } from '../../support/database.ts'

const quick = { withinMs: 10_000, everyMs: 20 }
const hasty = { withinMs: 60, everyMs: 20 }

let url: string
let client: pg.Client
let said: string[]
beforeEach(async () => {
  const database = await freshDatabase()
  url = database.url
  said = []
  client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await database.drop()
  })
})

const say = (line: string) => void said.push(line)

const newest = async () => {
  const { rows } = await client.query('select name from kysely_migration order by name desc limit 1')
  return rows[0].name as string
}
const note = (name: string) => client.query("insert into kysely_migration values ($1, '2026-01-01')", [name])
/**
 * Makes the database look as it does before the release runs: the tables of the newest migration exist, but it counts as not
 * run.
 */
const forget = (name: string) => client.query('delete from kysely_migration where name = $1', [name])

test('a release has nothing to do when a newer one has migrated, and a role does not wait', async () => {
  await note('999_from_the_future')
  expect(await migrate(url)).toEqual([])
  await waitForSchema(url, say)
  expect(said).toEqual([])
})

test('a role says once what it waits for, and continues when the release has run', async () => {
  const name = await newest()
  await forget(name)
  const waiting = waitForSchema(url, say, quick)
  await expect
    .poll(() => said)
    .toEqual([`Database: waiting up to 10 s for the migration ${name}, which the role release brings`])
  await note(name)
  await waiting
  expect(said).toHaveLength(1)
})

test('a role that waits in vain ends with what to do, and has migrated nothing', async () => {
  const name = await newest()
  await forget(name)
  const failure = await waitForSchema(url, say, hasty).catch((cause) => cause)
  expect(failure).toBeInstanceOf(SchemaError)
  expect(failure.message).toContain(`The database lacks the migration ${name}`)
  expect(failure.message).toContain('npm start -- release')
  expect(await newest()).not.toBe(name)
})

test('a role also waits on an empty database, and continues once that is migrated', async () => {
  const empty = new URL(url)
  empty.pathname = `${empty.pathname}_empty`
  const name = empty.pathname.slice(1)
  await client.query(`create database ${name}`)
  try {
    const waiting = waitForSchema(empty.href, say, { withinMs: 60_000, everyMs: 20 })
    await expect.poll(() => said[0]).toMatch(/ and \d+ before it/)
    expect(await migrate(empty.href)).toContain('001_desk')
    await waiting
  } finally {
    await client.query(`drop database ${name} with (force)`)
  }
})

test('a release changes nothing in a database that was migrated by another branch of the program', async () => {
  await forget(await newest())
  await note('999_from_elsewhere')
  const failure = await migrate(url).catch((cause) => cause)
  expect(failure).toBeInstanceOf(SchemaError)
  expect(failure.message).toContain('999_from_elsewhere')
  expect(await newest()).toBe('999_from_elsewhere')
})

test('a role that cannot reach the database at first says so at once', async () => {
  const elsewhere = new URL(url)
  elsewhere.pathname = '/nothing'
  await expect(waitForSchema(elsewhere.href, say)).rejects.toThrow('does not exist')
})

/** A folder with the test's own migrations. */
function folderOf(files: Record<string, string>): URL {
  const folder = scratchFolder()
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return pathToFileURL(`${folder}/`)
}

test('a migration gives way to users of its table, lets others use it meanwhile, and tries again', async () => {
  await client.query('delete from kysely_migration')
  const folder = folderOf({ '001_more.sql': 'alter table watches add column loud boolean' })
  await client.query('begin')
  await client.query('lock table watches in access share mode')
  const migrating = migrate(url, { folder, everyMs: 500 })
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  onTestFinished(() => other.end())
  const isWaiting = async () =>
    (await other.query("select from pg_locks where not granted and relation = 'watches'::regclass")).rowCount
  await expect.poll(isWaiting).toBe(1)
  await other.query('select * from watches') // waits behind the migration until that gives way
  await expect.poll(isWaiting).toBe(1)
  await client.query('commit')
  expect(await migrating).toEqual(['001_more'])
})

test('a migration that never gets its table ends with what to do, and has changed nothing', async () => {
  await client.query('delete from kysely_migration')
  const folder = folderOf({ '001_more.sql': 'alter table watches add column loud boolean' })
  await client.query('begin')
  await client.query('lock table watches in access share mode')
  const failure = await migrate(url, { folder, ...hasty }).catch((cause) => cause)
  expect(failure).toBeInstanceOf(SchemaError)
  expect(failure.message).toContain('its tables were in use')
  await client.query('commit')
  expect((await client.query('select * from watches')).fields.map(({ name }) => name)).not.toContain('loud')
})

test('a migration that is wrong is not tried again', async () => {
  await client.query('delete from kysely_migration')
  const folder = folderOf({ '001_wrong.sql': 'alter table nothing add column loud boolean' })
  await expect(migrate(url, { folder })).rejects.toThrow('The database could not be migrated')
})
