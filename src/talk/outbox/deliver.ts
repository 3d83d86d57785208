import { randomUUID } from 'node:crypto'
import { tellOwners } from '../../trading/events/tell-owners.ts'
import type { Parts } from '../../trading/parts.ts'
import { type Poster, PostFailed } from '../chat/door.ts'
import { rowKey } from '../chat/reply.ts'
import { mergeBacklog } from './backlog.ts'
import { tellInstead } from './instead.ts'
import { type Lease, leaveConversation, postingMs, renew, takeConversation } from './lease.ts'
import { pauseAllowance } from './limits.ts'
import {
  beginTurn,
  giveUp,
  noteFailed,
  noteOutOfTable,
  notePosted,
  skipStaleEdit,
  type Turn,
  whatWaits,
} from './rows.ts'

/** Waits between attempts at one post, in milliseconds; the last one repeats. */
const backoffMs = [500, 1000, 2000, 5000, 10_000, 30_000]
/** An edit is not worth more attempts than this. */
const editAttempts = 4
/** What is critical and was not taken in so many attempts, within some twenty seconds, is told on another platform as well. */
const elsewhereAfter = 6
/** A confirmation that took longer than this is asked for again: the process may have stood still after it was given. */
const freshMs = 2000

/** What came of a turn of a conversation. */
export interface Delivered {
  /** Posts that the platform was asked for; edits are none. */
  posts: number
  /** It has to wait so long before it goes on. */
  againInMs?: number
  /** It can go on at once: what was asked for is done, and there is more. */
  more?: 'urgent' | 'something'
  /** Other conversations that now have something to post. */
  others: number[]
}

/** Posts what waits in a conversation, up to so many rows; all of it when left out. */
export type Deliver = (conversationId: number, most?: number) => Promise<Delivered>

/** One turn at a conversation, while it lasts. */
interface Stay {
  lease: Lease
  left: number
  posts: number
  others: Set<number>
}

/**
 * The way out of one door of this process. It posts what waits in a conversation, in order, each once, and returns at
 * once when somebody is at it already: they will not miss what waits. Throws when the database does not answer; the
 * right to post there is then still this process's own, so that a later call goes on without waiting for it to end.
 */
export function createDelivery(parts: Parts, poster: Poster): Deliver {
  const me = randomUUID()
  /** Conversations in which this process is posting: the right to post keeps out others, not this process itself. */
  const underway = new Set<number>()

  /** Posts until there is nothing left, the next row has to wait or the turn is over; undefined when somebody else is at it. */
  async function post(id: number, stay: Omit<Stay, 'lease'>): Promise<{ waitMs?: number } | undefined> {
    if (underway.has(id)) return undefined
    underway.add(id)
    let renewing: NodeJS.Timeout | undefined
    try {
      const lease = await takeConversation(parts.db, id, me)
      if (!lease) return undefined
      renewing = setInterval(() => stayOn(parts, lease), postingMs / 3)
      // Where a platform sets no pace, one by one is as quick.
      if (poster.pace) await mergeBacklog(parts.db, lease)
      const waitMs = await postAll(parts, Object.assign(stay, { lease }), poster)
      await leaveConversation(parts.db, lease)
      return { waitMs }
    } finally {
      clearInterval(renewing)
      underway.delete(id)
    }
  }

  return async (id, most = Number.POSITIVE_INFINITY) => {
    const stay = { left: most, posts: 0, others: new Set<number>() }
    const done = (more: Partial<Delivered> = {}) => ({ posts: stay.posts, others: [...stay.others], ...more })
    for (;;) {
      const posted = await post(id, stay)
      if (!posted) return done()
      if (posted.waitMs !== undefined) return done({ againInMs: Math.max(50, posted.waitMs) })
      // Somebody may have queued a row after the last look and found the conversation taken.
      const more = await whatWaits(parts.db, id)
      if (!more) return done()
      if (stay.left <= 0) return done({ more })
    }
  }
}

async function postAll(parts: Parts, stay: Stay, poster: Poster): Promise<number | undefined> {
  while (stay.left > 0) {
    const turn = await beginTurn(parts.db, stay.lease, parts.clock.now())
    if (turn === undefined || typeof turn === 'number') return turn
    const waitMs = await postOne(parts, turn, stay, poster)
    if (waitMs !== undefined) return waitMs
  }
  return undefined
}

/** A platform that asks to wait may take longer than the right to post lasts. */
function stayOn(parts: Parts, lease: Lease): void {
  renew(parts.db, lease).catch((cause) =>
    parts.log.warn({ err: cause, conversation: lease.conversationId }, 'the right to post could not be renewed'),
  )
}

/**
 * Makes sure, right before a message is sent, that the right to post is still this one, and makes it last longer than a
 * request may take. A process that stood still while it asked asks again.
 */
