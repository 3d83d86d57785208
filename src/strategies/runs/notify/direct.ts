import type { Trx } from '../../../infra/db/client.ts'
import type { Place } from '../../../talk/chat/place.ts'
import { conversationOf } from '../../../trading/accounts/rows/members.ts'

/**
 * The conversation of direct messages with a member: the one that they chose by `notify`, else one on a platform that knows them.
 * Undefined when they are only known in a terminal, which has one screen for everything.
 */
export async function directConversation(trx: Trx, memberId: number): Promise<number | undefined> {
  const { notify_conversation_id: chosen } = await trx
    .selectFrom('members')
    .select('notify_conversation_id')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  if (chosen !== null) return chosen
  const identities = await trx
    .selectFrom('member_identities')
    .select('platform_id')
    .where('member_id', '=', memberId)
    .orderBy('platform_id')
    .execute()
  const place = identities.map(({ platform_id }) => directPlaceOf(platform_id)).find((one) => one !== undefined)
  return place && conversationOf(trx, place)
}

/** The direct message with a person, by their platform id: `discord:123`, `slack:T1:U1`. */
function directPlaceOf(platformId: string): Place | undefined {
  const [door, ...rest] = platformId.split(':')
  if (door === 'discord' && rest.length === 1) return { door, workspace: '', channel: '', person: rest[0]! }
  if (door === 'slack' && rest.length === 2) return { door, workspace: rest[0]!, channel: '', person: rest[1]! }
  return undefined
}
