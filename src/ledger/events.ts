import { sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import { type DeskEvent, eventText, urgencyOf } from '../events/desk-event.ts'

/**
 * Appends an event and queues it for the conversations that watch its symbol. Answers with the conversations that now
 * have something to post; empty when the event was already there.
 */
export async function appendEvent(trx: Trx, event: DeskEvent): Promise<number[]> {
  const text = `👁 ${eventText(event)}`
  const { rows } = await sql<{ conversation_id: number }>`
    with event as (
      insert into desk_events
        (type, urgency, account_id, member_id, position_id, scaleout_id, conversation_id, symbol, data, dedupe_key, at)
      values (${event.type}, ${urgencyOf(event)}, ${event.accountId}, ${event.memberId}, ${event.positionId},
        ${event.scaleoutId ?? null}, ${event.conversationId}, ${event.symbol}, ${JSON.stringify(event.data)},
        ${event.dedupeKey ?? null}, ${event.at})
      on conflict (dedupe_key) do nothing
      returning account_id, symbol, conversation_id
    )
    insert into replies (conversation_id, kind, body, state)
    select w.conversation_id, 'post', ${JSON.stringify({ text })}::jsonb, 'queued'
    from watches w join event e on w.account_id = e.account_id and w.symbol = e.symbol
    where w.conversation_id <> e.conversation_id
    returning conversation_id`.execute(trx)
  return rows.map((row) => row.conversation_id)
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
