import { sql } from 'kysely'
import type { DoorName, Place } from '../chat/place.ts'
import { inAccount, type Posted, type Reply } from '../chat/reply.ts'
import type { Db } from '../db/client.ts'
import { keepAccount } from '../ledger/accounts.ts'
import { conversationOf, nameSymbol } from '../ledger/members.ts'
import { groupAnnouncedBy, moveGroup } from '../ledger/scaleout-groups.ts'
import { liveStates } from '../trading/order-lifecycle.ts'

/** A poster that has not renewed its right for this long has died; another may post in the conversation. */
export const postingMs = 15_000

/** A row of the outbox whose turn it is. */
export interface Turn {
  id: number
  kind: 'post' | 'edit'
  /** With the account that it is about, where its member has more than one. */
  body: Reply
  attempts: number
  /** When an earlier attempt began whose outcome is not known. */
  attemptedAt?: Date
  /** For an edit: what was posted; absent when it never was. */
  edits?: Posted
}

/** Takes the sole right to post in a conversation; undefined when somebody else has it. */
export async function takeConversation(db: Db, id: number, poster: string, at: Date): Promise<Place | undefined> {
  const row = await db
    .updateTable('conversations')
    .set({ posting_by: poster, posting_until: new Date(at.getTime() + postingMs) })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('posting_until', 'is', null), eb('posting_until', '<', at), eb('posting_by', '=', poster)]),
    )
    .returning('place')
    .executeTakeFirst()
  return row?.place
}

/** Gives the right to post back. */
export async function leaveConversation(db: Db, id: number, poster: string): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ posting_by: null, posting_until: null })
    .where('id', '=', id)
    .where('posting_by', '=', poster)
    .execute()
}

/**
 * Begins the next row of a conversation, what is urgent first and otherwise in order: marks it as being posted, so that a successor knows that it may be
 * out. Answers with a time instead when the next row has to wait, and with undefined when there is none.
 */
export async function beginTurn(db: Db, conversationId: number, at: Date): Promise<Turn | Date | undefined> {
  const { rows } = await sql<{
    id: number
    kind: 'post' | 'edit'
    body: Reply
    label: string | null
    attempts: number
    attempted_at: Date | null
    wait_until: Date | null
    edits: Posted | null
  }>`
    with next as (
      select id, state, attempted_at, greatest(leased_until, next_attempt_at) as wait_until
      from replies where conversation_id = ${conversationId} and state in ('queued', 'posting')
      order by urgent desc, id limit 1
    ), begun as (
      update replies set state = 'posting', attempts = attempts + 1, attempted_at = ${at}
      from next where replies.id = next.id and (next.wait_until is null or next.wait_until <= ${at})
      returning replies.id, replies.kind, replies.body, replies.edits, replies.attempts, replies.account_id
    )
    select next.id, begun.kind, begun.body, begun.attempts, next.wait_until, l.label,
      case when next.state = 'posting' then next.attempted_at end as attempted_at, edited.posted as edits
    from next left join begun on begun.id = next.id left join replies edited on edited.id = begun.edits
    left join account_labels l on l.account_id = begun.account_id`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  if (row.kind === null) return row.wait_until ?? new Date(at.getTime() + 1000)
  return {
    id: row.id,
    kind: row.kind,
    body: inAccount(row.body, row.label ?? undefined),
    attempts: row.attempts,
    attemptedAt: row.attempted_at ?? undefined,
    edits: row.edits ?? undefined,
  }
}

/**
 * Notes that a row is out, and where. When the announcement of a scaleout, or of several, opened a thread, they and what
 * they still have to say move there. Answers with the conversations in which rows now wait.
 */
export async function notePosted(db: Db, row: number, posted: Posted, at: Date): Promise<number[]> {
  const done = await db
    .updateTable('replies')
    .set({ state: 'posted', posted: JSON.stringify(posted), posted_at: at, leased_until: null })
    .where('id', '=', row)
    .where('state', 'in', ['queued', 'posting'])
    .returning(['conversation_id', 'scaleout_id', 'body'])
    .executeTakeFirst()
  if (!done) return []
  if (!done.body.thread) return [done.conversation_id]
  const group = done.scaleout_id === null ? await groupAnnouncedBy(db, row) : undefined
  if (done.scaleout_id === null && group === undefined) return [done.conversation_id]
  const thread = await conversationOf(db, posted.place)
  if (thread === done.conversation_id) return [thread]
  if (group !== undefined) await moveGroup(db, group, thread)
  else await moveScaleout(db, done.scaleout_id!, thread)
  return [done.conversation_id, thread]
}

