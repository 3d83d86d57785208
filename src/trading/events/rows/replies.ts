import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Reply } from '../../../talk/chat/reply.ts'

/**
 * The door that heard a message posts the answer itself. After this many milliseconds without word from it, the outbox does.
 */
const leaseMs = 30_000

/**
 * Uses the database's clock, since the clocks of processes differ: one could see a lease as new that has long expired for
 * another.
 */
const leased = sql<Date>`clock_timestamp() + ${`${leaseMs} milliseconds`}::interval`

/** The poster of a reply: the outbox, or the door that heard the message. */
export type PostedBy = 'outbox' | 'door'

/** The conversation and the subject of a reply. */
export interface ReplyTo {
  conversationId: number
  /** The account of the reply. The poster shows its name when the member has several. */
  accountId?: number
  scaleoutId?: number
  urgent?: boolean
  /** Set for an alert about an open position: a backlog drops the alert once the position has ended. */
  positionId?: number
}

/**
 * Queues a reply in the outbox, in the transaction of the act that it tells about. Returns the reply with its row. An urgent
 * reply is posted before all waiting ones.
 */
export async function queueReply(
  trx: Trx,
  to: ReplyTo & { at: Date },
  reply: Reply,
  postedBy: PostedBy,
): Promise<Reply & { row: number }> {
  const { id } = await trx
    .insertInto('replies')
    .values({
      ...postRow(to, reply, postedBy),
      // A door that dies may have posted the row without saying so, so its successor looks first.
      ...(postedBy === 'door'
        ? { state: 'posting', attempted_at: sql<Date>`clock_timestamp()`, leased_until: leased }
        : {}),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...reply, row: id }
}

/** Leaves out rows that were queued for a door and that it does not post, because later news says more. */
export async function leaveOut(db: Db, rows: readonly number[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .updateTable('replies')
    .set({ state: 'left_out', leased_until: null })
    .where(sql<boolean>`id = any(${[...rows]}::bigint[])`)
    .where('state', '=', 'posting')
    .execute()
}

/**
 * An outbox row with a new post. If the outbox takes over from a door, it posts the text of the door: the platform may know the
 * message by it.
 */
export function postRow(to: ReplyTo, reply: Reply, postedBy: PostedBy = 'outbox') {
  const isOfMember = reply.ofMember === 'always' || (reply.ofMember === 'later' && postedBy === 'outbox')
  return {
    conversation_id: to.conversationId,
    account_id: to.accountId,
    scaleout_id: to.scaleoutId,
    urgent: to.urgent ?? false,
    position_id: to.positionId,
    kind: 'post' as const,
    // Only the door that heard the message posts the pictures. The text stands for itself when the row is posted later.
    body: JSON.stringify({ ...reply, pictures: undefined, ofMember: isOfMember || undefined }),
    state: 'queued' as const,
  }
}

/**
 * An outbox row that edits the message of another row, which is posted before it. `anew` is posted where the message cannot be
 * edited.
 */
export function editRow(
  to: Omit<ReplyTo, 'urgent' | 'positionId'>,
  edits: number,
  reply: Pick<Reply, 'text' | 'tone' | 'anew'>,
) {
  return { ...postRow(to, reply), kind: 'edit' as const, edits }
}

/**
 * Releases a row that its door could not post. The message may be out all the same, so the outbox looks first. Returns the
 * row's conversation. `isUnheard`: no door has heard anything that the row could follow, so it names its member among several people.
 */
export async function releaseRow(db: Db, row: number, isUnheard = false): Promise<number[]> {
  const released = await db
    .updateTable('replies')
    .set({ leased_until: null, state: 'posting', attempted_at: sql<Date>`clock_timestamp()` })
    .$if(isUnheard, (update) => update.set({ body: sql`body || '{"ofMember": true}'` }))
    .where('id', '=', row)
    .where('state', 'in', ['queued', 'posting'])
    .returning('conversation_id')
    .execute()
  return released.map((one) => one.conversation_id)
}

/**
 * Leaves rows that were queued for a door to the outbox: they were queued for a conversation in which nobody waits for an answer.
 * Returns their conversations.
 */
export async function leaveToOutbox(db: Db, rows: readonly number[]): Promise<number[]> {
  if (rows.length === 0) return []
  const left = await db
    .updateTable('replies')
    .set({ leased_until: null, state: 'queued', attempted_at: null })
    .where(sql<boolean>`id = any(${[...rows]}::bigint[])`)
    .where('state', '=', 'posting')
    .returning('conversation_id')
    .execute()
  return left.map((one) => one.conversation_id)
}

/** Lets rows that wait say which questions are settled: the door takes their buttons away when it posts them. */
export async function noteSettled(db: Db, rows: readonly number[], questionIds: readonly string[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update replies set body = body || ${JSON.stringify({ settled: questionIds })}::jsonb
    where id = any(${[...rows]}::bigint[]) and state in ('queued', 'posting')`.execute(db)
}

/** A message of a conversation as it is now: edits of it count. */
export interface KeptMessage {
  id: number
  body: Reply
  createdAt: Date
}

/** Messages of a conversation, the newest first; only those before an id, if given. */
export async function messagesIn(
  db: Db,
  conversationId: number,
  { before, most }: { before?: number; most: number },
): Promise<KeptMessage[]> {
  const { rows } = await sql<{ id: number; body: Reply; edited: Reply | null; created_at: Date }>`
    select r.id, r.body, r.created_at, (select e.body from replies e where e.edits = r.id order by e.id desc limit 1) as edited
    from replies r
    where r.conversation_id = ${conversationId} and r.kind = 'post' and r.state in ('queued', 'posting', 'posted', 'failed')
      and (${before ?? null}::bigint is null or r.id < ${before ?? null})
    order by r.id desc limit ${most}`.execute(db)
  return rows.map(({ id, body, edited, created_at }) => ({ id, body: edited ?? body, createdAt: created_at }))
}
