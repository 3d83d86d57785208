import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Reply } from '../../../talk/chat/reply.ts'

/** A door that heard a message posts the answer itself; after this long without word from it, the outbox does. */
const leaseMs = 30_000

/** By the database's clock: those of the processes differ, and a lease that is long over for one is new for another. */
const leased = sql<Date>`clock_timestamp() + ${`${leaseMs} milliseconds`}::interval`

/** Who posts a reply: the outbox, or the door that heard the message that it answers. */
export type PostedBy = 'outbox' | 'door'

/** Where a reply goes, and what it is about. */
export interface ReplyTo {
  conversationId: number
  /** The account that it is about: whoever posts it says so, where its member has more than one. */
  accountId?: number
  scaleoutId?: number
  urgent?: boolean
  /** Of an alert about an open position: it is of no use in a backlog once the position has ended. */
  positionId?: number
}

/** Queues a reply in the outbox, in the transaction of what it tells about. Answers with the reply and its row. An urgent one is posted before what waits. */
export async function queueReply(
  trx: Trx,
  to: ReplyTo & { at: Date },
  reply: Reply,
  postedBy: PostedBy,
): Promise<Reply & { row: number }> {
  const { id } = await trx
    .insertInto('replies')
    .values({
      ...postRow(to, reply),
      // A door that dies may have posted the row without saying so: its successor has to look first.
      ...(postedBy === 'door'
        ? { state: 'posting', attempted_at: sql<Date>`clock_timestamp()`, leased_until: leased }
        : {}),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...reply, row: id }
}

/** A row of the outbox that is to be posted. */
export function postRow(to: ReplyTo, reply: Reply) {
  return {
    conversation_id: to.conversationId,
    account_id: to.accountId,
    scaleout_id: to.scaleoutId,
    urgent: to.urgent ?? false,
    position_id: to.positionId,
    kind: 'post' as const,
    // Pictures are for the door that heard; who posts the row later has the text, which stands for itself.
    body: JSON.stringify({ ...reply, pictures: undefined }),
    state: 'queued' as const,
  }
}

/** A row of the outbox with a new text for a message that another row posted, or will have posted by then; `anew` is posted where it cannot be edited. */
export function editRow(to: Omit<ReplyTo, 'urgent' | 'positionId'>, edits: number, text: string, anew?: string) {
  return { ...postRow(to, { text, anew }), kind: 'edit' as const, edits }
}

/** A door could not post a row that was its own to post: it may be out all the same, so the outbox looks first. Answers with its conversation. */
export async function releaseRow(db: Db, row: number): Promise<number[]> {
  const released = await db
    .updateTable('replies')
    .set({ leased_until: null, state: 'posting', attempted_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', row)
    .where('state', 'in', ['queued', 'posting'])
    .returning('conversation_id')
    .execute()
  return released.map((one) => one.conversation_id)
}
