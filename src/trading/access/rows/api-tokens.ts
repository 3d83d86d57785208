import { type Selectable, sql } from 'kysely'
import { newSecret, secretHash } from '../../../base/secret.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'

/** The most tokens of a member at once. */
export const mostTokens = 20
/** The begin of every token, by which people and scanners of secrets know it. */
export const tokenMark = 'dh_'
const notedEveryMs = 60_000

/** A token with which a program uses the API, for one account of its member. */
export interface ApiToken {
  id: number
  memberId: number
  accountId: number
  /** Unique among the open tokens of the member; case does not matter. */
  name: string
  /** May it trade? Otherwise it only reads. */
  trades: boolean
  createdAt: Date
  usedAt?: Date
}

/** A token with the account that it is for. */
export interface TokenOfAccount extends ApiToken {
  account: string
  /** The link of the account was taken away: the token does nothing until it is linked again. */
  waits: boolean
}

/** Makes a token. It is returned once; the desk keeps its hash. */
export async function makeToken(
  db: Db,
  wanted: Pick<ApiToken, 'memberId' | 'accountId' | 'name' | 'trades'>,
  at: Date,
): Promise<{ token: string; made: ApiToken } | 'taken' | 'too many'> {
  return db.transaction().execute(async (trx) => {
    await sql`select from members where id = ${wanted.memberId} for no key update`.execute(trx)
    const open = await tokensOf(trx, wanted.memberId)
    if (open.some(({ name }) => name.toLowerCase() === wanted.name.toLowerCase())) return 'taken'
    if (open.length >= mostTokens) return 'too many'
    const token = `${tokenMark}${newSecret()}`
    const row = await trx
      .insertInto('api_tokens')
      .values({
        token_hash: secretHash(token),
        member_id: wanted.memberId,
        account_id: wanted.accountId,
        name: wanted.name,
        trades: wanted.trades,
        created_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return { token, made: toToken(row) }
  })
}

/** The open token with this text, whose use is noted. */
export async function useToken(db: Db, token: string, at: Date): Promise<TokenOfAccount | undefined> {
  const row = await open(db).where('t.token_hash', '=', secretHash(token)).executeTakeFirst()
  if (!row) return undefined
  if (!row.used_at || at.getTime() - row.used_at.getTime() >= notedEveryMs)
    await db.updateTable('api_tokens').set({ used_at: at }).where('id', '=', row.id).execute()
  return withAccount(row)
}

/** Does a token still let somebody in? It was not revoked, and its account is linked. A stream asks from time to time. */
export async function isTokenOpen(db: Db, id: number): Promise<boolean> {
  const row = await open(db).where('t.id', '=', id).executeTakeFirst()
  return row !== undefined && !withAccount(row).waits
}

/** The open tokens of a member, by name; those that wait for their account, too. */
export async function tokensOf(db: Db, memberId: number): Promise<TokenOfAccount[]> {
  const rows = await open(db).where('t.member_id', '=', memberId).orderBy('t.name').execute()
  return rows.map(withAccount)
}

/** Revokes the token of a member with this name, or all. Returns the revoked ones. */
export async function endTokens(db: Db, memberId: number, at: Date, name?: string): Promise<ApiToken[]> {
  const rows = await db
    .updateTable('api_tokens')
    .set({ ended_at: at })
    .where('member_id', '=', memberId)
    .where('ended_at', 'is', null)
    .$if(name !== undefined, (query) => query.where(sql`lower(name)`, '=', name!.toLowerCase()))
    .returningAll()
    .execute()
  return rows.map(toToken)
}

/** May a member who is no owner make tokens and hooks? */
export async function makesTokens(db: Db, memberId: number): Promise<boolean> {
  const row = await db.selectFrom('members').select('makes_tokens').where('id', '=', memberId).executeTakeFirst()
  return row?.makes_tokens ?? false
}

/** Lets a member make tokens and hooks, or not any more. Those that were made stay. */
export async function letMakeTokens(db: Db, memberId: number, may: boolean): Promise<void> {
  await db.updateTable('members').set({ makes_tokens: may }).where('id', '=', memberId).execute()
}

function open(db: Db) {
  return db
    .selectFrom('api_tokens as t')
    .innerJoin('accounts as a', 'a.id', 't.account_id')
    .selectAll('t')
    .select(['a.name as account', 'a.unlinked_at'])
    .where('t.ended_at', 'is', null)
}

function withAccount(
  row: Selectable<Database['api_tokens']> & { account: string; unlinked_at: Date | null },
): TokenOfAccount {
  return { ...toToken(row), account: row.account, waits: row.unlinked_at !== null }
}

function toToken(row: Selectable<Database['api_tokens']>): ApiToken {
  return {
    id: row.id,
    memberId: row.member_id,
    accountId: row.account_id,
    name: row.name,
    trades: row.trades,
    createdAt: row.created_at,
    ...(row.used_at && { usedAt: row.used_at }),
  }
}
