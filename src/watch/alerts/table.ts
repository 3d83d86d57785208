import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { StoredEvent } from '../../trading/events/rules/stored-event.ts'
import type { WatchParts } from '../parts.ts'
import { countMessage, lockMinute, minuteMs } from './announce.ts'
import type { HeldEvent } from './notices.ts'

type HeldRow = Pick<StoredEvent, 'type' | 'data'> & {
  symbol: string | null
  positionId: number | null
  whose: string | null
}

type TableParts = Pick<WatchParts, 'db' | 'wording'>

/** Posts the held events of the minutes that have ended as one table. Returns false when there are none. */
export async function postTable(parts: TableParts, conversationId: number, at: Date): Promise<boolean> {
  return parts.db.transaction().execute(async (trx) => {
    const { beganAt } = await lockMinute(trx, conversationId, at)
    const { rows } = await sql<HeldRow>`
      with told as (
        update event_alerts set outcome = 'summarised'
        where conversation_id = ${conversationId} and outcome = 'held' and at < ${beganAt}
        returning event_id
      )
      select e.type, e.data, e.symbol, e.position_id as "positionId",
        nullif(concat_ws(' · ', case when exists (select from alert_channels o join accounts other on other.id = o.account_id
          where o.conversation_id = ${conversationId} and other.member_id <> m.id) then m.name end, l.label), '') as whose
      from told join desk_events e on e.id = told.event_id
      join accounts a on a.id = e.account_id join members m on m.id = a.member_id
      join account_labels l on l.account_id = a.id
      order by array_position(array['HIGH', 'MEDIUM'], e.urgency), e.id`.execute(trx)
    if (rows.length === 0) return false
    await queueNotice(trx, parts, { conversationId, at }, { kind: 'events.held', held: rows.map(heldEvent) }, 'outbox')
    await countMessage(trx, conversationId)
    return true
  })
}

/** The conversations whose table is due. */
export async function tablesDue(db: Db, at: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select conversation_id as id from alert_minutes m
    where exists (select from event_alerts e where e.conversation_id = m.conversation_id and e.outcome = 'held'
      and (e.at < m.began_at or m.began_at <= ${new Date(at.getTime() - minuteMs)}))`.execute(db)
  return rows.map(({ id }) => id)
}

function heldEvent({ type, data, symbol, positionId, whose }: HeldRow): HeldEvent {
  const event = { type, data, symbol: symbol ?? undefined } as StoredEvent
  return { event, positionId: positionId ?? undefined, whose: whose ?? undefined }
}
