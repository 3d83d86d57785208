import type pg from 'pg'
import { BackupError } from './backup-error.ts'
import type { Part } from './content.ts'
import { migrationsOf, sumsOf, tablesOf } from './database-shape.ts'
import { quoted } from './session.ts'

/** Rows that are read and written at once. */
const atOnce = 500

/**
 * The parts of a backup, read in one moment of the whole database (a snapshot), while the desk goes on. `madeAt` is the database's time.
 */
export async function* dumped(client: pg.Client, signal?: AbortSignal): AsyncGenerator<Part> {
  await client.query('begin isolation level repeatable read read only')
  const migrations = await migrationsOf(client)
  if (migrations.length === 0) throw new BackupError('The database is empty: there is nothing to back up.')
  const { rows: facts } = await client.query<{ at: Date; server: string }>(
    `select now() as at, current_setting('server_version') as server`,
  )
  yield { is: 'begin', madeAt: facts[0]!.at.toISOString(), server: facts[0]!.server, migrations }
  const tables = await tablesOf(client)
  for (const table of tables) {
    yield table
    await client.query(
      `declare whole_rows no scroll cursor for select (whole_row.*)::text from only ${quoted(table.name)} whole_row`,
    )
    for (;;) {
      signal?.throwIfAborted()
      const { rows } = await client.query<[string]>({ text: `fetch ${atOnce} from whole_rows`, rowMode: 'array' })
      if (rows.length === 0) break
      yield { is: 'rows', rows: rows.map(([text]) => text) }
    }
    await client.query('close whole_rows')
  }
  const { rows: counts } = await client.query<{ accounts: number; positions: number }>(
    `select (select count(*) from accounts)::int as accounts,
      (select count(*) from positions where closed_at is null)::int as positions`,
  )
  yield {
    is: 'end',
    tables: await sumsOf(client, tables),
    sequences: await sequencesOf(client),
    accounts: counts[0]!.accounts,
    openPositions: counts[0]!.positions,
  }
  await client.query('commit')
}

/** Sequences are outside of snapshots: a number that was given out meanwhile is skipped after a restore. */
async function sequencesOf(client: pg.Client): Promise<Record<string, string | null>> {
  const { rows } = await client.query<{ name: string; last: string | null }>(
    'select sequencename as name, last_value::text as last from pg_sequences where schemaname = current_schema()',
  )
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}
