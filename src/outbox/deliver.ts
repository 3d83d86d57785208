import { randomUUID } from 'node:crypto'
import { type Poster, PostFailed } from '../chat/door.ts'
import type { Place } from '../chat/place.ts'
import { rowKey } from '../chat/reply.ts'
import type { Parts } from '../execution/parts.ts'
import {
  anythingWaits,
  beginTurn,
  giveUp,
  leaveConversation,
  noteFailed,
  notePosted,
  postingMs,
  skipStaleEdit,
  type Turn,
  takeConversation,
} from './rows.ts'

/** Waits between attempts at one post, in milliseconds; the last one repeats. */
const backoffMs = [500, 1000, 2000, 5000, 10_000, 30_000]
/** An edit is not worth more attempts than this. */
const editAttempts = 4

/** Which conversations have to be woken again: others that now have something to post, or this one after a wait. */
export interface Delivered {
  againInMs?: number
  others: number[]
}

/**
 * The way out of one door of this process. It posts what waits in a conversation, in order, each once, and returns at
 * once when somebody is at it already: they will not miss what waits. Throws when the database does not answer; the
 * right to post there is then still this process's own, so that a later call goes on without waiting for it to end.
 */
export function createDelivery(parts: Parts, poster: Poster): (conversationId: number) => Promise<Delivered> {
  const me = randomUUID()
  /** Conversations in which this process is posting: the right to post keeps out others, not this process itself. */
  const underway = new Set<number>()

  /** Posts until there is nothing left or the next row has to wait; undefined when somebody else is at it. */
  async function post(id: number, others: Set<number>): Promise<{ waitUntil?: Date } | undefined> {
    if (underway.has(id)) return undefined
    underway.add(id)
    let stay: NodeJS.Timeout | undefined
    try {
      const place = await takeConversation(parts.db, id, me, parts.clock.now())
      if (!place) return undefined
      stay = setInterval(() => renew(parts, id, me), postingMs / 3)
      const waitUntil = await postAll(parts, id, place, poster, others)
      await leaveConversation(parts.db, id, me)
      return { waitUntil }
    } finally {
      clearInterval(stay)
      underway.delete(id)
    }
  }

  return async (id) => {
    const others = new Set<number>()
    for (;;) {
      const posted = await post(id, others)
      if (!posted) return { others: [...others] }
      const { waitUntil } = posted
      const againInMs = waitUntil && Math.max(50, waitUntil.getTime() - parts.clock.now().getTime())
      if (againInMs) return { againInMs, others: [...others] }
      // Somebody may have queued a row after the last look and found the conversation taken.
      if (!(await anythingWaits(parts.db, id))) return { others: [...others] }
    }
  }
}

async function postAll(
  parts: Parts,
  conversationId: number,
  place: Place,
  poster: Poster,
  others: Set<number>,
): Promise<Date | undefined> {
  for (;;) {
    const turn = await beginTurn(parts.db, conversationId, parts.clock.now())
    if (turn === undefined || turn instanceof Date) return turn
    const waitUntil = await postOne(parts, turn, place, poster, others)
    if (waitUntil) return waitUntil
  }
}

/** A platform that asks to wait may take longer than the right to post lasts. */
function renew(parts: Parts, conversationId: number, me: string): void {
  takeConversation(parts.db, conversationId, me, parts.clock.now()).catch((cause) =>
    parts.log.warn({ err: cause, conversation: conversationId }, 'the right to post could not be renewed'),
  )
}

/** Posts one row. Answers with the time of the next attempt when it did not go out and the ones behind it have to wait. */
async function postOne(
  parts: Parts,
  turn: Turn,
  place: Place,
  poster: Poster,
  others: Set<number>,
): Promise<Date | undefined> {
  const { db, clock, log } = parts
  try {
    const { anew } = turn.body
    const isAnew = turn.kind === 'edit' && !poster.edit && anew !== undefined
    if (isAnew && (await skipStaleEdit(db, turn.id, true))) return undefined
    if (turn.kind === 'edit' && !isAnew) {
      if (!poster.edit || !turn.edits) await giveUp(db, turn.id, 'nothing to edit')
      else if (!(await skipStaleEdit(db, turn.id))) {
        await poster.edit(turn.edits, turn.body.text)
        await notePosted(db, turn.id, turn.edits, clock.now())
      }
      return undefined
    }
    const reply = isAnew ? { text: anew } : turn.body
    const posted = await poster.post({ key: rowKey(turn.id), place, reply, attemptedAt: turn.attemptedAt })
    for (const id of await notePosted(db, turn.id, posted, clock.now())) others.add(id)
    return undefined
  } catch (cause) {
    if (!(cause instanceof PostFailed)) throw cause
    log.warn({ err: cause, reply: turn.id, attempts: turn.attempts, door: poster.door }, 'a reply did not go out')
    if (cause.kind === 'never' || (turn.kind === 'edit' && turn.attempts >= editAttempts)) {
      await giveUp(db, turn.id, cause.message)
      return undefined
    }
    const backoff = backoffMs[Math.min(turn.attempts, backoffMs.length) - 1]!
    const next = new Date(clock.now().getTime() + Math.max(backoff, cause.retryAfterMs))
    await noteFailed(db, turn.id, cause.message, next)
    return next
  }
}
