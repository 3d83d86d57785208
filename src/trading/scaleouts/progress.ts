import type { Trx } from '../../infra/db/client.ts'
import { editRow } from '../events/rows/replies.ts'
import type { Parts } from '../parts.ts'
import { tellGroups } from './group.ts'
import { type Announcement, announcementOf, type Scaleout } from './rows/scaleouts.ts'

/** Updates the message that announced a scaleout, after its change was written. Returns more conversations with new replies. */
export async function showProgress(
  trx: Trx,
  parts: Pick<Parts, 'wording'>,
  scaleout: Scaleout,
  at: Date,
): Promise<number[]> {
  if (scaleout.groupId !== null) return tellGroups(trx, parts, [scaleout.groupId], at)
  const announcement = await announcementOf(trx, scaleout.id)
  if (announcement)
    await trx
      .insertInto('replies')
      .values(progressRow(parts, announcement, scaleout))
      .execute()
  return []
}

/** An outbox row that updates the message that announced a scaleout. */
export function progressRow({ wording }: Pick<Parts, 'wording'>, announcement: Announcement, scaleout: Scaleout) {
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId }
  const { text } = wording({ kind: 'scaleout.updated', scaleout, announced: announcement.text })
  return editRow(to, announcement.row, { text })
}
