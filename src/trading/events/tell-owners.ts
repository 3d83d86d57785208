import type { Trx } from '../../infra/db/client.ts'
import { conversationOf } from '../accounts/rows/members.ts'
import { directPlacesOfOwners } from '../accounts/rows/people.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import type { OwnerNotice } from './notices.ts'
import { postRow } from './rows/replies.ts'

/**
 * Tells every owner in a direct message, once for a key, and logs it, as an error unless it is good news. Never throws, since the
 * log has it in any case.
 */
export async function tellOwners(
  parts: Pick<Parts, 'db' | 'queues' | 'log' | 'owners' | 'wording'>,
  key: string,
  about: OwnerNotice,
  ids: Record<string, unknown>,
  level: 'error' | 'info' = 'error',
): Promise<void> {
  parts.log[level]({ ...ids, notice: key }, parts.wording(about).text)
  const { text } = parts.wording({ kind: 'owners.alarmed', about })
  try {
    const told = await parts.db.transaction().execute(async (trx) => {
      const isNew = await noteOnce(trx, key)
      return isNew ? queueForOwners(trx, parts.owners, text) : []
    })
    await wakeReplies(parts, told, true)
  } catch (cause) {
    parts.log.error({ err: cause, notice: key }, 'owners could not be told')
  }
}

async function noteOnce(trx: Trx, key: string): Promise<boolean> {
  const noted = await trx
    .insertInto('owner_notices')
    .values({ key })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  return noted !== undefined
}

async function queueForOwners(trx: Trx, owners: readonly string[], text: string): Promise<number[]> {
  const conversations: number[] = []
  for (const place of await directPlacesOfOwners(trx, owners)) {
    const conversationId = await conversationOf(trx, place)
    const row = { ...postRow({ conversationId, urgent: true }, { text }), last_resort: true }
    await trx.insertInto('replies').values(row).execute()
    conversations.push(conversationId)
  }
  return conversations
}
