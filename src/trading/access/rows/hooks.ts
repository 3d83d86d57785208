import { type Selectable, sql } from 'kysely'
import { newSecret, secretHash } from '../../../base/secret.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'

/** The most hooks of a member at once. */
export const mostHooks = 20
/** The same message to a hook within so many milliseconds is one: services send again what they think was lost. */
export const repeatWithinMs = 60_000

/** An address to which others post commands of its member. */
export interface Hook {
  id: number
  /** Its number among the hooks of its member. */
  number: number
  memberId: number
  accountId: number
  /** Where it was made, and where the desk answers. */
  conversationId: number
  createdAt: Date
  usedAt?: Date
}

/** A hook with the account that it is for. */
export interface HookOfAccount extends Hook {
  account: string
  /** The link of the account was taken away: the hook does nothing until it is linked again. */
  waits: boolean
}

/** Makes a hook. The secret of its address is returned once; the desk keeps its hash. */
export async function makeHook(
  db: Db,
  { memberId, accountId, conversationId }: Pick<Hook, 'memberId' | 'accountId' | 'conversationId'>,
  at: Date,
): Promise<{ secret: string; hook: Hook } | 'too many'> {
  return db.transaction().execute(async (trx) => {
    await sql`select from members where id = ${memberId} for no key update`.execute(trx)
    const { rows } = await sql<{ open: number; last: number }>`
      select count(*) filter (where ended_at is null)::int as open, coalesce(max(number), 0)::int as last
      from hooks where member_id = ${memberId}`.execute(trx)
    const { open, last } = rows[0]!
    if (open >= mostHooks) return 'too many'
    const secret = newSecret()
    const row = await trx
      .insertInto('hooks')
      .values({
        secret_hash: secretHash(secret),
        member_id: memberId,
        account_id: accountId,
        conversation_id: conversationId,
        number: last + 1,
        created_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return { secret, hook: toHook(row) }
  })
}

/** The open hook with this secret. */
export async function hookOf(db: Db, secret: string): Promise<Hook | undefined> {
  const row = await db
    .selectFrom('hooks')
    .selectAll()
    .where('secret_hash', '=', secretHash(secret))
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row && toHook(row)
}

/**
 * Notes a message to a hook. Returns its number among all; a repeat within the window has that of the first. Of two at once the second
 * waits for the first.
 */
export async function hearHook(
  db: Db,
  { id }: Hook,
  fingerprint: Buffer,
  at: Date,
): Promise<{ call: number; isRepeat: boolean }> {
  return db.transaction().execute(async (trx) => {
    await trx.updateTable('hooks').set({ used_at: at }).where('id', '=', id).execute()
    const since = new Date(at.getTime() - repeatWithinMs)
    await trx.deleteFrom('hook_calls').where('hook_id', '=', id).where('at', '<=', since).execute()
    const before = await trx
      .selectFrom('hook_calls')
      .select('id')
      .where('hook_id', '=', id)
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst()
    if (before) return { call: before.id, isRepeat: true }
    const call = await trx
      .insertInto('hook_calls')
      .values({ hook_id: id, fingerprint, at })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { call: call.id, isRepeat: false }
  })
}

/** The open hooks of a member, by number. */
export async function hooksOf(db: Db, memberId: number): Promise<HookOfAccount[]> {
  const rows = await db
    .selectFrom('hooks as h')
    .innerJoin('accounts as a', 'a.id', 'h.account_id')
    .selectAll('h')
    .select(['a.name as account', 'a.unlinked_at'])
    .where('h.member_id', '=', memberId)
    .where('h.ended_at', 'is', null)
    .orderBy('h.number')
    .execute()
  return rows.map((row) => ({ ...toHook(row), account: row.account, waits: row.unlinked_at !== null }))
}

/** Ends the hook of a member with this number, or all. Returns those that it ended. */
export async function endHooks(db: Db, memberId: number, at: Date, number?: number): Promise<Hook[]> {
  const rows = await db
    .updateTable('hooks')
    .set({ ended_at: at })
    .where('member_id', '=', memberId)
    .where('ended_at', 'is', null)
    .$if(number !== undefined, (query) => query.where('number', '=', number!))
    .returningAll()
    .execute()
  return rows.map(toHook)
}

function toHook(row: Selectable<Database['hooks']>): Hook {
  return {
    id: row.id,
    number: row.number,
    memberId: row.member_id,
    accountId: row.account_id,
    conversationId: row.conversation_id,
    createdAt: row.created_at,
    ...(row.used_at && { usedAt: row.used_at }),
  }
}
