import { newSecret, secretHash } from '../../../base/secret.ts'
import type { Db } from '../../../infra/db/client.ts'

/** A token for a stream is good for so many milliseconds. */
export const streamTokenForMs = 60_000

/** The session or the API token in whose name a stream is opened. */
export type StreamOwner = { sessionId: number } | { tokenId: number }

/** Makes a token that opens one stream, for a client that can send no header. */
export async function makeStreamToken(
  db: Db,
  memberId: number,
  owner: StreamOwner,
  at: Date,
): Promise<{ token: string; endsAt: Date }> {
  const token = newSecret()
  const endsAt = new Date(at.getTime() + streamTokenForMs)
  await db.deleteFrom('stream_tokens').where('expires_at', '<', at).execute()
  await db
    .insertInto('stream_tokens')
    .values({
      token_hash: secretHash(token),
      member_id: memberId,
      session_id: 'sessionId' in owner ? owner.sessionId : null,
      token_id: 'tokenId' in owner ? owner.tokenId : null,
      expires_at: endsAt,
    })
    .execute()
  return { token, endsAt }
}

/** Uses a token up. Returns its owner once; undefined for a token that was used, that has expired, or that never was. */
export async function takeStreamToken(db: Db, token: string, at: Date): Promise<StreamOwner | undefined> {
  const row = await db
    .updateTable('stream_tokens')
    .set({ used_at: at })
    .where('token_hash', '=', secretHash(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning(['session_id', 'token_id'])
    .executeTakeFirst()
  if (!row) return undefined
  return row.session_id === null ? { tokenId: row.token_id! } : { sessionId: row.session_id }
}
