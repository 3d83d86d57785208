import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import { keepAccount } from '../../trading/accounts/rows/accounts.ts'
import { conversationOf, nameSymbol } from '../../trading/accounts/rows/members.ts'
import { liveStates } from '../../trading/orders/rules/order-lifecycle.ts'
import { groupAnnouncedBy, moveGroup } from '../../trading/scaleouts/rows/scaleout-groups.ts'
import { type DoorName, isShared, type Place } from '../chat/place.ts'
import { inAccount, type Posted, type Reply } from '../chat/reply.ts'
import { readBody } from './body.ts'
import { held, isFree, type Lease } from './lease.ts'

/** The most conversations in one query. */
const mostAtOnce = 1000

/** The next row of the outbox to post. */
export interface Turn {
  id: number
  kind: 'post' | 'edit'
  /** The reply, with the name of its member if it wants that, and of the account if the member has several. Undefined when it cannot be read. */
  body: Reply | undefined
  urgent: boolean
  attempts: number
  /** The start of an earlier attempt with an unknown outcome. */
  attemptedAt?: Date
  /** For an edit: the posted message; absent when it was never posted. */
  edits?: Posted
  /** For an edit: the original was posted as a line of a table. The table itself is not edited. */
  isInTable: boolean
}

/**
 * Begins the next row of a conversation: urgent rows first, then in order, the older tables of a backlog last. One statement
 * checks the lease and marks the row as `posting`, so that a successor knows that the row may be out. Returns milliseconds
 * when the next row must wait, and undefined when there is no row or another poster has the lease.
 */
export async function beginTurn(db: Db, lease: Lease, at: Date): Promise<Turn | number | undefined> {
  const { rows } = await sql<{
    id: number
    kind: 'post' | 'edit' | null
    body: unknown
    urgent: boolean
    label: string | null
    member: string | null
    attempts: number
    attempted_at: Date | null
    wait: number
    edits: Posted | null
    edited: unknown
    is_in_table: boolean
  }>`
    with held as ${held(lease)}, next as (
      select id, state, urgent, attempted_at, greatest(0,
        extract(epoch from leased_until - clock_timestamp()), extract(epoch from next_attempt_at - ${at}::timestamptz)) * 1000 as wait
      from replies where conversation_id = (select id from held) and state in ('queued', 'posting')
      order by urgent desc, late, id limit 1
    ), begun as (
      update replies set state = 'posting', attempts = attempts + 1, attempted_at = clock_timestamp()
      from next where replies.id = next.id and next.wait <= 0 and replies.state in ('queued', 'posting')
      returning replies.id, replies.kind, replies.body, replies.edits, replies.attempts, replies.account_id
    )
    select next.id, next.urgent, begun.kind, begun.body, begun.attempts, next.wait::float8 as wait, l.label,
      case when (coalesce(edited.body, begun.body) ->> 'ofMember')::boolean then m.name end as member,
      case when next.state = 'posting' then next.attempted_at end as attempted_at, edited.posted as edits, edited.body as edited,
      coalesce(edited.merged_into is not null, false) as is_in_table
    from next left join begun on begun.id = next.id left join replies edited on edited.id = begun.edits
    left join account_labels l on l.account_id = begun.account_id
    left join accounts a on a.id = begun.account_id left join members m on m.id = a.member_id`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  if (row.kind === null) return Math.max(1, Math.ceil(row.wait))
  const body = bodyOf(row.body, row.edited)
  return {
    id: row.id,
    kind: row.kind,
    body:
      body && inAccount(body, row.label ?? undefined, isShared(lease.place) ? (row.member ?? undefined) : undefined),
    urgent: row.urgent,
    attempts: row.attempts,
    attemptedAt: row.attempted_at ?? undefined,
    edits: row.edits ?? undefined,
    isInTable: row.is_in_table,
  }
}

/** The body of a row. An edit keeps the buttons, the link and the mention of the message that it edits. */
function bodyOf(body: unknown, edited: unknown): Reply | undefined {
  const said = readBody(body)
  const { actions, link, ping } = readBody(edited) ?? {}
  return said && { ...(actions && { actions }), ...(link && { link }), ...(ping && { ping }), ...said }
}

/**
 * Marks a row as posted, with its place. If the announcement of a scaleout or a group opened a thread, the scaleouts and their
 * queued replies move there first: until the announcement is marked, the rows behind it wait, so none of them is posted in
 * the channel. Returns the conversations in which rows may wait now.
 */
export async function notePosted(db: Db, row: number, posted: Posted, at: Date): Promise<number[]> {
  const waiting = await db
    .selectFrom('replies')
    .select(['conversation_id', 'scaleout_id', 'body'])
    .where('id', '=', row)
    .where('state', 'in', ['queued', 'posting'])
    .executeTakeFirst()
  if (!waiting) return []
  const thread = waiting.body.thread ? await moveToThread(db, row, waiting, posted.place) : undefined
  await db
    .updateTable('replies')
    .set({ state: 'posted', posted: JSON.stringify(posted), posted_at: at, leased_until: null })
    .where('id', '=', row)
    .where('state', 'in', ['queued', 'posting'])
    .execute()
  await noteTold(db, row, posted, at)
  return [...new Set([waiting.conversation_id, thread ?? waiting.conversation_id])]
}

/** Moves the scaleouts that a row announces to the thread that it opened. Returns the thread's conversation if anything moved. */
async function moveToThread(
  db: Db,
  row: number,
  from: { conversation_id: number; scaleout_id: number | null },
  place: Place,
): Promise<number | undefined> {
  const group = from.scaleout_id === null ? await groupAnnouncedBy(db, row) : undefined
  if (from.scaleout_id === null && group === undefined) return undefined
  const thread = await conversationOf(db, place)
  if (thread === from.conversation_id) return undefined
  if (group !== undefined) await moveGroup(db, group, thread)
  else await moveScaleout(db, from.scaleout_id!, thread)
  return thread
}

