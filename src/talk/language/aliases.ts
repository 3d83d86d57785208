import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'

/** An alias of a command, with the words that it adds to the command. */
export interface Alias {
  alias: string
  command: string
  /** The added words: `now` if `puke` means `close now`. */
  words: string
  /** The name of the member who made it; absent for shipped aliases. */
  madeBy?: string
}

/** A shipped alias; `says` are the words that it adds to the command: `flat` is `close now`. */
export type ShippedAlias = string | { alias: string; says: string }

/** The version of the commands' words. It increases with every change. */
export async function wordsVersion(db: Db): Promise<string> {
  const { version } = await db.selectFrom('words_version').select('version').executeTakeFirstOrThrow()
  return String(version)
}

/** The aliases that people made, sorted by alias. */
export async function ownAliases(db: Db): Promise<Alias[]> {
  const rows = await db
    .selectFrom('trade_command_aliases as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select(['a.alias', 'a.command', 'a.words', 'm.name as madeBy'])
    .orderBy('a.alias')
    .execute()
  return rows
}

/** Adds an alias in a transaction and returns the new version of the words; undefined when the alias exists. */
export async function addAlias(
  trx: Trx,
  { alias, command, words }: Alias,
  memberId: number,
  at: Date,
): Promise<string | undefined> {
  const added = await trx
    .insertInto('trade_command_aliases')
    .values({ alias, command, words, member_id: memberId, made_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('alias')
    .executeTakeFirst()
  return added && nextVersion(trx)
}

/** Removes a member's alias in a transaction and returns the new version of the words; undefined when there is none. */
export async function dropAlias(trx: Trx, alias: string): Promise<string | undefined> {
  const dropped = await trx
    .deleteFrom('trade_command_aliases')
    .where('alias', '=', alias)
    .where('member_id', 'is not', null)
    .returning('alias')
    .executeTakeFirst()
  return dropped && nextVersion(trx)
}

/** Increases the version of the words in a transaction and returns it. */
export async function nextVersion(trx: Trx): Promise<string> {
  const { version } = await trx
    .updateTable('words_version')
    .set({ version: sql`version + 1` })
    .returning('version')
    .executeTakeFirstOrThrow()
  return String(version)
}
