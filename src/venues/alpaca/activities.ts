import { z } from 'zod'
import type { AlpacaClient } from './client.ts'
import { type Activity, activitiesPayload } from './payloads.ts'

/** A kind of activities to read. */
export interface Kind {
  /** Alpaca's types, with commas. */
  types: string
  /** Activities may appear so many milliseconds after later ones. */
  overlapMs: number
}

export const fillsKind: Kind = { types: 'FILL', overlapMs: 15 * 60_000 }

const page = 100
/** The pages that one call reads; the cursor continues there. */
const mostPages = 5

/**
 * The place in a list of activities. `to`: the newest time seen, in milliseconds. `seen`: the ids within the overlap before it, so that
 * one that appears late is not missed and none is shown twice. `token`: there are more pages behind this id.
 */
const cursorText = z.codec(
  z.string(),
  z.object({ to: z.number(), seen: z.array(z.string()), token: z.string().optional() }),
  {
    decode: (text) => {
      try {
        return JSON.parse(text) as { to: number; seen: string[] }
      } catch {
        return { to: 0, seen: [] }
      }
    },
    encode: (cursor) => JSON.stringify(cursor),
  },
)

/** The time of an activity in milliseconds; undefined when it shows none. */
export const timeOf = ({ transaction_time, created_at, date }: Activity): number | undefined =>
  (transaction_time ?? created_at ?? date)?.getTime()

/** A part of the list of activities, and the place behind it. */
export interface ActivitiesRead {
  /** Those that the cursor has not seen, in order of their times. */
  fresh: Activity[]
  /** Those of the overlap as well. */
  known: Activity[]
  /** `known` holds all activities from this time on; absent when there are more pages. */
  since?: Date
  isSeen(id: string): boolean
  /** The next cursor, which has seen these ids as well. */
  cursorWith(ids?: string[]): string
}

/** The activities of an account after a cursor. */
export async function activitiesAfter(
  client: AlpacaClient,
  account: string,
  { types, overlapMs }: Kind,
  cursor: string | undefined,
): Promise<ActivitiesRead> {
  const parsed = cursor === undefined ? undefined : cursorText.safeDecode(cursor)
  const from = parsed?.success ? parsed.data : { to: 0, seen: [], token: undefined }
  const seen = new Set(from.seen)
  const known: Activity[] = []
  let token = from.token
  for (let pages = 0; ; pages++) {
    const query = {
      activity_types: types,
      direction: 'asc',
      page_size: String(page),
      // Whole seconds, and one to spare: the moment itself is left out.
      ...(from.to > 0 && { after: new Date(Math.floor((from.to - overlapMs) / 1000) * 1000 - 1000).toISOString() }),
      ...(token !== undefined && { page_token: token }),
    }
    const listed = (await client.look(account, '/v2/account/activities', activitiesPayload, query)) ?? []
    known.push(...listed)
    if (listed.length < page) {
      token = undefined
      break
    }
    const last = listed.at(-1)!.id
    if (last === token) break
    token = last
    if (pages + 1 >= mostPages) break
  }
  const once = [...new Map(known.map((one) => [one.id, one])).values()]
  const fresh = once.filter(({ id }) => !seen.has(id)).sort((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0))
  const to = Math.max(from.to, ...fresh.map((one) => timeOf(one) ?? 0))
  const kept = new Set(once.filter((one) => (timeOf(one) ?? to) >= to - overlapMs).map(({ id }) => id))
  // Midway through the pages, those seen before are needed until the last page; fills that were taken back are on no page.
  const isMidway = token !== undefined || from.token !== undefined
  for (const id of seen) if (isMidway || id.startsWith('bust:')) kept.add(id)
  return {
    fresh,
    known: once,
    ...(!isMidway && from.to > 0 && { since: new Date(from.to - overlapMs) }),
    isSeen: (id) => seen.has(id),
    cursorWith(ids = []) {
      const isSame = fresh.length === 0 && ids.length === 0 && token === from.token
      if (isSame && cursor !== undefined) return cursor
      return cursorText.encode({ to, seen: [...kept, ...ids], ...(token !== undefined && { token }) })
    },
  }
}

/** The fills of one order, as Alpaca shows them now. */
export async function activitiesOfOrder(client: AlpacaClient, account: string, orderId: string): Promise<Activity[]> {
  const all: Activity[] = []
  for (let token: string | undefined, pages = 0; pages < 50; pages++) {
    const query = {
      activity_types: 'FILL',
      order_id: orderId,
      direction: 'asc',
      page_size: String(page),
      page_token: token,
    }
    const listed = (await client.look(account, '/v2/account/activities', activitiesPayload, query)) ?? []
    all.push(...listed)
    if (listed.length < page || listed.at(-1)!.id === token) break
    token = listed.at(-1)!.id
  }
  return all.filter(({ order_id }) => order_id === orderId)
}
