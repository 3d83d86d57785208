import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'
import { nextVersion, type ShippedAlias } from './aliases.ts'

/** The words of a command that its file states and the database keeps. */
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
 * Writes commands and their aliases, by the names of their handlers, where the desk reads them. A row that people have
 * changed, made or taken away since the last release stays as they want it. Answers whether anything was changed.
 */
export function writeCatalogue(db: Db, handlers: Record<string, CatalogueEntry>): Promise<boolean> {
  const commands = Object.entries(handlers).map(([handler_function, { name, description, category, position }]) => {
    return { command: name, handler_function, description, category, position }
  })
  const aliases = Object.values(handlers).flatMap(({ name, aliases: own }) => own.map((one) => rowOf(name, one)))
  return db.transaction().execute(async (trx) => {
    // Other releases, and makers of aliases, wait until this one is done. Readers do not.
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

/** Adds the commands that are new, and gives those that changed their new texts. */
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

/** A command that no release brought before takes the row of its name, whatever that was. */
async function addCommand(trx: Trx, { command, ...texts }: CommandRow): Promise<void> {
  const values = { ...texts, is_implemented: true }
  await trx
    .insertInto('trade_commands')
    .values({ command, ...values })
    .onConflict((conflict) => conflict.column('command').doUpdateSet(values))
    .execute()
}

/** Adds the aliases that are new, gives those that changed their new meaning, and takes away those that are gone. */
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

/** Takes away the commands that this release does not have. One that people have words for stays, not implemented. */
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
