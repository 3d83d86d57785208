import { type RawBuilder, sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { WatchParts } from '../parts.ts'
import type { Ended } from './notices.ts'
import { type LoggedEvent, tellingIn } from './route.ts'

/**
 * Tells the channels that heard of a touched level, or of the breaker, how it ended, once each. The thread of the position and
 * the conversation of the event are left out: they are told of each close. Returns the conversations with a message to post.
 */
export async function tellEnds(
  parts: Pick<WatchParts, 'db' | 'clock' | 'wording'>,
  which: { since: Date } | { eventId: number },
): Promise<number[]> {
  const { db, clock } = parts
  const told: number[] = []
  for (const due of await endsDue(db, which)) {
    const isTold = await db.transaction().execute(async (trx) => {
      if (!(await claim(trx, due, clock.now()))) return false
      const telling = await tellingIn(trx, due.eventId, due.conversationId)
      if (!telling) return false
      const { event, listener } = telling
      const to = { conversationId: due.conversationId, accountId: event.accountId, urgent: true, at: clock.now() }
      const ended = await endOf(trx, event)
      await queueNotice(trx, parts, to, { kind: 'event.ended', event, whose: listener.whose, ended }, 'outbox')
      return true
    })
    if (isTold) told.push(due.conversationId)
  }
  return told
}

interface Due {
  eventId: number
  conversationId: number
}

/** The settled critical events, with the channels that heard of them and not of their end. */
async function endsDue(db: Db, which: { since: Date } | { eventId: number }): Promise<Due[]> {
  const these: RawBuilder<boolean> = 'since' in which ? sql`e.at >= ${which.since}` : sql`e.id = ${which.eventId}`
  const { rows } = await sql<Due>`
    select e.id as "eventId", t.conversation_id as "conversationId"
    from desk_events e
    join event_alerts t on t.event_id = e.id and t.outcome = 'posted' and t.end_told_at is null
    join alert_channels c on c.conversation_id = t.conversation_id and c.account_id = e.account_id
    left join positions p on p.id = e.position_id
    where ${these} and e.urgency <> 'LOW' and e.urgency = 'CRITICAL' and e.settled_at is not null
      and t.conversation_id is distinct from p.conversation_id
      and t.conversation_id is distinct from e.conversation_id
    order by e.id limit 1000`.execute(db)
  return rows
}

async function claim(trx: Trx, { eventId, conversationId }: Due, at: Date): Promise<boolean> {
  const claimed = await trx
    .updateTable('event_alerts')
    .set({ end_told_at: at })
    .where('event_id', '=', eventId)
    .where('conversation_id', '=', conversationId)
    .where('end_told_at', 'is', null)
    .executeTakeFirst()
  return claimed.numUpdatedRows > 0n
}

const purposes: Partial<Record<LoggedEvent['type'], string>> = {
  'trading.stop_loss_triggered': 'stop',
  'trading.take_profit_hit': 'target',
  'trading.part_stop_hit': 'stop',
  'trading.part_target_hit': 'target',
}

/** The desk's trades because of an event. Fills that were taken back count as not traded. */
async function endOf(trx: Trx, { id, type, accountId, positionId }: LoggedEvent): Promise<Ended> {
  const { rows } = await sql<{
    side: 'sell' | 'buy' | null
    quantity: string
    value: string
    pnl: string
    positions: number
    open: string
  }>`
    with fills as (
      select data ->> 'side' as side, (data ->> 'quantity')::numeric as quantity, (data ->> 'price')::numeric as price,
        (data ->> 'realizedPnl')::numeric as pnl, position_id, first_value(data ->> 'side') over (order by id) as first_side
      from desk_events
      where type = 'order_filled' and id > ${id} and account_id = ${accountId}
        and data ->> 'purpose' = ${purposes[type] ?? 'breaker'}
        and (${positionId ?? null}::bigint is null or position_id = ${positionId ?? null})
    ), signed as (
      select *, case when side = first_side or position_id is null then 1 else -1 end as sign from fills
    )
    select min(first_side) as side, coalesce(sum(sign * quantity), 0)::text as quantity,
      coalesce(sum(sign * quantity * price), 0)::text as value, coalesce(sum(pnl), 0)::text as pnl,
      count(distinct position_id)::int as positions,
      coalesce((select abs(signed_quantity) from positions where id = ${positionId ?? null}), 0)::text as open
    from signed`.execute(trx)
  const { side, quantity, value, pnl, positions, open } = rows[0]!
  return {
    side: side ?? 'sell',
    quantity: new Big(quantity),
    value: new Big(value),
    realizedPnl: new Big(pnl),
    positions,
    open: new Big(open),
  }
}
