import type pg from 'pg'
import { migrate, unknownOf } from '../db/migrator.ts'
import { BackupError } from './backup-error.ts'
import type { BackupKeys } from './backup-keys.ts'
import { type Begin, type End, type Table, unpacked } from './content.ts'
import { migrationsOf, sumsOf, tablesOf } from './database-shape.ts'
import { unsealed } from './sealed-file.ts'
import { inSession, quoted } from './session.ts'

/** The facts of a backup, in its beginning and its end. */
export type BackupFacts = Omit<Begin, 'is'> & Omit<End, 'is'>

/** Reads a backup to its end and proves every byte of it. Throws `BackupError` when it is not whole. */
export async function readBackup(path: string, keys: BackupKeys): Promise<BackupFacts> {
  let begin: Begin | undefined
  let end: End | undefined
  for await (const part of unpacked(unsealed(path, keys))) {
    if (part.is === 'begin') begin = part
    if (part.is === 'end') end = part
  }
  if (!begin || !end) throw new BackupError(`${path} has no beginning.`)
  return { ...begin, ...end }
}

/**
 * Fills an empty database from a backup: the migrations of that time make its tables, its rows fill them in one transaction, and
 * counts and sums of all tables are compared. Throws `BackupError` when the backup does not fit, and when one row is not as it was.
 */
export async function load(url: string, path: string, keys: BackupKeys, facts: BackupFacts): Promise<void> {
  const unknown = await unknownOf(facts.migrations)
  if (unknown.length > 0) {
    throw new BackupError(
      `The backup has migrations that this release does not know (${unknown.join(', ')}): it is of a newer release. Restore it with that one. Nothing was changed.`,
    )
  }
  await migrate(url, { to: facts.migrations.at(-1)! })
  await inSession(url, async (client) => {
    const made = await migrationsOf(client)
    if (made.join() !== facts.migrations.join()) {
      throw new BackupError('The migrations of this backup are not those of this release. Restore it with its release.')
    }
    await client.query('begin')
    const links = await withoutLinks(client)
    await fill(client, path, keys)
    for (const [name, last] of Object.entries(facts.sequences)) await setSequence(client, name, last)
    for (const link of links) await client.query(link)
    await client.query('commit')
    await client.query('analyze')
    await compare(client, facts)
  })
}

/**
 * Takes away what would look at single rows while they come in table by table, and empties the tables, into which migrations write rows,
 * too. Returns the statements that bring it back, which check all rows at once. The owner of the tables may do this, and need be no
 * superuser.
 */
async function withoutLinks(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and c.relnamespace = current_schema()::regnamespace`)
  for (const { table, name } of rows) await client.query(`alter table ${quoted(table)} drop constraint ${quoted(name)}`)
  const tables = (await tablesOf(client)).map(({ name }) => quoted(name))
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`)
  await client.query(`truncate ${tables.join(', ')}`)
  return [
    ...rows.map(
      ({ table, name, definition }) => `alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`,
    ),
    ...tables.map((table) => `alter table ${table} enable trigger user`),
  ]
}

async function fill(client: pg.Client, path: string, keys: BackupKeys): Promise<void> {
  const here = new Map((await tablesOf(client)).map((table) => [table.name, table]))
  let insert = ''
  for await (const part of unpacked(unsealed(path, keys))) {
    if (part.is === 'table') insert = insertInto(part, here.get(part.name))
    if (part.is === 'rows') await client.query(insert, [part.rows])
  }
}

/** The statement that puts rows into a table; they come as an array of rows in Postgres's own text. */
function insertInto(table: Table, here: Table | undefined): string {
  if (JSON.stringify(here?.columns) !== JSON.stringify(table.columns)) {
    throw new BackupError(
      `The table ${table.name} of the backup is not as its migrations make it: its database was changed by hand. Use pg_dump and pg_restore for it.`,
    )
  }
  const name = quoted(table.name)
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated).map((column) => quoted(column.name))
  return `insert into ${name} (${columns.join(', ')}) overriding system value
    select ${columns.join(', ')} from unnest($1::${name}[])`
}

/** A sequence that gave out no number yet begins anew, although a migration may have used it. */
async function setSequence(client: pg.Client, name: string, last: string | null): Promise<void> {
  const sequence = quoted(name)
  if (last === null) await client.query(`alter sequence ${sequence} restart`)
  else await client.query('select setval($1::regclass, $2::bigint)', [sequence, last])
}

async function compare(client: pg.Client, facts: BackupFacts): Promise<void> {
  const sums = await sumsOf(client, await tablesOf(client))
  const names = new Set([...Object.keys(sums), ...Object.keys(facts.tables)])
  const different = [...names].filter((name) => {
    const [one, other] = [sums[name], facts.tables[name]]
    return one?.rows !== other?.rows || one?.sum !== other?.sum
  })
  if (different.length > 0) {
    throw new BackupError(`These tables are not as they were backed up: ${different.join(', ')}. Nothing was changed.`)
  }
}
