import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import { queueReply } from '../../trading/events/rows/replies.ts'
import { countMessage, lockMinute, minuteMs } from './announce.ts'
import { type AlertedEvent, headingText, lastPrice } from './text.ts'

/** So many lines a table has at most; the rest is a number. */
const mostLines = 30

type Held = AlertedEvent & { positionId: number | null; whose: string | null }

/**
 * Posts what a conversation did not hear in minutes that have ended, as one table. Answers whether there was anything.
 */
export async function postTable(db: Db, conversationId: number, at: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { beganAt } = await lockMinute(trx, conversationId, at)
    const { rows } = await sql<Held>`
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
    await queueReply(trx, { conversationId, at }, { text: tableText(rows) }, 'outbox')
    await countMessage(trx, conversationId)
    return true
  })
}

/** Conversations whose table is due. */
export async function tablesDue(db: Db, at: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select conversation_id as id from alert_minutes m
    where exists (select from event_alerts e where e.conversation_id = m.conversation_id and e.outcome = 'held'
      and (e.at < m.began_at or m.began_at <= ${new Date(at.getTime() - minuteMs)}))`.execute(db)
  return rows.map(({ id }) => id)
}

/** The held-back alerts as one message: a line for each position and event, with the last price and how often. */
function tableText(held: Held[]): string {
  const subjects = [...Map.groupBy(held, (one) => `${one.positionId} ${one.type} ${one.symbol} ${one.whose}`).values()]
  const lines = subjects.slice(0, mostLines).map((same) => {
    const last = same.at(-1)!
    const times = same.length > 1 ? ` ×${same.length}` : ''
    return [headingText({ ...last, symbol: last.symbol ?? undefined }, last.whose ?? undefined), lastPrice(last)]
      .filter(Boolean)
      .join(' · ')
      .concat(times)
  })
  const rest = subjects.slice(mostLines).reduce((sum, same) => sum + same.length, 0)
  return [
    `📋 ${held.length} MORE ALERT${held.length === 1 ? '' : 'S'} IN A MINUTE`,
    ...lines,
    ...(rest > 0 ? [`… and ${rest} more`] : []),
    '💡 `positions` shows where everything stands',
  ].join('\n')
}
