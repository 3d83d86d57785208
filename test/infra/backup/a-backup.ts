import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { quoted, withDatabase } from '../../../src/infra/backup/session.ts'
import { scratchFolder } from '../../../src/setup/folders.mjs'
import { readCredentialKeys } from '../../../src/venues/links/credential-keys.ts'

/** Keys as BACKUP_KEY has them: `a`, or `b,a` for a new key beside an old one. */
export const keysOf = (...ids: string[]) =>
  readCredentialKeys(ids.map((id) => `${id}:${Buffer.alloc(32, id).toString('base64')}`).join())

/** A folder that is removed with the test. */
export function aFolder(): string {
  const folder = scratchFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'backups')
}

/** The address of a database that does not exist. It goes with the test, and so does all that was made beside it. */
export function aMissingDatabase(): string {
  const name = `restored_${randomBytes(6).toString('hex')}`
  const url = withDatabase(inject('postgresUrl'), name)
  onTestFinished(async () => {
    for (const one of await databasesLike(name))
      await asked(inject('postgresUrl'), `drop database ${quoted(one)} with (force)`)
  })
  return url
}

/** The names of databases that begin so. */
export async function databasesLike(start: string): Promise<string[]> {
  const rows = await asked(inject('postgresUrl'), `select datname as name from pg_database order by datname`)
  return rows.map(({ name }) => String(name)).filter((name) => name.startsWith(start))
}

/** Asks a database one thing, or several without answers. */
export async function asked(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/** All rows of all tables of the desk as text, and the values of its sequences. */
export async function wholeOf(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    )
    const whole: Record<string, string[]> = {}
    for (const { name } of tables) {
      const { rows } = await client.query(`select to_jsonb(x)::text as row from ${quoted(name)} x`)
      whole[name] = rows.map(({ row }) => row as string).sort()
    }
    const { rows: sequences } = await client.query(
      `select sequencename || ' ' || coalesce(last_value::text, 'unused') as row from pg_sequences where schemaname = 'public'`,
    )
    whole['the sequences'] = sequences.map(({ row }) => row as string).sort()
    return whole
  } finally {
    await client.end()
  }
}
