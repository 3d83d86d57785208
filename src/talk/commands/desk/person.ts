import { Refusal } from '../../../base/refusal.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Place } from '../../chat/place.ts'

/**
 * The platform id of a mentioned or named person; undefined when the text names nobody. A mention on Slack does not name a
 * team. It means the person with that user id whom the desk knows, or else a member of the team of this place.
 */
export async function personNamed(db: Db, named: string, place: Place): Promise<string | Refusal | undefined> {
  if (/^discord:\d+$/.test(named)) return named
  const slack = /^slack:([a-z0-9]+):([a-z0-9]+)$/i.exec(named)
  if (slack) return `slack:${slack[1]!.toUpperCase()}:${slack[2]!.toUpperCase()}`
  if (place.door === 'discord' && /^\d+$/.test(named)) return `discord:${named}`
  if (place.door !== 'slack' || !/^[uw][a-z0-9]+$/i.test(named)) return undefined
  const user = named.toUpperCase()
  const met = await db
    .selectFrom('member_identities')
    .select('platform_id')
    .where('platform_id', 'like', `slack:%:${user}`)
    .orderBy('platform_id')
    .execute()
  const [only, another] = met.map(({ platform_id }) => platform_id)
  if (only && another) return severalPeople([only, another])
  return only ?? `slack:${place.workspace}:${user}`
}

function severalPeople(ids: string[]): Refusal {
  const sentence = `There are several of them, of different teams: ${ids.join(', ')}. Nothing was done.`
  return new Refusal('WHICH_MEMBER', sentence, 'Name the one that you mean by this id')
}
