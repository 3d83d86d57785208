import { sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { VenueFill } from '../venue.ts'
import type { AtBroker } from './sends.ts'

/** A step that was seen of a broker's order. */
export interface Seen {
  orderId: string
  id: string
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  price: Big
  /** Dollars. */
  commission: Big
  reverses?: string
  /** A fee in another currency than that of the price. */
  otherFee?: { currency: string; quantity: Big }
  filledAt: Date
}

/** Steps on one page of a list. */
const page = 500

/** The steps of these orders, oldest first. */
export async function stepsOfOrders(db: Db, at: AtBroker, orderIds: string[]): Promise<Map<string, Seen[]>> {
  if (orderIds.length === 0) return new Map()
  const { rows } = await sql<StepRow>`
    select * from broker_executions
    where venue = ${at.venue} and account = ${at.account} and order_id = any(${orderIds}::text[]) order by id`.execute(
    db,
  )
  return Map.groupBy(rows.map(seenIn), ({ orderId }) => orderId)
}

/** Writes steps, in this order; the account is locked. */
export async function noteSteps(db: Db, { venue, account }: AtBroker, steps: Seen[]): Promise<void> {
  for (const { orderId, id, symbol, side, quantity, price, commission, reverses, otherFee, filledAt } of steps) {
    await sql`
      insert into broker_executions (venue, account, order_id, fill_id, symbol, side, quantity, price, commission, reverses,
        fee_currency, fee_quantity, filled_at)
      values (${venue}, ${account}, ${orderId}, ${id}, ${symbol}, ${side}, ${quantity.toFixed()}, ${price.toFixed()},
        ${commission.toFixed()}, ${reverses ?? null}, ${otherFee?.currency ?? null}, ${otherFee?.quantity.toFixed() ?? null},
        ${filledAt})`.execute(db)
  }
}

/** The fills of an account behind a place in its list, oldest first, and the place behind them. Orders of others have their own ids. */
export async function fillsBehind(db: Db, at: AtBroker, place: number): Promise<{ fills: VenueFill[]; place: number }> {
  const { rows } = await sql<StepRow & { client_order_id: string | null }>`
    select e.*, o.client_order_id from broker_executions e
    left join broker_orders o on o.venue = e.venue and o.account = e.account and o.order_id = e.order_id
    where e.venue = ${at.venue} and e.account = ${at.account} and e.id > ${place}
    order by e.id limit ${page}`.execute(db)
  const fills = rows.map((row) => fillOf(at.account, row.client_order_id ?? row.order_id, seenIn(row)))
  return { fills, place: rows.at(-1)?.id ?? place }
}

/** Steps behind a place whose fee was taken in another currency, oldest first, and the place behind them. */
export async function feesBehind(
  db: Db,
  { venue, account }: AtBroker,
  place: number,
): Promise<{ fees: Seen[]; place: number }> {
  const { rows } = await sql<StepRow>`
    select * from broker_executions
    where venue = ${venue} and account = ${account} and id > ${place} and fee_currency is not null
    order by id limit ${page}`.execute(db)
  return { fees: rows.map(seenIn), place: rows.at(-1)?.id ?? place }
}

/** The symbols of which the desk has ever sent an order. */
export async function symbolsSent(db: Db, { venue, account }: AtBroker): Promise<string[]> {
  const { rows } = await sql<{ symbol: string }>`
    select distinct symbol from broker_sends where venue = ${venue} and account = ${account} order by symbol`.execute(
    db,
  )
  return rows.map(({ symbol }) => symbol)
}

/** The place behind all steps that are known of an account. */
export async function lastPlace(db: Db, { venue, account }: AtBroker): Promise<number> {
  const { rows } = await sql<{ place: number | null }>`
    select max(id) as place from broker_executions where venue = ${venue} and account = ${account}`.execute(db)
  return rows[0]?.place ?? 0
}

/** A step as a fill of an order of the desk, or of somebody else's. */
export function fillOf(account: string, clientOrderId: string, seen: Seen): VenueFill {
  const { orderId: _, id, otherFee: __, ...fill } = seen
  return { account, venueFillId: id, clientOrderId, ...fill }
}

interface StepRow {
  id: number
  order_id: string
  fill_id: string
  symbol: string
  side: Side
  quantity: string
  price: string
  commission: string
  reverses: string | null
  fee_currency: string | null
  fee_quantity: string | null
  filled_at: Date
}

const seenIn = (row: StepRow): Seen => ({
  orderId: row.order_id,
  id: row.fill_id,
  symbol: row.symbol,
  side: row.side,
  quantity: new Big(row.quantity),
  price: new Big(row.price),
  commission: new Big(row.commission),
  ...(row.reverses !== null && { reverses: row.reverses }),
  ...(row.fee_currency !== null &&
    row.fee_quantity !== null && { otherFee: { currency: row.fee_currency, quantity: new Big(row.fee_quantity) } }),
  filledAt: row.filled_at,
})