/** Marks the rows of a table as posted. */
async function noteTold(db: Db, table: number, posted: Posted, at: Date): Promise<void> {
  await db
    .updateTable('replies')
    .set({ state: 'posted', posted: JSON.stringify(posted), posted_at: at })
    .where('merged_into', '=', table)
    .where('state', '=', 'merged')
    .execute()
}

/** Records that an edit of a table's row was posted as a message of its own. Later edits replace that message. */
export async function noteOutOfTable(db: Db, edit: number, posted: Posted): Promise<void> {
  await sql`update replies set state = 'posted', posted = ${JSON.stringify(posted)}::jsonb, merged_into = null
    where id = (select edits from replies where id = ${edit})`.execute(db)
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

/** Records that the message of an edit was posted again. Later edits replace the new message. */
export async function noteAgain(db: Db, edit: number, posted: Posted): Promise<void> {
  await sql`update replies set posted = ${JSON.stringify({ ...posted, isAgain: true })}::jsonb
    where id = (select edits from replies where id = ${edit})`.execute(db)
}

/**
 * Schedules the next attempt at a row. The outcome of the last attempt stays unknown; it is counted unless `counts` is
 * false.
 */
export async function noteFailed(
  db: Db,
  row: number,
  because: string,
  nextAttemptAt: Date,
  counts = true,
): Promise<void> {
  await db
    .updateTable('replies')
    .set({ next_attempt_at: nextAttemptAt, failed_because: because })
    .$if(!counts, (update) => update.set({ attempts: sql<number>`attempts - 1` }))
    .where('id', '=', row)
    .execute()
}

/** Gives up a row and the rows merged into it, because its place is gone or there is nothing to edit. */
export async function giveUp(db: Db, row: number, because: string): Promise<void> {
  await db
    .updateTable('replies')
    .set({ state: 'failed', failed_because: because })
    .where((eb) => eb.or([eb('id', '=', row), eb('merged_into', '=', row)]))
    .where('state', 'in', ['queued', 'posting', 'merged'])
    .execute()
}

/**
 * Skips an edit if a later edit of the same message waits; with `anew`, only a later edit that is also posted anew counts.
 * Returns whether it was skipped.
 */
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

/** Tells whether rows wait in a conversation and whether one is urgent; undefined when none waits. */
export async function whatWaits(db: Db, conversationId: number): Promise<'urgent' | 'something' | undefined> {
  const row = await db
    .selectFrom('replies')
    .select('urgent')
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', ['queued', 'posting'])
    .orderBy('urgent', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && (row.urgent ? 'urgent' : 'something')
}

/** The conversations with rows that may be posted now, those with urgent rows first; for the sweep. */
export async function conversationsThatWait(
  db: Db,
  at: Date,
): Promise<{ id: number; place: Place; urgent: boolean }[]> {
  const { rows } = await sql<{ id: number; place: Place; urgent: boolean }>`
    select c.id, c.place, w.urgent from conversations c join (
      select conversation_id, bool_or(urgent) as urgent from replies
      where state in ('queued', 'posting') and (leased_until is null or leased_until <= now())
        and (next_attempt_at is null or next_attempt_at <= ${at})
      group by conversation_id) w on w.conversation_id = c.id
    where ${isFree(sql.ref('c.posting_until'))}
    order by w.urgent desc, c.id`.execute(db)
  return rows
}

/** The conversations of a door with urgent rows that may be posted now. */
export async function urgentConversations(db: Db, door: DoorName, at: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct c.id from replies r join conversations c on c.id = r.conversation_id
    where r.urgent and r.state in ('queued', 'posting') and c.place ->> 'door' = ${door}
      and (r.leased_until is null or r.leased_until <= now()) and (r.next_attempt_at is null or r.next_attempt_at <= ${at})
      and ${isFree(sql.ref('c.posting_until'))}
    limit ${mostAtOnce}`.execute(db)
  return rows.map(({ id }) => id)
}

/** `isIdle` ignores scheduled orders that are due later than this, and market orders that have waited longer. */
const soon = '10 minutes'

/**
 * Is a door idle? No scaleout of it runs, no recent market order waits for its fill, no scheduled order is due soon, no close is
 * under way, no strategy run is told there, and no reply waits.
 */
export async function isIdle(db: Db, door: DoorName): Promise<boolean> {
  const { rows } = await sql`
    select from conversations c where c.place ->> 'door' = ${door} and (
      exists (select from scaleouts s where s.conversation_id = c.id and s.state in ('running', 'paused'))
      or exists (select from scheduled_orders o where o.conversation_id = c.id and (o.state = 'running'
        or o.state = 'waiting' and least(o.due_at, o.expires_at, o.touched_at) < now() + ${soon}::interval))
      or exists (select from desk_events e
        where e.conversation_id = c.id and e.urgency = 'CRITICAL' and e.settled_at is null)
      or exists (select from unfinished_closes u where u.conversation_id = c.id)
      or exists (select from orders o where o.conversation_id = c.id and o.limit_price is null and o.stop_price is null
        and o.state = any(${[...liveStates]}::text[]) and o.created_at > now() - ${soon}::interval)
      or exists (select from strategy_runs s where s.conversation_id = c.id and s.ended_at is null)
      or exists (select from replies r where r.conversation_id = c.id and r.state in ('queued', 'posting')))
    limit 1`.execute(db)
  return rows.length === 0
}
