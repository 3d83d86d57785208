import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** After so many milliseconds a request without an answer counts as cut short, because its process died. */
const abandonedAfterMs = 30_000

/** The answer to a request: a status of HTTP and what was said. */
export interface KeptAnswer {
  status: number
  answer: object
}

/**
 * The begin of a request with a key. `begun`: it is carried out now, under this id of its message, which is the same in every
 * attempt. `answered`: it was carried out before. `under way`: another attempt is at it. `another`: the key was used for something else.
 */
export type Beginning =
  | { kind: 'begun'; inboundId: string }
  | ({ kind: 'answered' } & KeptAnswer)
  | { kind: 'under way' }
  | { kind: 'another' }

/** Begins a request once for its key, however often and wherever it arrives. */
export async function beginRequest(
  db: Db,
  request: { memberId: number; key: string; fingerprint: Buffer; inboundId: string },
  at: Date,
): Promise<Beginning> {
  const { memberId, key, fingerprint, inboundId } = request
  const abandoned = new Date(at.getTime() - abandonedAfterMs)
  const { rows } = await sql<{ inbound_id: string }>`
    insert into api_requests as r (member_id, key, fingerprint, inbound_id, begun_at)
    values (${memberId}, ${key}, ${fingerprint}, ${inboundId}, ${at})
    on conflict (member_id, key) do update set begun_at = excluded.begun_at
      where r.status is null and r.begun_at < ${abandoned} and r.fingerprint = excluded.fingerprint
    returning inbound_id`.execute(db)
  const [begun] = rows
  if (begun) return { kind: 'begun', inboundId: begun.inbound_id }
  const before = await db
    .selectFrom('api_requests')
    .select(['fingerprint', 'status', 'answer'])
    .where('member_id', '=', memberId)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!before) return { kind: 'under way' }
  if (!before.fingerprint.equals(fingerprint)) return { kind: 'another' }
  if (before.status === null || before.answer === null) return { kind: 'under way' }
  return { kind: 'answered', status: before.status, answer: before.answer }
}

/** Keeps the answer to a request, for those who send it again. */
export async function keepAnswer(
  db: Db,
  { memberId, key }: { memberId: number; key: string },
  { status, answer }: KeptAnswer,
): Promise<void> {
  await db
    .updateTable('api_requests')
    .set({ status, answer: JSON.stringify(answer) })
    .where('member_id', '=', memberId)
    .where('key', '=', key)
    .execute()
}

/** Forgets a request that did nothing, so that it may be sent again under its key. */
export async function forgetRequest(db: Db, { memberId, key }: { memberId: number; key: string }): Promise<void> {
  await db
    .deleteFrom('api_requests')
    .where('member_id', '=', memberId)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute()
}
