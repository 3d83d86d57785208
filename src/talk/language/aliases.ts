import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'

/** A word of the desk's own for a command, and what it says beside it. */
export interface Alias {
  alias: string
  command: string
  /** `puke` may be `close now`: then these are `now`. */
  words: string
  /** Who made it; absent for those that the desk came with. */
  madeBy?: string
}

/** A word for a command that the desk comes with; `says` is what it says beside the command: `flat` is `close now`. */
export type ShippedAlias = string | { alias: string; says: string }

/** The number of the present words; it goes up with every change. */
export async function wordsVersion(db: Db): Promise<string> {
  const { version } = await db.selectFrom('words_version').select('version').executeTakeFirstOrThrow()
  return String(version)
}

/** The aliases that people made, by their names. */
export async function ownAliases(db: Db): Promise<Alias[]> {
  const rows = await db
    .selectFrom('trade_command_aliases as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select(['a.alias', 'a.command', 'a.words', 'm.name as madeBy'])
    .orderBy('a.alias')
    .execute()
  return rows
}

/** Adds an alias, in a transaction. False when there is one of that name. Answers with the new number of the words. */
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

/** Takes away an alias that a person made, in a transaction. Undefined when there is none; else the new number of the words. */
export async function dropAlias(trx: Trx, alias: string): Promise<string | undefined> {
  const dropped = await trx
    .deleteFrom('trade_command_aliases')
    .where('alias', '=', alias)
    .where('member_id', 'is not', null)
    .returning('alias')
    .executeTakeFirst()
  return dropped && nextVersion(trx)
}

/** Counts the number of the words up, in a transaction; answers with the new one. */
export async function nextVersion(trx: Trx): Promise<string> {
  const { version } = await trx
    .updateTable('words_version')
    .set({ version: sql`version + 1` })
    .returning('version')
    .executeTakeFirstOrThrow()
  return String(version)
}
