import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { AuditOutcome } from '../../../infra/db/schema.ts'
import type { Speaker } from './members.ts'

/**
 * After this many milliseconds an unfinished hearing counts as abandoned, because its process died. The message may be heard
 * again.
 */
const abandonedAfterMs = 30_000
/** The most characters of a message that the audit keeps. */
const keptCharacters = 2000

/**
 * Notes that a message is heard. False when it was heard before, because the platform delivered it twice; the caller then does
 * nothing.
 */
export async function hearOnce(db: Db, inboundId: string, speaker: Speaker, text: string, at: Date): Promise<boolean> {
  const abandoned = new Date(at.getTime() - abandonedAfterMs)
  const { rows } = await sql`
    insert into audit (inbound_id, member_id, conversation_id, text, heard_at)
    values (${inboundId}, ${speaker.memberId}, ${speaker.conversationId}, ${storable(text)}, ${at})
    on conflict (inbound_id) do update set heard_at = excluded.heard_at
      where audit.finished_at is null and audit.heard_at < ${abandoned}
    returning 1`.execute(db)
  return rows.length > 0
}

/**
 * Takes over an unfinished hearing of a message. False when the hearing is finished, or when another process may still be at
 * it.
 */
export async function takeOver(db: Db, inboundId: string, at: Date): Promise<boolean> {
  const taken = await db
    .updateTable('audit')
    .set({ heard_at: at })
    .where('inbound_id', '=', inboundId)
    .where('finished_at', 'is', null)
    .where('heard_at', '<', new Date(at.getTime() - abandonedAfterMs))
    .returning('inbound_id')
    .executeTakeFirst()
  return taken !== undefined
}

/**
 * Did a message lead to an order, or to a close that is not finished yet? The id of the message is part of their client ids.
 */
export async function hasOrdered(db: Db, accountId: number, inboundId: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (
      select from (
        select client_order_id from orders where account_id = ${accountId}
        union all select client_order_id from unfinished_closes where account_id = ${accountId}
      ) o where strpos(o.client_order_id || '-', ${`-${inboundId}-`}) > 0) as has`.execute(db)
  return rows[0]!.has
}

/** Notes, in the transaction that acts on a message, that it was acted on. The message is never heard again. */
export async function noteActed(trx: Trx, inboundId: string, at: Date): Promise<void> {
  await trx.updateTable('audit').set({ finished_at: at }).where('inbound_id', '=', inboundId).execute()
}

/** Has the member spoken with the desk in this conversation, or has the member a scaleout there? */
export async function hasSpoken(db: Db, { memberId, conversationId, accountId }: Speaker): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from audit where conversation_id = ${conversationId} and member_id = ${memberId})
      or exists (select from scaleouts where account_id = ${accountId} and conversation_id = ${conversationId}) as has`.execute(
    db,
  )
  return rows[0]!.has
}

/** The heard messages of a member in a conversation after a moment, without the present one. Ignored ones do not count. */
export async function saidSince(
  db: Db,
  { memberId, conversationId }: Pick<Speaker, 'memberId' | 'conversationId'>,
  since: Date,
  exceptInboundId: string,
): Promise<{ at: Date; outcome: AuditOutcome }[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['heard_at as at', 'outcome'])
    .where('conversation_id', '=', conversationId)
    .where('member_id', '=', memberId)
    .where('heard_at', '>', since)
    .where('inbound_id', '!=', exceptInboundId)
    .orderBy('heard_at', 'desc')
    .limit(100)
    .execute()
  return rows.flatMap(({ at, outcome }) => (outcome === null || outcome === 'ignored' ? [] : [{ at, outcome }]))
}

/** A message of a member that was carried out. */
export interface CarriedOut {
  at: Date
  command: string
  /** As it was typed. */
  text: string
}

/** The member's last messages that one of these commands carried out after a moment, in any conversation, the newest first. */
export async function carriedOutSince(
  db: Db,
  memberId: number,
  commands: string[],
  since: Date,
): Promise<CarriedOut[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['heard_at as at', 'command', 'text'])
    .where('heard_at', '>', since)
    .where('member_id', '=', memberId)
    .where('outcome', '=', 'done')
    .where('command', '=', sql<string>`any(${commands})`)
    .orderBy('heard_at', 'desc')
    .limit(20)
    .execute()
  return rows.map(({ command, ...row }) => ({ ...row, command: command! }))
}

/** Notes the outcome of a message. */
export async function noteOutcome(
  db: Db,
  inboundId: string,
  result: { outcome: AuditOutcome; command?: string; code?: string; reason?: string },
  at: Date,
): Promise<void> {
  await db
    .updateTable('audit')
    .set({
      outcome: result.outcome,
      command: result.command,
      code: result.code,
      reason: result.reason?.slice(0, keptCharacters),
      finished_at: at,
    })
    .where('inbound_id', '=', inboundId)
    .execute()
}

/** Removes characters that Postgres cannot store: NUL and unpaired surrogates. */
function storable(text: string): string {
  return text.slice(0, keptCharacters).replaceAll('\u0000', '').toWellFormed()
}
