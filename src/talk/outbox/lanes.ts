import type { Parts } from '../../trading/parts.ts'
import type { Poster } from '../chat/door.ts'
import { channelKey, type Place } from '../chat/place.ts'
import type { Delivery } from './deliver.ts'
import { giveAllowanceBack, takeAllowance } from './limits.ts'

/** The concurrent turns of a process; urgent turns have the same number again. Most turns only wait for the platform. */
const atOnce = 20
/** The rows of one turn: in a channel with a rate limit that other conversations share, and without a limit. */
const rowsOfTurn = { paced: 1, free: 20 }
/** The waits after a failed turn, in milliseconds. After the last one the sweep wakes the conversation. */
const againMs = [500, 1000, 2000, 4000, 8000]

/** The waiting conversations of one channel. They take turns, and urgent ones come first. */
interface Lane {
  place: Place
  urgent: Set<number>
  others: Set<number>
  isBusy: boolean
  /** The earliest next turn, by the process's monotonic clock in milliseconds. */
  notBefore: number
}

/** The waiting conversations of a door in memory. Postgres has the rows, and the sweep wakes a conversation that is lost here. */
export interface Lanes {
  /** Adds a conversation with waiting rows. Throws when the database does not answer. */
  wake(conversationId: number, urgent?: boolean): Promise<void>
  /** Begins no more turns. Resolves when the running turns are over. */
  close(): Promise<void>
}

/**
 * Creates the lanes. Channels run in parallel; the conversations of a channel take turns at the platform's rate, with one row a
 * turn if the channel has a rate limit. `woken` receives other conversations that now have a message to post.
 */
export function createLanes(
  parts: Parts,
  poster: Poster,
  deliver: Delivery,
  woken: (conversationIds: number[]) => void,
): Lanes {
  const { pace } = poster
  const lanes = new Map<string, Lane>()
  /** The places of conversations. They never change. */
  const places = new Map<number, Place>()
  const failures = new Map<number, number>()
  const timers = new Set<NodeJS.Timeout>()
  const underway = new Set<Promise<void>>()
  let next: NodeJS.Timeout | undefined
  let isClosed = false

  async function placeOf(id: number): Promise<Place | undefined> {
    const known = places.get(id)
    if (known) return known
    const query = parts.db.selectFrom('conversations').select('place').where('id', '=', id)
    const place = (await query.executeTakeFirst())?.place
    if (place) places.set(id, place)
    return place
  }

  /** Puts a conversation at the end of its lane, or at the end of the lane's urgent ones. */
  function put(id: number, place: Place, urgent: boolean): void {
    if (isClosed) return
    const key = pace ? channelKey(place) : String(id)
    const lane = lanes.get(key) ?? { place, urgent: new Set(), others: new Set(), isBusy: false, notBefore: 0 }
    lanes.set(key, lane)
    if (urgent) lane.others.delete(id)
    if (urgent) lane.urgent.add(id)
    else if (!lane.urgent.has(id)) lane.others.add(id)
  }

  function later(id: number, place: Place, urgent: boolean, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      put(id, place, urgent)
      pump()
    }, ms)
    timers.add(timer)
  }

  /** Begins as many turns as the limit allows. */
  function pump(): void {
    clearTimeout(next)
    while (!isClosed && underway.size < 2 * atOnce) {
      const lane = nextLane(underway.size >= atOnce)
      if (!lane) break
      lane.isBusy = true
      const turn = take(lane).finally(() => {
        lane.isBusy = false
        underway.delete(turn)
        pump()
      })
      underway.add(turn)
    }
  }

  /** Takes the next lane: an urgent one first, else the one that has waited longest. Sets a timer if all must wait. */
  function nextLane(onlyUrgent: boolean): Lane | undefined {
    const now = performance.now()
    let soonest = Number.POSITIVE_INFINITY
    let first: [string, Lane] | undefined
    for (const entry of lanes) {
      const [key, lane] = entry
      if (lane.isBusy) continue
      if (lane.urgent.size + lane.others.size === 0) {
        lanes.delete(key)
        continue
      }
      if (lane.notBefore > now) soonest = Math.min(soonest, lane.notBefore)
      else if (lane.urgent.size > 0) {
        first = entry
        break
      } else if (!onlyUrgent) first ??= entry
    }
    if (!first && Number.isFinite(soonest)) next = setTimeout(pump, Math.ceil(soonest - now))
    if (!first) return undefined
    // The lane goes behind all others.
    lanes.delete(first[0])
    lanes.set(...first)
    return first[1]
  }

  async function take(lane: Lane): Promise<void> {
    let id: number | undefined
    let urgent = false
    try {
      const waitMs = pace ? await takeAllowance(parts.db, lane.place, pace) : 0
      if (waitMs > 0) {
        lane.notBefore = performance.now() + waitMs
        return
      }
      urgent = lane.urgent.size > 0
      id = (urgent ? lane.urgent : lane.others).values().next().value!
      lane.urgent.delete(id)
      lane.others.delete(id)
      const { posts, againInMs, more, others } = await deliver(id, pace ? rowsOfTurn.paced : rowsOfTurn.free)
      failures.delete(id)
      if (pace && posts === 0) await giveAllowanceBack(parts.db, lane.place, pace)
      if (more) put(id, lane.place, more === 'urgent')
      else if (againInMs !== undefined) later(id, lane.place, urgent, againInMs)
      woken(others.filter((other) => other !== id))
    } catch (cause) {
      parts.log.warn({ err: cause, conversation: id, door: poster.door }, 'a turn of the outbox failed')
      if (id === undefined) lane.notBefore = performance.now() + againMs[0]!
      else failed(id, lane.place, urgent)
    }
  }

  function failed(id: number, place: Place, urgent: boolean): void {
    const times = failures.get(id) ?? 0
    const ms = againMs[times]
    if (ms === undefined) failures.delete(id)
    else {
      failures.set(id, times + 1)
      later(id, place, urgent, ms)
    }
  }

  return {
    async wake(id, urgent = false) {
      const place = await placeOf(id)
      if (!place) return
      put(id, place, urgent)
      pump()
    },
    async close() {
      isClosed = true
      clearTimeout(next)
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(underway)
    },
  }
}