async function confirm(parts: Parts, lease: Lease): Promise<void> {
  for (;;) {
    const asked = performance.now()
    if (!(await renew(parts.db, lease))) {
      throw new PostFailed('taken', 'the right to post has passed to another process')
    }
    if (performance.now() - asked < freshMs) return
  }
}

/** Posts one row. Answers with the milliseconds until the next attempt when it did not go out and the ones behind it have to wait. */
async function postOne(parts: Parts, turn: Turn, stay: Stay, poster: Poster): Promise<number | undefined> {
  const { db, clock } = parts
  if (!turn.body) {
    await giveUpRow(parts, turn, stay, poster, 'what it says cannot be read')
    const ids = { reply: turn.id, conversation: stay.lease.conversationId, door: poster.door }
    await tellOwners(parts, `reply-${turn.id}-unreadable`, { kind: 'reply.unreadable', row: turn.id }, ids)
    return undefined
  }
  try {
    const { anew, text } = turn.body
    const isAnew = turn.kind === 'edit' && !poster.edit && anew !== undefined
    if (isAnew && (await skipStaleEdit(db, turn.id, true))) return undefined
    if (turn.kind === 'edit' && !isAnew) {
      if (!poster.edit || !(turn.edits || turn.isInTable)) await giveUp(db, turn.id, 'nothing to edit')
      else if (await skipStaleEdit(db, turn.id)) return undefined
      else if (turn.isInTable) await noteOutOfTable(db, turn.id, await send({ text }))
      else {
        stay.left -= 1
        await poster.edit(turn.edits!, text)
        await notePosted(db, turn.id, turn.edits!, clock.now())
      }
      return undefined
    }
    await send(isAnew ? { text: anew } : turn.body)
    return undefined
  } catch (cause) {
    if (!(cause instanceof PostFailed)) throw cause
    return failed(parts, turn, stay, poster, cause)
  }

  async function send(reply: NonNullable<Turn['body']>) {
    const { lease } = stay
    stay.left -= 1
    stay.posts += 1
    const posted = await poster.post({
      key: rowKey(turn.id),
      place: lease.place,
      reply,
      attemptedAt: turn.attemptedAt,
      confirm: () => confirm(parts, lease),
    })
    for (const id of await notePosted(db, turn.id, posted, clock.now())) stay.others.add(id)
    return posted
  }
}

async function failed(
  parts: Parts,
  turn: Turn,
  stay: Stay,
  poster: Poster,
  cause: PostFailed,
): Promise<number | undefined> {
  const { db, clock, log } = parts
  const { kind, reach, retryAfterMs, message } = cause
  const ids = { reply: turn.id, conversation: stay.lease.conversationId, door: poster.door }
  log.warn({ err: cause, ...ids, attempts: turn.attempts }, 'a reply did not go out')
  // Whoever has the right now looks first; what is noted of the row is theirs.
  if (kind === 'taken') return undefined
  if (kind === 'never' || (turn.kind === 'edit' && turn.attempts >= editAttempts)) {
    await giveUpRow(parts, turn, stay, poster, message)
    return undefined
  }
  const backoff = backoffMs[Math.min(turn.attempts, backoffMs.length) - 1]!
  const waitMs = reach === 'post' ? Math.max(backoff, retryAfterMs) : Math.max(1, retryAfterMs)
  if (reach !== 'post' && poster.pace) await pauseAllowance(db, stay.lease.place, poster.pace, reach, waitMs)
  await noteFailed(db, turn.id, message, new Date(clock.now().getTime() + waitMs))
  const isShut = turn.attempts >= elsewhereAfter || (reach === 'door' && waitMs >= 30_000)
  if (turn.urgent && isShut) {
    const told = await db.transaction().execute((trx) => tellInstead(trx, parts.owners, turn.id, message, true))
    for (const id of told) stay.others.add(id)
  }
  return waitMs
}

/** A row that is given up is seen in the log and the metrics; what is critical is told to people instead. */
async function giveUpRow(parts: Parts, turn: Turn, stay: Stay, poster: Poster, because: string): Promise<void> {
  const told = await parts.db.transaction().execute(async (trx) => {
    await giveUp(trx, turn.id, because)
    return turn.urgent ? tellInstead(trx, parts.owners, turn.id, because) : []
  })
  for (const id of told) stay.others.add(id)
  const ids = { reply: turn.id, conversation: stay.lease.conversationId, door: poster.door, urgent: turn.urgent }
  if (turn.urgent && told.length === 0) parts.log.error({ ...ids, because }, 'nobody could be told of what is critical')
  else parts.log.warn({ ...ids, because, told_instead: told.length }, 'a reply was given up')
}