async function moveScaleout(db: Db, scaleoutId: number, conversationId: number): Promise<void> {
  const moved = await db
    .updateTable('scaleouts')
    .set({ conversation_id: conversationId })
    .where('id', '=', scaleoutId)
    .returning(['symbol', 'account_id'])
    .executeTakeFirstOrThrow()
  await nameSymbol(db, conversationId, moved.symbol)
  await keepAccount(db, moved.account_id, conversationId)
  await db
    .updateTable('replies')
    .set({ conversation_id: conversationId })
    .where('scaleout_id', '=', scaleoutId)
    .where('state', '=', 'queued')
    .execute()
}

/** A row is tried again later. Its outcome stays unknown until then. */
export async function noteFailed(db: Db, row: number, because: string, nextAttemptAt: Date): Promise<void> {
  await db
    .updateTable('replies')
    .set({ next_attempt_at: nextAttemptAt, failed_because: because })
    .where('id', '=', row)
    .execute()
}

/** A row is given up: its place is gone, or there is nothing left to edit. */
export async function giveUp(db: Db, row: number, because: string): Promise<void> {
  await db.updateTable('replies').set({ state: 'failed', failed_because: because }).where('id', '=', row).execute()
}

/** An edit that a later edit of the same message makes pointless is skipped; where it is posted `anew`, one that is posted anew as well. Answers whether it was. */
export async function skipStaleEdit(db: Db, row: number, anew = false): Promise<boolean> {
  const skipped = await db
    .updateTable('replies as r')
    .set({ state: 'posted', failed_because: 'a later edit says more' })
    .where('r.id', '=', row)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('replies as later')
          .select('later.id')
          .whereRef('later.edits', '=', 'r.edits')
          .whereRef('later.id', '>', 'r.id')
          .where('later.state', '=', 'queued')
          .$if(anew, (later) => later.where(sql<boolean>`later.body ? 'anew'`)),
      ),
    )
    .returning('r.id')
    .executeTakeFirst()
  return skipped !== undefined
}

/** Does anything wait in a conversation? */
export async function anythingWaits(db: Db, conversationId: number): Promise<boolean> {
  const row = await db
    .selectFrom('replies')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', ['queued', 'posting'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Conversations in which something waits whose time has come; for the sweep. */
export async function conversationsThatWait(db: Db, at: Date): Promise<{ id: number; place: Place }[]> {
  return db
    .selectFrom('conversations as c')
    .select(['c.id', 'c.place'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('replies as r')
          .select('r.id')
          .whereRef('r.conversation_id', '=', 'c.id')
          .where('r.state', 'in', ['queued', 'posting'])
          .where((inner) => inner.or([inner('r.leased_until', 'is', null), inner('r.leased_until', '<=', at)]))
          .where((inner) => inner.or([inner('r.next_attempt_at', 'is', null), inner('r.next_attempt_at', '<=', at)])),
      ),
    )
    .where((eb) => eb.or([eb('c.posting_until', 'is', null), eb('c.posting_until', '<', at)]))
    .execute()
}

/** A door could not post a row that was its own to post: it may be out all the same, so the outbox looks first. Answers with its conversation. */
export async function releaseRow(db: Db, row: number, at: Date): Promise<number[]> {
  const released = await db
    .updateTable('replies')
    .set({ leased_until: null, state: 'posting', attempted_at: at })
    .where('id', '=', row)
    .where('state', 'in', ['queued', 'posting'])
    .returning('conversation_id')
    .execute()
  return released.map((one) => one.conversation_id)
}

/** An order for later that has more time than this, or one at the market that has waited for longer, is not waited for by whoever reads a script to its end. */
const soon = '10 minutes'

/** Has a door nothing left to do: no scaleout that was asked for there runs, no order at the market waits to be filled, no order for later is soon due, nothing is being closed at once, and all that it had to say is out? */
export async function isIdle(db: Db, door: DoorName): Promise<boolean> {
  const { rows } = await sql`
    select from conversations c where c.place ->> 'door' = ${door} and (
      exists (select from scaleouts s where s.conversation_id = c.id and s.state in ('running', 'paused'))
      or exists (select from scheduled_orders o where o.conversation_id = c.id and (o.state = 'running'
        or o.state = 'waiting' and least(o.due_at, o.expires_at, o.touched_at) < now() + ${soon}::interval))
      or exists (select from desk_events e
        where e.conversation_id = c.id and e.urgency = 'CRITICAL' and e.settled_at is null)
      or exists (select from unfinished_closes u where u.conversation_id = c.id)
      or exists (select from orders o where o.conversation_id = c.id and o.limit_price is null
        and o.state = any(${[...liveStates]}::text[]) and o.created_at > now() - ${soon}::interval)
      or exists (select from replies r where r.conversation_id = c.id and r.state in ('queued', 'posting')))
    limit 1`.execute(db)
  return rows.length === 0
}
