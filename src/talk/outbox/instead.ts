import { sql } from 'kysely'
import type { Trx } from '../../infra/db/client.ts'
import { conversationOf } from '../../trading/accounts/rows/members.ts'
import { behindDoor, directPlacesOfMember, directPlacesOfOwners } from '../../trading/accounts/rows/people.ts'
import { postRow } from '../../trading/events/rows/replies.ts'
import { type Place, placeKey, placeText } from '../chat/place.ts'
import { readBody } from './body.ts'

interface Untold {
  body: unknown
  place: Place
  account_id: number | null
  member_id: number | null
  member: string | null
  instead_of: number | null
  last_resort: boolean
}

/** A direct-message place for an urgent reply that could not be posted. */
interface Ear {
  place: Place
  isOwner: boolean
}

/**
 * Queues an urgent reply that cannot be posted in its place as direct messages, once for each person. The account's member gets
 * it first; the owners get it if the member has no direct message or that failed too. With `elsewhere` the door itself is
 * down: the member and the owners on other platforms get it together. Returns the conversations with a message to post;
 * empty when nobody is left to tell.
 */
export async function tellInstead(
  trx: Trx,
  owners: readonly string[],
  row: number,
  because: string,
  elsewhere = false,
): Promise<number[]> {
  const { rows } = await sql<Untold>`
    select r.body, c.place, r.account_id, a.member_id, m.name as member, r.instead_of, r.last_resort
    from replies r join conversations c on c.id = r.conversation_id
    left join accounts a on a.id = r.account_id left join members m on m.id = a.member_id
    where r.id = ${row}`.execute(trx)
  const untold = rows[0]
  if (!untold || untold.last_resort) return []
  const said = readBody(untold.body)?.text ?? `A critical message (${row}) that cannot be read`
  const conversations: number[] = []
  for (const { place, isOwner } of await ears(trx, owners, untold, elsewhere)) {
    const conversationId = await conversationOf(trx, place)
    const whose = isOwner && untold.member !== null ? `Account of ${untold.member}. ` : ''
    const notice = `⚠️ ${whose}This could not be posted where it belongs, ${placeText(untold.place)}: ${because}.`
    const text = `${said}\n${notice}`
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('replies')
      .values({
        ...postRow({ conversationId, accountId: untold.account_id ?? undefined, urgent: true }, { text }),
        instead_of: row,
        last_resort: isOwner,
      })
      .onConflict((conflict) =>
        conflict.columns(['instead_of', 'conversation_id']).where('instead_of', 'is not', null).doNothing(),
      )
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows) conversations.push(conversationId)
  }
  return conversations
}

async function ears(trx: Trx, configured: readonly string[], untold: Untold, elsewhere: boolean): Promise<Ear[]> {
  const { door } = untold.place
  const failed = placeKey(untold.place)
  const reachable = (places: Place[]) =>
    (elsewhere ? places.filter((place) => place.door !== door) : behindDoor(places, door)).filter(
      (place) => placeKey(place) !== failed,
    )
  // If this row is already the member's direct message, only the owners are left.
  const own =
    untold.member_id === null || untold.instead_of !== null ? [] : await directPlacesOfMember(trx, untold.member_id)
  const member = reachable(own).map((place) => ({ place, isOwner: false }))
  if (member.length > 0 && !elsewhere) return member
  const known = new Set(member.map(({ place }) => placeKey(place)))
  const owners = reachable(await directPlacesOfOwners(trx, configured)).filter((place) => !known.has(placeKey(place)))
  return [...member, ...owners.map((place) => ({ place, isOwner: true }))]
}
