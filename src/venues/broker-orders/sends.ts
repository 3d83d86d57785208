import { sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { VenueOrder } from '../venue.ts'

/** Names an account of a broker. */
export interface AtBroker {
  venue: string
  account: string
}

/** An order that went to a broker, by its terms. Prices are dollars a unit. */
export interface Sent {
  clientOrderId: string
  symbol: string
  side: Side
  quantity: Big
  limitPrice?: Big
  stopPrice?: Big
  targetPrice?: Big
  /** The first call began then, and the last one then. */
  calledAt: Date
  lastCalledAt: Date
  /** A call may be under way until then. */
  callingUntil?: Date
  calls: number
  /** Calls that were refused for certain. */
  refusedCalls: number
}

/**
 * Notes that an order is sent now, before the call. Undefined when it must not be: the broker has it, another process waits for the answer
 * to a call for it, or it went out with other terms.
 */
export async function noteSend(
  db: Db,
  at: AtBroker,
  order: VenueOrder,
  now: Date,
  until: Date,
): Promise<Sent | undefined> {
  const { rows } = await sql<SendRow>`
    insert into broker_sends as s (venue, account, client_order_id, symbol, side, quantity, limit_price, stop_price, target_price,
      called_at, last_called_at, calling_until)
    values (${at.venue}, ${at.account}, ${order.clientOrderId}, ${order.symbol}, ${order.side}, ${order.quantity.toFixed()},
      ${order.limitPrice?.toFixed() ?? null}, ${order.stopPrice?.toFixed() ?? null}, ${order.targetPrice?.toFixed() ?? null},
      ${now}, ${now}, ${until})
    on conflict (venue, account, client_order_id) do update
      set calls = s.calls + 1, last_called_at = ${now}, calling_until = ${until}
      where (s.calling_until is null or s.calling_until <= ${now})
        and (s.symbol, s.side, s.quantity) = (excluded.symbol, excluded.side, excluded.quantity)
        and (s.limit_price, s.stop_price, s.target_price) is not distinct from
          (excluded.limit_price, excluded.stop_price, excluded.target_price)
        and not exists (select from broker_orders o where o.venue = s.venue and o.account = s.account
          and o.client_order_id = s.client_order_id)
    returning ${sendColumns}`.execute(db)
  return rows[0] && sentIn(rows[0])
}

/** Notes the end of a call: nobody waits for its answer. `isRefused`: the broker took nothing of it, for certain. */
export async function noteSendOver(db: Db, at: AtBroker, clientOrderId: string, isRefused: boolean): Promise<void> {
  await sql`
    update broker_sends set calling_until = null, refused_calls = refused_calls + ${isRefused ? 1 : 0}
    where venue = ${at.venue} and account = ${at.account} and client_order_id = ${clientOrderId}`.execute(db)
}

/** An order by its client id; undefined when none was sent. */
export async function findSend(db: Db, at: AtBroker, clientOrderId: string): Promise<Sent | undefined> {
  const { rows } = await sql<SendRow>`
    select ${sendColumns} from broker_sends s
    where venue = ${at.venue} and account = ${at.account} and client_order_id = ${clientOrderId}`.execute(db)
  return rows[0] && sentIn(rows[0])
}

/** Orders that were sent since a time, are not refused, and of which no order of the broker's is known, or of a stop with a target only one. */
export async function sendsInDoubt(db: Db, at: AtBroker, since: Date): Promise<Sent[]> {
  const { rows } = await sql<SendRow>`
    select ${sendColumns} from broker_sends s
    where venue = ${at.venue} and account = ${at.account} and last_called_at > ${since} and calls > refused_calls
      and (select count(*) from broker_orders o where o.venue = s.venue and o.account = s.account
        and o.client_order_id = s.client_order_id) < case when target_price is null then 1 else 2 end
    order by called_at`.execute(db)
  return rows.map(sentIn)
}

interface SendRow {
  client_order_id: string
  symbol: string
  side: Side
  quantity: string
  limit_price: string | null
  stop_price: string | null
  target_price: string | null
  called_at: Date
  last_called_at: Date
  calling_until: Date | null
  calls: number
  refused_calls: number
}

const sendColumns = sql.raw(
  's.client_order_id, s.symbol, s.side, s.quantity, s.limit_price, s.stop_price, s.target_price, s.called_at, s.last_called_at, s.calling_until, s.calls, s.refused_calls',
)

function sentIn(row: SendRow): Sent {
  return {
    clientOrderId: row.client_order_id,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    ...(row.limit_price !== null && { limitPrice: new Big(row.limit_price) }),
    ...(row.stop_price !== null && { stopPrice: new Big(row.stop_price) }),
    ...(row.target_price !== null && { targetPrice: new Big(row.target_price) }),
    calledAt: row.called_at,
    lastCalledAt: row.last_called_at,
    ...(row.calling_until && { callingUntil: row.calling_until }),
    calls: row.calls,
    refusedCalls: row.refused_calls,
  }
}
