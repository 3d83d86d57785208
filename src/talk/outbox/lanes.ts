import type { Parts } from '../../trading/parts.ts'
import type { Poster } from '../chat/door.ts'
import { channelKey, type Place } from '../chat/place.ts'
import type { Deliver } from './deliver.ts'
import { giveAllowanceBack, takeAllowance } from './limits.ts'

/** Turns that one process is at at once. They wait for a platform most of the time; what is urgent has as many of its own. */
const atOnce = 20
/** Rows of one turn: of a channel with a limit, where others wait for it, and without one. */
const rowsOfTurn = { paced: 1, free: 20 }
/** Waits after a turn that the database did not answer; after the last one the sweep wakes the conversation. */
const againMs = [500, 1000, 2000, 4000, 8000]

/** The conversations of one channel that wait for their turn: each has one, then the next has it, and what is urgent comes first. */
interface Lane {
  place: Place
  urgent: Set<number>
  others: Set<number>
  isBusy: boolean
  /** By the process's monotonic clock, in milliseconds. */
  notBefore: number
}

/** What waits to be posted through a door of this process, in memory; Postgres has it for good, and the sweep wakes what is missing here. */
export interface Lanes {
  /** Something waits in a conversation. Throws when the database does not answer. */
  wake(conversationId: number, urgent?: boolean): Promise<void>
  /** Begins no more turns; resolves when those that have begun are over. */
  close(): Promise<void>
}

/**
 * Gives conversations their turns: all channels side by side, the conversations of a channel one after the other at the
 * pace that the platform allows it, one row each where the channel has a limit. `woken` is told of other conversations
 * that now have something to post.
 */
export function createLanes(
  parts: Parts,
  poster: Poster,
  deliver: Deliver,
  woken: (conversationIds: number[]) => void,
): Lanes {
  const { pace } = poster
  const lanes = new Map<string, Lane>()
  /** The places of conversations, which never change. */
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

  /** A conversation goes to the end of its lane, or of what is urgent there. */
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

  /** Begins as many turns as there may be. */
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

  /** The lane whose turn it is: what is urgent first, then the one that has waited longest. Sets a timer where they have to wait. */
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
    // It goes behind all others.
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
