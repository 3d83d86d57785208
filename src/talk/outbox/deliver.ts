import { randomUUID } from 'node:crypto'
import type { Db } from '../../infra/db/client.ts'
import { pictureOf } from '../../strategies/runs/rows/reports.ts'
import { tellOwners } from '../../trading/events/tell-owners.ts'
import type { Parts } from '../../trading/parts.ts'
import { type Poster, PostFailed } from '../chat/door.ts'
import { type KeptPicture, type Picture, rowKey } from '../chat/reply.ts'
import { mergeBacklog } from './backlog.ts'
import { tellInstead } from './instead.ts'
import { type Lease, leaveConversation, postingMs, renew, takeConversation } from './lease.ts'
import { pauseAllowance } from './limits.ts'
import {
  beginTurn,
  giveUp,
  noteAgain,
  noteFailed,
  noteOutOfTable,
  notePosted,
  skipStaleEdit,
  type Turn,
  whatWaits,
} from './rows.ts'

/** The waits between attempts at one post, in milliseconds. The last one repeats. */
const backoffMs = [500, 1000, 2000, 5000, 10_000, 30_000]
/** The most attempts at an edit. */
const editAttempts = 4
/** After this many attempts (about twenty seconds) an urgent reply is also posted on another platform. */
const elsewhereAfter = 6
/** A confirmation that takes longer, in milliseconds, is repeated, because the process may have been suspended after it. */
const freshMs = 2000

/** The result of a conversation's turn. */
export interface TurnResult {
  /** The number of posts sent to the platform, without edits. */
  posts: number
  /** The wait before the next turn, in milliseconds. */
  againInMs?: number
  /** The turn used up its rows and more rows wait. */
  more?: 'urgent' | 'something'
  /** Other conversations that now have a message to post. */
  others: number[]
}

/** Posts the waiting rows of a conversation, up to `most` rows or all. */
export type Delivery = (conversationId: number, most?: number) => Promise<TurnResult>

/** The state of one turn. */
interface Stay {
  lease: Lease
  left: number
  posts: number
  others: Set<number>
}

/**
 * Creates the delivery of one door. It posts the waiting rows of a conversation in order, each once. If another poster holds
 * the conversation, it returns at once, because that poster also sees the new rows. Throws when the database does not
 * answer. The lease then still belongs to this process, so a later call continues without a wait.
 */
