import { sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { DoorName } from '../../talk/chat/place.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import { editRow } from '../../trading/events/rows/replies.ts'
import { isReadable } from '../../trading/events/rules/stored-event.ts'
import { isAboutSource, isWatchType, type WatchEvent } from '../../trading/events/rules/watch-event.ts'
import type { Held } from '../../trading/positions/rules/describe.ts'
import type { WatchSentences } from '../notices.ts'
import type { WatchParts } from '../parts.ts'
import { lastPrice } from './last-price.ts'
import type { LoggedEvent } from './route.ts'

/** A posted message that counts the repeats of its event. */
export interface RunningMessage {
  id: number
  conversationId: number
  accountId: number
  replyId: number
  body: WatchSentences
  /** The position that the alert is about, as it is now; absent when it is about none. */
  position?: Held
  count: number
  lastPrice?: string
  beganAt: Date
}

/** On some platforms an edit removes the buttons of a question. An edit waits until the question closes, in milliseconds. */
const questionMs = 2 * 60_000

/** Doors that cannot edit messages. There the count is posted as a new message after the window. */
const cannotEdit: DoorName[] = ['terminal']

/**
 * The key of a repeat: the same event type for the same position (else symbol, else account). Each outage of a source is told with
 * its own facts.
 */
function subjectOf(event: LoggedEvent): string {
  const watched = isWatchType(event.type) && isReadable(event) ? (event as WatchEvent) : undefined
  const outage = watched && isAboutSource(watched) ? `${watched.data.source} since ${watched.data.since}` : undefined
  return `${outage ?? event.positionId ?? event.symbol ?? 'account'} ${event.type}`
}

/** The running message with the same subject that began after `since`; undefined when there is none. */
export async function runningMessage(
  trx: Trx,
  event: LoggedEvent,
  conversationId: number,
  since: Date,
): Promise<RunningMessage | undefined> {
  const row = await messages(trx)
    .where('m.conversation_id', '=', conversationId)
    .where('m.account_id', '=', event.accountId)
    .where('m.subject', '=', subjectOf(event))
    .where('m.began_at', '>', since)
    .orderBy('m.began_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && asMessage(row)
}

/** The part of a statement that makes the row inserted as `reply` the running message of an event. */
export function messageInsert(event: LoggedEvent, conversationId: number, at: Date) {
  return sql<never>`(
    insert into alert_messages (conversation_id, account_id, subject, reply_id, began_at, last_at)
    select ${conversationId}::bigint, ${event.accountId}::bigint, ${subjectOf(event)}, id, ${at}::timestamptz, ${at}::timestamptz
    from reply)`
}

/** Counts one more repeat. Returns whether the message with its new count is queued to post now. */
export async function countRepeat(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  running: RunningMessage,
  event: LoggedEvent,
  door: DoorName,
  at: Date,
): Promise<boolean> {
  const counted = { ...running, count: running.count + 1, lastPrice: lastPrice(event) }
  await trx
    .updateTable('alert_messages')
    .set({ count: counted.count, last_price: counted.lastPrice ?? null, last_at: at })
    .where('id', '=', running.id)
    .execute()
  const isOpen = running.body.question !== undefined && at.getTime() < running.beganAt.getTime() + questionMs
  if (cannotEdit.includes(door) || isOpen) return false
  await say(trx, parts, counted, door, at)
  return true
}

/**
 * Queues the counts that had to wait: a new message after the window where messages cannot be edited, and an edit where
 * a question was open. Returns the conversations with a message to post.
 */
export async function sayCounts(
  parts: Pick<WatchParts, 'db' | 'wording'>,
  windowMs: number,
  at: Date,
): Promise<number[]> {
  const { db } = parts
  const before = (ms: number) => new Date(at.getTime() - ms)
  const due = await messages(db)
    .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
    .select(sql<DoorName>`c.place ->> 'door'`.as('door'))
    .where(sql<boolean>`m.said < m.count`)
    .where('m.began_at', '<=', before(Math.min(questionMs, windowMs)))
    .execute()
  const said = due
    .filter((row) => !cannotEdit.includes(row.door) || row.began_at <= before(windowMs))
    .map((row) =>
      db.transaction().execute(async (trx) => {
        const locked = messages(trx).where('m.id', '=', row.id).where(sql<boolean>`m.said < m.count`)
        const still = await locked.forUpdate('m').skipLocked().executeTakeFirst()
        if (still) await say(trx, parts, asMessage(still), row.door, at)
        return still ? [still.conversation_id] : []
      }),
    )
  return (await Promise.all(said)).flat()
}

/**
 * Queues a count. A new message tells of the position as it is now, and is left out when the position is closed. An edit leaves a
 * question out: it is closed by now.
 */
async function say(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  message: RunningMessage,
  door: DoorName,
  at: Date,
): Promise<void> {
  const { conversationId, accountId, replyId, body, position, count, lastPrice } = message
  const isNew = cannotEdit.includes(door)
  const now = isNew || body.question ? position : undefined
  const notice = { kind: 'event.repeated' as const, alert: body.text, count, lastPrice, now }
  if (isNew) {
    const isOver = position?.signedQuantity.eq(0)
    if (!isOver) await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
  } else {
    const edit = editRow({ conversationId, accountId }, replyId, { text: parts.wording(notice).text, tone: body.tone })
    await trx.insertInto('replies').values(edit).execute()
  }
  await trx.updateTable('alert_messages').set({ said: count }).where('id', '=', message.id).execute()
}

const messages = (db: Db) =>
  db
    .selectFrom('alert_messages as m')
    .innerJoin('replies as r', 'r.id', 'm.reply_id')
    .leftJoin('positions as p', 'p.id', 'r.position_id')
    .select([
      'm.id',
      'm.conversation_id',
      'm.account_id',
      'm.reply_id',
      'm.count',
      'm.last_price',
      'm.began_at',
      'r.body',
      'p.symbol',
      'p.signed_quantity',
      'p.open_cost',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof messages>['executeTakeFirstOrThrow']>>

const asMessage = (row: Row): RunningMessage => ({
  ...{ id: row.id, conversationId: row.conversation_id, accountId: row.account_id },
  ...{ replyId: row.reply_id, body: row.body, count: row.count },
  ...{ lastPrice: row.last_price ?? undefined, beganAt: row.began_at },
  ...(row.symbol !== null && {
    position: {
      symbol: row.symbol,
      signedQuantity: new Big(row.signed_quantity!),
      openCost: new Big(row.open_cost!),
    },
  }),
})
