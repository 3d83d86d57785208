import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { directInsert } from '../../accounts/rows/notify.ts'
import { endsTask, notifyText } from '../rules/background.ts'
import { type DeskEvent, eventText, urgencyOf } from '../rules/desk-event.ts'

/** An event that was appended: its id, absent when it was there already, and the conversations that now have something to post. */
export interface Appended {
  id?: number
  conversations: number[]
}

/** Appends an event, once for its key, and queues it for the conversations that watch its symbol. */
export async function appendEventRow(trx: Trx, event: DeskEvent): Promise<Appended> {
  const text = `👁 ${eventText(event)}`
  const { rows } = await sql<{ id: number | null; conversations: number[] }>`
    with event as (
      insert into desk_events
        (type, urgency, account_id, member_id, position_id, scaleout_id, conversation_id, symbol, data, dedupe_key, at)
      values (${event.type}, ${urgencyOf(event)}, ${event.accountId}, ${event.memberId}, ${event.positionId ?? null},
        ${event.scaleoutId ?? null}, ${event.conversationId ?? null}, ${event.symbol ?? null},
        ${JSON.stringify(event.data)}, ${event.dedupeKey ?? null}, ${event.at})
      on conflict (dedupe_key) do nothing
      returning id, account_id, member_id, symbol, conversation_id, scaleout_id
    ), watching as (
      insert into replies (conversation_id, account_id, kind, body, state)
      select w.conversation_id, w.account_id, 'post', ${JSON.stringify({ text })}::jsonb, 'queued'
      from watches w join event e on w.account_id = e.account_id and w.symbol = e.symbol
      where w.conversation_id is distinct from e.conversation_id
      returning conversation_id
    ), direct as ${directInsert(sql`select e.member_id, e.account_id, e.conversation_id, e.scaleout_id, ${endsTask(event)}::boolean as ends, ${notifyText(event)}::text as text from event e`)}
    select (select id from event) as id,
      array(select conversation_id::int from watching union select conversation_id::int from direct) as conversations`.execute(
    trx,
  )
  return { id: rows[0]?.id ?? undefined, conversations: rows[0]?.conversations ?? [] }
}

/** Appends an event as `appendEventRow` does, and answers with the conversations that now have something to post. */
export async function appendEvent(trx: Trx, event: DeskEvent): Promise<number[]> {
  return (await appendEventRow(trx, event)).conversations
}

/** The last events of a symbol in an account, oldest first. */
export async function lastEvents(
  db: Db,
  accountId: number,
  symbol: string,
  count: number,
): Promise<(Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]> {
  const rows = await db
    .selectFrom('desk_events')
    .select(['type', 'data', 'symbol', 'at'])
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .orderBy('id', 'desc')
    .limit(count)
    .execute()
  return rows.reverse() as (Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]
}

/** The last events of a position, oldest first. */
export async function lastEventsOfPosition(
  db: Db,
  position: { id: number; accountId: number; symbol: string },
  count: number,
): Promise<(Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]> {
  const rows = await db
    .selectFrom('desk_events')
    .select(['type', 'data', 'symbol', 'at'])
    .where('account_id', '=', position.accountId)
    .where('symbol', '=', position.symbol)
    .where('position_id', '=', position.id)
    .orderBy('id', 'desc')
    .limit(count)
    .execute()
  return rows.reverse() as (Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]
}
