import type { Db } from '../../../infra/db/client.ts'
import { type DoorName, doorNames, type Place } from '../../../talk/chat/place.ts'

/** The direct message with the person who has this platform id; undefined for an id of unknown form. */
export function directPlaceOf(platformId: string): Place | undefined {
  const [door, ...rest] = platformId.split(':')
  if (!doorNames.includes(door as DoorName) || rest.length === 0) return undefined
  // A terminal has one screen for everything.
  if (door === 'terminal') return { door, workspace: '', channel: 'local' }
  const person = rest.at(-1)!
  return { door: door as DoorName, workspace: rest.slice(0, -1).join(':'), channel: '', person }
}

/** The direct messages with a member, one for each platform where the desk knows them. */
export async function directPlacesOfMember(db: Db, memberId: number): Promise<Place[]> {
  const rows = await db
    .selectFrom('member_identities')
    .select('platform_id')
    .where('member_id', '=', memberId)
    .orderBy('platform_id')
    .execute()
  return placesOf(rows)
}

/** The direct messages with all owners: those in the configuration, met or not, and those with the role in the database. */
export async function directPlacesOfOwners(db: Db, configured: readonly string[]): Promise<Place[]> {
  const rows = await db
    .selectFrom('member_identities as i')
    .innerJoin('members as m', 'm.id', 'i.member_id')
    .where('m.role', '=', 'owner')
    .select('i.platform_id')
    .orderBy('i.platform_id')
    .execute()
  const ids = new Set([...configured, ...rows.map((row) => row.platform_id)])
  return placesOf([...ids].map((platform_id) => ({ platform_id })))
}

const placesOf = (rows: { platform_id: string }[]) => rows.flatMap((row) => directPlaceOf(row.platform_id) ?? [])

/**
 * The places on this door, or all places when none is on it. The message was to go through this door, so it is known to be
 * open; of other doors the desk does not know.
 */
export function behindDoor(places: Place[], door: DoorName): Place[] {
  const there = places.filter((place) => place.door === door)
  return there.length > 0 ? there : places
}
