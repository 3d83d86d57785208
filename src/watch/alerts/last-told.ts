import type { Db } from '../../infra/db/client.ts'
import type { DeskEvent } from '../../trading/events/rules/desk-event.ts'

/** The last events of an account of which somebody was told as an alert, anywhere, oldest first. */
export async function lastTold(
  db: Db,
  accountId: number,
  most: number,
): Promise<(Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]> {
  const rows = await db
    .selectFrom('desk_events as e')
    .select(['e.type', 'e.data', 'e.symbol', 'e.at'])
    .where('e.account_id', '=', accountId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('event_alerts as t')
          .select('t.event_id')
          .whereRef('t.event_id', '=', 'e.id')
          .where('t.outcome', '!=', 'muted'),
      ),
    )
    .orderBy('e.id', 'desc')
    .limit(most)
    .execute()
  return rows.reverse() as (Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]
}
