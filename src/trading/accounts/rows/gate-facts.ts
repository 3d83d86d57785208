import { type RawBuilder, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Role } from '../../../infra/db/schema.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import { type Side, unrealizedPnl } from '../../positions/rules/position.ts'
import { type BuyingPower, buyingPower, type Funds } from '../rules/buying-power.ts'
import type { Standing } from '../rules/gate.ts'
import { usualBalance } from './accounts.ts'
import { type Halt, readHalt } from './halts.ts'
import { type LimitsRow, readLimits } from './limits.ts'

/** What the gate decides on, and what its words are made of. */
export interface GateFacts extends Standing {
  positions: HeldPosition[]
  halt?: Halt
  /** What is wanted is there already, since its message is heard once more. */
  isThere: boolean
}

/** An open position, as far as it decides what is left to buy with. */
type HeldPosition = Funds['positions'][number] & { id: number; symbol: string }

/** About what is wanted: whose it is, and what it is called. */
export interface FactsFor {
  accountId: number
  memberId: number
  /** Client id of the order, or id of the message that wants it later. */
  key?: string
  /** Id of an order that it takes the place of, as a moved one does: what that one takes is free. */
  insteadOf?: number
  /** An exit that comes first: what is open in the symbol is closed by then, at this price in dollars a unit. */
  after?: { symbol: string; price: Big }
}

/** The last prices of symbols, in dollars a unit. */
export type Marks = ReadonlyMap<string, Big>

const live = sql`o.state in (${sql.join(liveStates.map((state) => sql.lit(state)))})`
/** What members send, also by way of the guardian; chunks, stops, targets and the breaker's are the desk's own. */
const byHand = sql`o.purpose in ('open', 'close', 'trim')`

/**
 * All that the gate decides on, in one statement: a fill is seen in its order and in its position, or in neither. Whoever
 * orders by it has locked the account. Orders of the last minute are told by the database's clock. Account 0 stands for the one
 * that a member without any would be given.
 */
export async function gateFacts(
  db: Db,
  { accountId, memberId, key = '', insteadOf = 0, after }: FactsFor,
): Promise<GateFacts> {
  const { rows } = await sql<FactsRow>`
    select ${fundsOf(insteadOf)}, m.role, r.halted_at, r.halted_because, h.time_zone,
      l.orders_per_minute, l.working_orders, l.scheduled_orders, l.largest_order_dollars, l.largest_order_units,
      (select coalesce(jsonb_agg(extract(epoch from statement_timestamp() - o.created_at) order by o.created_at desc), '[]')
        from orders o where o.account_id = a.id and ${byHand}
          and o.created_at > statement_timestamp() - interval '1 minute') as lately,
      (select count(*) from orders o
        where o.account_id = a.id and ${byHand} and ${live} and o.id <> ${insteadOf}) as working,
      (select count(*) from scheduled_orders s
        where s.account_id = a.id and s.state in ('waiting', 'running')) as scheduled,
      exists (select from orders where client_order_id = ${key})
        or exists (select from scheduled_orders where inbound_id = ${key}) as is_there
    from (${accountOrNew(accountId, memberId)}) a
    join members h on h.id = a.member_id
    join members m on m.id = ${memberId}
    left join account_risk r on r.account_id = a.id
    left join account_limits l on l.account_id = a.id
    `.execute(db)
  const row = rows[0]
  if (!row) throw new Error(`There is no account ${accountId}, or no member ${memberId}`)
  const halt = readHalt(row)
  return {
    ...toFunds(after ? closedAt(row, after) : row),
    isHalted: halt !== undefined,
    halt,
    mayTrade: row.role !== 'viewer',
    limits: readLimits(row),
    // The exit counts, too.
    lately: after ? [0, ...row.lately] : row.lately,
    working: row.working,
    scheduled: row.scheduled,
    isThere: row.is_there,
  }
}

/**
 * What an account has to buy with, in dollars. `marks` are prices of now; a short position in a symbol that is not among
 * them counts at the mark that was stored last, or at its average price.
 */
export async function buyingPowerOf(db: Db, accountId: number, marks?: Marks): Promise<BuyingPower> {
  const { rows } = await sql<FundsRow>`select ${fundsOf()} from accounts a where a.id = ${accountId}`.execute(db)
  if (!rows[0]) throw new Error(`There is no account ${accountId}`)
  return buyingPower(toFunds(rows[0], marks))
}

/** An account, or for id 0 the one that its member would be given first. */
const accountOrNew = (accountId: number, memberId: number) => sql`
  select id, member_id, starting_balance from accounts where id = ${accountId}
  union all select 0, ${memberId}::bigint, ${usualBalance.toFixed()}::numeric where ${accountId}::bigint = 0`

interface FundsRow {
  settled: string
  positions: { id: number; symbol: string; quantity: string; cost: string; mark: string | null }[]
  openings: { side: Side; left: string; price: string }[]
}

interface FactsRow extends FundsRow, LimitsRow {
  role: Role
  halted_at: Date | null
  halted_because: string | null
  time_zone: string | null
  lately: number[]
  working: number
  scheduled: number
  is_there: boolean
}

/** The columns of a `FundsRow`, of the account `a`; amounts are text, since numbers in JSON are floats. */
function fundsOf(insteadOf = 0): RawBuilder<FundsRow> {
  return sql`
    a.starting_balance + coalesce((select sum(p.realized_pnl) from positions p where p.account_id = a.id), 0) as settled,
    (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'symbol', p.symbol, 'quantity', p.signed_quantity::text,
        'cost', p.open_cost::text, 'mark', w.mark::text)), '[]')
      from positions p left join position_watch w on w.position_id = p.id
      where p.account_id = a.id and p.closed_at is null) as positions,
    (select coalesce(jsonb_agg(jsonb_build_object('side', o.side, 'left', greatest(o.quantity - o.filled_quantity, 0)::text,
        'price', coalesce(o.limit_price, o.expected_price)::text)), '[]')
      from orders o
      where o.account_id = a.id and o.purpose = 'open' and ${live} and o.id <> ${insteadOf}) as openings`
}

/** The same account when a position of it has been closed. */
function closedAt<Row extends FundsRow>(row: Row, { symbol, price }: NonNullable<FactsFor['after']>): Row {
  const closed = row.positions.find((position) => position.symbol === symbol)
  if (!closed) return row
  const holding = { signedQuantity: new Big(closed.quantity), openCost: new Big(closed.cost) }
  const settled = new Big(row.settled).plus(unrealizedPnl(holding, price)).toFixed()
  return { ...row, settled, positions: row.positions.filter((position) => position !== closed) }
}

function toFunds({ settled, positions, openings }: FundsRow, marks?: Marks): Funds & Pick<GateFacts, 'positions'> {
  return {
    settled: new Big(settled),
    positions: positions.map(({ id, symbol, quantity, cost, mark }) => ({
      id,
      symbol,
      signedQuantity: new Big(quantity),
      openCost: new Big(cost),
      mark: marks?.get(symbol) ?? (mark === null ? undefined : new Big(mark)),
    })),
    openings: openings.map(({ side, left, price }) => ({ side, left: new Big(left), price: new Big(price) })),
  }
}
