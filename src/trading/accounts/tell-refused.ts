import { sql } from 'kysely'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { accountsOf } from './rows/accounts.ts'
import { conversationOf } from './rows/members.ts'
import { directPlacesOfMember } from './rows/people.ts'

/** Tells members, once in six hours, that a venue refuses the credentials of an account: nothing is sent there, exits neither. */
export async function tellRefused(parts: Pick<Parts, 'db' | 'clock' | 'wording' | 'queues' | 'log'>): Promise<void> {
  const { db, clock } = parts
  const at = clock.now()
  const conversations = await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ account_id: number; member_id: number; refused_because: string | null }>`
      update venue_credentials c set told_refused_at = c.refused_at from accounts a
      where a.id = c.account_id and a.unlinked_at is null and c.refused_at is not null
        and (c.told_refused_at is null or c.told_refused_at < c.refused_at - interval '6 hours')
      returning c.account_id, a.member_id, c.refused_because`.execute(trx)
    const told: number[] = []
    for (const { account_id, member_id, refused_because } of rows) {
      const account = (await accountsOf(trx, member_id)).find(({ id }) => id === account_id)
      if (!account) continue
      const notice = { kind: 'account.refused' as const, account, because: refused_because ?? '' }
      for (const place of await directPlacesOfMember(trx, member_id)) {
        const conversationId = await conversationOf(trx, place)
        await queueNotice(trx, parts, { conversationId, urgent: true, at }, notice, 'outbox')
        told.push(conversationId)
      }
    }
    return told
  })
  await wakeReplies(parts, conversations, true)
}
