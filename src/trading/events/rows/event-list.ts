import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { type EventRow, type OrderedEvent, toEvent } from './event-stream.ts'

/** The events that are wanted, of some accounts. */
export interface EventFilter {
  symbol?: string
  types?: readonly string[]
  urgencies?: readonly string[]
  from?: Date
  to?: Date
  /** Only events before the one with this id. */
  before?: number
  most: number
}

/** Events of accounts, the newest first. `epoch` is that of the database, for their cursors. */
export async function listEvents(
  db: Db,
  accountIds: readonly number[],
  { symbol, types, urgencies, from, to, before, most }: EventFilter,
  epoch: string,
): Promise<OrderedEvent[]> {
  const { rows } = await sql<EventRow>`
    select xid::text, id, type, urgency, account_id, scaleout_id, symbol, data, at from desk_events
    where account_id = any(${[...accountIds]}::bigint[])
      and (${symbol ?? null}::text is null or symbol = ${symbol ?? null})
      and (${types ?? null}::text[] is null or type = any(${types ?? null}::text[]))
      and (${urgencies ?? null}::text[] is null or urgency = any(${urgencies ?? null}::text[]))
      and (${from ?? null}::timestamptz is null or at >= ${from ?? null})
      and (${to ?? null}::timestamptz is null or at < ${to ?? null})
      and (${before ?? null}::bigint is null or id < ${before ?? null})
    order by id desc limit ${most}`.execute(db)
  return rows.map((row) => toEvent(row, epoch))
}
