import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'
import { nextVersion, type ShippedAlias } from './aliases.ts'

/** The words of a command. Its file defines them, and the database stores them. */
export interface CatalogueEntry {
  name: string
  aliases: ShippedAlias[]
  description: string
  category: string
  position: number
}

interface CommandRow {
  command: string
  handler_function: string
  description: string
  category: string
  position: number
}

interface AliasRow {
  alias: string
  command: string
  words: string
}

const columns = ['handler_function', 'description', 'category', 'position'] as const

/**
 * Writes the commands and their aliases, by handler name, into the tables that the desk reads. Rows that people changed, added
 * or deleted since the last release stay as they are. Returns whether anything changed.
 */
export function writeCatalogue(db: Db, handlers: Record<string, CatalogueEntry>): Promise<boolean> {
  const commands = Object.entries(handlers).map(([handler_function, { name, description, category, position }]) => {
    return { command: name, handler_function, description, category, position }
  })
  const aliases = Object.values(handlers).flatMap(({ name, aliases: own }) => own.map((one) => rowOf(name, one)))
  return db.transaction().execute(async (trx) => {
    // The lock makes other releases and new aliases wait, but not readers.
    await sql`lock table trade_commands, trade_command_aliases in share row exclusive mode`.execute(trx)
    const isChanged = [await putCommands(trx, commands), await putAliases(trx, aliases), await dropGone(trx, commands)]
    if (!isChanged.includes(true)) return false
    await nextVersion(trx)
    return true
  })
}

function rowOf(command: string, alias: ShippedAlias): AliasRow {
  return typeof alias === 'string' ? { alias, command, words: '' } : { alias: alias.alias, command, words: alias.says }
}

/** Adds new commands and updates changed texts. */
async function putCommands(trx: Trx, commands: CommandRow[]): Promise<boolean> {
  const shipped = byKey(await trx.selectFrom('shipped_commands').selectAll().execute(), 'command')
  const rows = byKey(await trx.selectFrom('trade_commands').selectAll().execute(), 'command')
  let isChanged = false
  for (const now of commands) {
    const was = shipped.get(now.command)
    const row = rows.get(now.command)
    if (was === undefined) await addCommand(trx, now)
    else {
      const changed = columns.filter((column) => now[column] !== was[column])
      if (changed.length === 0) continue
      const own = changed.filter((column) => row?.[column] === was[column])
      const values = Object.fromEntries(own.map((column) => [column, now[column]]))
      if (own.length > 0)
        await trx.updateTable('trade_commands').set(values).where('command', '=', now.command).execute()
    }
    await trx
      .insertInto('shipped_commands')
      .values(now)
      .onConflict((conflict) => conflict.column('command').doUpdateSet(now))
      .execute()
    isChanged = true
  }
  return isChanged
}

/** Adds a command that no earlier release had. It overwrites an existing row with the same name. */
async function addCommand(trx: Trx, { command, ...texts }: CommandRow): Promise<void> {
  const values = { ...texts, is_implemented: true }
  await trx
    .insertInto('trade_commands')
    .values({ command, ...values })
    .onConflict((conflict) => conflict.column('command').doUpdateSet(values))
    .execute()
}

/** Adds new aliases, updates changed ones, and deletes those that the release no longer has. */
async function putAliases(trx: Trx, aliases: AliasRow[]): Promise<boolean> {
  const shipped = byKey(await trx.selectFrom('shipped_aliases').selectAll().execute(), 'alias')
  const rows = byKey(await trx.selectFrom('trade_command_aliases').selectAll().execute(), 'alias')
  const there = new Set((await trx.selectFrom('trade_commands').select('command').execute()).map((row) => row.command))
  const wanted = byKey(aliases, 'alias')
  const isOwn = (was: AliasRow) => {
    const row = rows.get(was.alias)
    return row !== undefined && row.member_id === null && isSame(row, was)
  }
  let isChanged = false
  for (const now of wanted.values()) {
    const was = shipped.get(now.alias)
    if (was && isSame(was, now)) continue
    const { alias, ...meaning } = now
    if (was && isOwn(was))
      await trx.updateTable('trade_command_aliases').set(meaning).where('alias', '=', alias).execute()
    else if (!was && !rows.has(alias) && there.has(now.command))
      await trx.insertInto('trade_command_aliases').values(now).execute()
    await trx
      .insertInto('shipped_aliases')
      .values(now)
      .onConflict((conflict) => conflict.column('alias').doUpdateSet(meaning))
      .execute()
    isChanged = true
  }
  for (const was of shipped.values()) {
    if (wanted.has(was.alias)) continue
    if (isOwn(was)) await trx.deleteFrom('trade_command_aliases').where('alias', '=', was.alias).execute()
    await trx.deleteFrom('shipped_aliases').where('alias', '=', was.alias).execute()
    isChanged = true
  }
  return isChanged
}

/** Deletes the commands that this release no longer has. A command with aliases stays, marked as not implemented. */
async function dropGone(trx: Trx, commands: CommandRow[]): Promise<boolean> {
  const kept = commands.map(({ command }) => command)
  const gone = await trx
    .deleteFrom('shipped_commands')
    .where('command', '!=', sql<string>`all(${kept}::text[])`)
    .returning('command')
    .execute()
  for (const { command } of gone) {
    const alias = await trx
      .selectFrom('trade_command_aliases')
      .select('alias')
      .where('command', '=', command)
      .executeTakeFirst()
    if (alias)
      await trx.updateTable('trade_commands').set({ is_implemented: false }).where('command', '=', command).execute()
    else await trx.deleteFrom('trade_commands').where('command', '=', command).execute()
  }
  return gone.length > 0
}

const isSame = (one: AliasRow, other: AliasRow) => one.command === other.command && one.words === other.words

function byKey<Key extends string, Row extends Record<Key, string>>(rows: Row[], key: Key): Map<string, Row> {
  return new Map(rows.map((row) => [row[key], row]))
}