export function createDelivery(parts: Parts, poster: Poster): Delivery {
  const me = randomUUID()
  /** The conversations of running turns. A lease keeps out other processes only, so this set keeps out a second turn here. */
  const underway = new Set<number>()

  /** Posts until no row is left, the next row must wait, or the turn is over; undefined when the conversation is taken. */
  async function post(id: number, stay: Omit<Stay, 'lease'>): Promise<{ waitMs?: number } | undefined> {
    if (underway.has(id)) return undefined
    underway.add(id)
    let renewing: NodeJS.Timeout | undefined
    try {
      const lease = await takeConversation(parts.db, id, me)
      if (!lease) return undefined
      renewing = setInterval(() => stayOn(parts, lease), postingMs / 3)
      // Without a rate limit, single messages are as quick as a table.
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
    const done = (more: Partial<TurnResult> = {}) => ({ posts: stay.posts, others: [...stay.others], ...more })
    for (;;) {
      const posted = await post(id, stay)
      if (!posted) return done()
      if (posted.waitMs !== undefined) return done({ againInMs: Math.max(50, posted.waitMs) })
      // Another process may have queued a row after the last look and found the conversation taken.
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

/** Renews the lease during a turn, because a platform may make the poster wait longer than a lease lasts. */
function stayOn(parts: Parts, lease: Lease): void {
  renew(parts.db, lease).catch((cause) =>
    parts.log.warn({ err: cause, conversation: lease.conversationId }, 'the right to post could not be renewed'),
  )
}

/**
 * Renews the lease directly before a message is sent, so that it outlasts the request. Throws when another process holds it.
 * A process that was suspended during the renewal renews again.
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

/** Posts one row. Returns the milliseconds until the next attempt if it failed and the later rows must wait. */
async function postOne(parts: Parts, turn: Turn, stay: Stay, poster: Poster): Promise<number | undefined> {
  const { db, clock } = parts
  if (!turn.body) {
    await giveUpRow(parts, turn, stay, poster, 'what it says cannot be read')
    const ids = { reply: turn.id, conversation: stay.lease.conversationId, door: poster.door }
    await tellOwners(parts, `reply-${turn.id}-unreadable`, { kind: 'reply.unreadable', row: turn.id }, ids)
    return undefined
  }
  const { text, tone, actions, link, ping } = turn.body
  // A message that is posted anew tells nothing new, so it pings nobody.
  const again = { text, tone, actions, link }
  try {
    const { anew } = turn.body
    const isAnew = turn.kind === 'edit' && !poster.edit && anew !== undefined
    if (isAnew && (await skipStaleEdit(db, turn.id, true))) return undefined
    if (turn.kind === 'edit' && !isAnew) {
      if (!poster.edit || !(turn.edits || turn.isInTable)) await giveUp(db, turn.id, 'nothing to edit')
      else if (await skipStaleEdit(db, turn.id)) return undefined
      else if (turn.isInTable) await noteOutOfTable(db, turn.id, await send(again))
      else {
        stay.left -= 1
        await poster.edit(turn.edits!, { ...again, ping })
        await notePosted(db, turn.id, turn.edits!, clock.now())
      }
      return undefined
    }
    await send(isAnew ? { text: anew, tone } : turn.body)
    return undefined
  } catch (cause) {
    if (!(cause instanceof PostFailed)) throw cause
    if (cause.kind !== 'deleted' || !turn.edits || turn.edits.isAgain) return failed(parts, turn, stay, poster, cause)
    return postAgain()
  }

  /** Posts the text of an edit as a new message, once, because somebody has deleted the message. */
  async function postAgain(): Promise<number | undefined> {
    try {
      await noteAgain(db, turn.id, await send(again))
      return undefined
    } catch (cause) {
      if (!(cause instanceof PostFailed)) throw cause
      return failed(parts, turn, stay, poster, cause)
    }
  }

  async function send(reply: NonNullable<Turn['body']>) {
    const { lease } = stay
    const pictures = reply.kept ? await keptPictures(db, reply.kept) : []
    stay.left -= 1
    stay.posts += 1
    const posted = await poster.post({
      key: rowKey(turn.id),
      place: lease.place,
      reply,
      ...(pictures.length > 0 && { pictures }),
      attemptedAt: turn.attemptedAt,
      confirm: () => confirm(parts, lease),
    })
    for (const id of await notePosted(db, turn.id, posted, clock.now())) stay.others.add(id)
    return posted
  }
}

/** The picture of a reply; none where the machine could not draw it, or its run is gone. */
async function keptPictures(db: Db, { run, ...about }: KeptPicture): Promise<Picture[]> {
  const png = await pictureOf(db, run)
  return png ? [{ ...about, png }] : []
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
  // The process with the lease checks the row first and records its outcome.
  if (kind === 'taken') return undefined
  // A pause that the platform asks for says nothing about the edit, so it is no attempt.
  const isPaused = turn.kind === 'edit' && reach !== 'post'
  if (kind !== 'later' || (turn.kind === 'edit' && !isPaused && turn.attempts >= editAttempts)) {
    await giveUpRow(parts, turn, stay, poster, message)
    return undefined
  }
  const backoff = backoffMs[Math.min(turn.attempts, backoffMs.length) - 1]!
  const waitMs = reach === 'post' ? Math.max(backoff, retryAfterMs) : Math.max(1, retryAfterMs)
  if (reach !== 'post' && poster.pace) await pauseAllowance(db, stay.lease.place, poster.pace, reach, waitMs)
  await noteFailed(db, turn.id, message, new Date(clock.now().getTime() + waitMs), !isPaused)
  const isShut = turn.attempts >= elsewhereAfter || (reach === 'door' && waitMs >= 30_000)
  if (turn.urgent && isShut) {
    const told = await db.transaction().execute((trx) => tellInstead(trx, parts.owners, turn.id, message, true))
    for (const id of told) stay.others.add(id)
  }
  return waitMs
}

/** Gives a row up and logs it. An urgent row is sent to people instead. */
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
