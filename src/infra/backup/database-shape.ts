import type pg from 'pg'
import type { Table, TableSum } from './content.ts'
import { quoted } from './session.ts'

/** The desk's tables with their columns, in a fixed order. Tables of other schemas are none of the desk's. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: Table['columns'] }>(`
    select c.relname as name, json_agg(json_build_object('name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod), 'isGenerated', a.attgenerated <> '') order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
    group by c.relname order by c.relname collate "C"`)
  return rows.map(({ name, columns }) => ({ is: 'table', name, columns }))
}

/** Counts the rows of each table, and adds up a part of each row's MD5: enough to find any difference that is no attack. */
export async function sumsOf(client: pg.Client, tables: Table[]): Promise<Record<string, TableSum>> {
  const sums: Record<string, TableSum> = {}
  for (const { name } of tables) {
    const { rows } = await client.query<{ rows: string; sum: string }>(`
      select count(*) as rows, coalesce(sum(('x' || left(md5((whole_row.*)::text), 15))::bit(60)::bigint), 0)::text as sum
      from only ${quoted(name)} whole_row`)
    sums[name] = { rows: Number(rows[0]!.rows), sum: rows[0]!.sum }
  }
  return sums
}

/** The names of the migrations that a database has; none when it is empty. */
export async function migrationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('kysely_migration') is not null as there`)
  if (!rows[0]!.there) return []
  const all = await client.query<{ name: string }>('select name from kysely_migration order by name collate "C"')
  return all.rows.map(({ name }) => name)
}
