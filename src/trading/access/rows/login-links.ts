import { newSecret, secretHash } from '../../../base/secret.ts'
import type { Db } from '../../../infra/db/client.ts'

/** A link is good for so many milliseconds. */
export const linkForMs = 5 * 60_000
/** A member's links that wait at once; an older one ends with each that is made beyond them. */
const mostWaiting = 3

/** Makes the one-time token of a link for a member. Only its hash is kept, so nobody can read the link again. */
export async function makeLoginLink(db: Db, memberId: number, at: Date): Promise<string> {
  const token = newSecret()
  await db
    .insertInto('login_links')
    .values({
      token_hash: secretHash(token),
      member_id: memberId,
      created_at: at,
      expires_at: new Date(at.getTime() + linkForMs),
    })
    .execute()
  await db
    .updateTable('login_links')
    .set({ used_at: at })
    .where('member_id', '=', memberId)
    .where('used_at', 'is', null)
    .where('token_hash', 'not in', (latest) =>
      latest
        .selectFrom('login_links')
        .select('token_hash')
        .where('member_id', '=', memberId)
        .orderBy('created_at', 'desc')
        .limit(mostWaiting),
    )
    .execute()
  return token
}

/** Uses a token up. Returns its member once; undefined for a token that was used, that has expired, or that never was. */
export async function takeLoginLink(db: Db, token: string, at: Date): Promise<number | undefined> {
  const taken = await db
    .updateTable('login_links')
    .set({ used_at: at })
    .where('token_hash', '=', secretHash(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('member_id')
    .executeTakeFirst()
  return taken?.member_id
}
