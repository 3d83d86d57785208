import { type RawBuilder, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Role } from '../../../infra/db/schema.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import { type Side, unrealizedPnl } from '../../positions/rules/position.ts'
import { type BuyingPower, buyingPower, type Funds, shortShare } from '../rules/buying-power.ts'
import type { LiveUse, Standing } from '../rules/gate.ts'
import { usualBalance } from './accounts.ts'
import { type Halt, readHalt } from './halts.ts'
import { type LimitsRow, readLimits } from './limits.ts'
import { liveAtWork } from './live-allowances.ts'

/** The facts on which the gate decides, and from which its refusal is worded. */
export interface GateFacts extends Standing {
  positions: HeldPosition[]
  halt?: Halt
  /** The reason why the account may not trade, in the venue's words. */
  blockedBecause?: string
  /** The account is of an owner, who wants the order: the leave for real money is their own word. */
  isOwnersOwn?: true
  /** The wanted order exists already, since its message is heard again. */
  isThere: boolean
}

/** The part of an open position that buying power depends on. */
type HeldPosition = Funds['positions'][number] & { id: number; symbol: string }

/** Identifies a wanted order: its account, its member and its key. */
export interface FactsFor {
  accountId: number
  memberId: number
  /** Client id of the order, or id of the message that asks for it later. */
  key?: string
  /** Id of an order that this one replaces, as when an order is moved. The buying power of the replaced order is free. */
  insteadOf?: number
  /** An exit that comes first: the open position in this symbol is closed before, at this price in dollars a unit. */
  after?: { symbol: string; price: Big }
}

/** Last prices by symbol, in dollars a unit. */
export type Marks = ReadonlyMap<string, Big>

const live = sql`o.state in (${sql.join(liveStates.map((state) => sql.lit(state)))})`
/** Orders that members send, also through the guardian. Chunks, stops, targets and breaker orders come from the desk itself. */
const byHand = sql`o.purpose in ('open', 'close', 'trim')`

/**
 * All facts for the gate, read in one statement: a fill shows in both its order and its position, or in neither. Lock the
 * account before writing an order on these facts. The database's clock decides which orders belong to the last minute. Account
 * 0 stands for the first account that a member without one would get.
 */
export async function gateFacts(
  db: Db,
  { accountId, memberId, key = '', insteadOf = 0, after }: FactsFor,
): Promise<GateFacts> {
  const { rows } = await sql<FactsRow>`
    select ${fundsOf(insteadOf, after?.symbol)}, m.role, r.halted_at, r.halted_because, h.time_zone,
      l.orders_per_minute, l.working_orders, l.scheduled_orders, l.largest_order_dollars, l.largest_order_units,
      (select coalesce(jsonb_agg(extract(epoch from statement_timestamp() - o.created_at) order by o.created_at desc), '[]')
        from orders o where o.account_id = a.id and ${byHand}
          and o.created_at > statement_timestamp() - interval '1 minute') as lately,
      (select count(*) from orders o
        where o.account_id = a.id and ${byHand} and ${live} and o.id <> ${insteadOf}) as working,
      (select count(*) from scheduled_orders s
        where s.account_id = a.id and s.state in ('waiting', 'running')) as scheduled,
      a.unlinked_at is not null as is_unlinked, a.mode, a.member_id = ${memberId} as is_own, v.cap_dollars as live_cap, ${liveUsed(insteadOf)} as live_used,
      exists (select from orders where client_order_id = ${key})
        or exists (select from scheduled_orders where inbound_id = ${key}) as is_there
    from (${accountOrNew(accountId, memberId)}) a
    join members h on h.id = a.member_id
    join members m on m.id = ${memberId}
    left join account_risk r on r.account_id = a.id
    left join account_limits l on l.account_id = a.id
    left join live_allowances v on v.member_id = a.member_id and a.mode = 'live'
    `.execute(db)
  const row = rows[0]
  if (!row) throw new Error(`There is no account ${accountId}, or no member ${memberId}`)
  const halt = readHalt(row)
  const funds = toFunds(after ? closedAt(row, after) : row)
  return {
    ...funds,
    isHalted: halt !== undefined,
    halt,
    ...(row.blocked_because !== null && { isBlocked: true, blockedBecause: row.blocked_because }),
    ...(row.is_linked && !funds.broker && { isBalanceUnknown: true }),
    mayTrade: row.role !== 'viewer',
    limits: readLimits(row),
    // The exit counts as an order, too.
    lately: after ? [0, ...row.lately] : row.lately,
    working: row.working,
    scheduled: row.scheduled,
    ...(row.role === 'owner' && row.is_own && { isOwnersOwn: true }),
    isThere: row.is_there,
    ...(row.is_unlinked && { isUnlinked: true }),
    ...(row.mode === 'live' && { live: liveUse(row, after) }),
  }
}

/**
 * The buying power of an account in dollars. `marks` are present prices. A short position without one counts at its last stored
 * mark, or else at its average price.
 */
export async function buyingPowerOf(db: Db, accountId: number, marks?: Marks): Promise<BuyingPower> {
  const { rows } = await sql<FundsRow>`select ${fundsOf()} from accounts a where a.id = ${accountId}`.execute(db)
  if (!rows[0]) throw new Error(`There is no account ${accountId}`)
  return buyingPower(toFunds(rows[0], marks))
}

/** The account, or for id 0 the first account that the member would get. */
const accountOrNew = (accountId: number, memberId: number) => sql`
  select id, member_id, starting_balance, mode, venue, unlinked_at from accounts where id = ${accountId}
  union all select 0, ${memberId}::bigint, ${usualBalance.toFixed()}::numeric, 'paper', 'paper', null where ${accountId}::bigint = 0`

/** Dollars of real money that the member of account `a` has at work, in all accounts with some; null for an account without. */
const liveUsed = (insteadOf: number) =>
  sql`case when a.mode = 'live' then ${liveAtWork(sql`a.member_id`, insteadOf)} end`

/** The use of real money; a position that is closed before makes room. */
function liveUse({ live_cap: cap, live_used: used, positions }: FactsRow, after: FactsFor['after']): LiveUse {
  const closed = after && positions.find(({ symbol }) => symbol === after.symbol)
  return {
    ...(cap !== null && { cap: new Big(cap) }),
    used: new Big(used ?? 0).minus(closed ? new Big(closed.cost).abs() : 0),
  }
}

interface FundsRow {
  settled: string
  positions: { id: number; symbol: string; quantity: string; cost: string; mark: string | null }[]
  openings: { side: Side; left: string; price: string }[]
  is_linked: boolean
  blocked_because: string | null
  /** The balance at the broker, unless it is too old. */
  broker: { cash: string; power: string; sent: string; instead: string; closing: string } | null
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
  is_own: boolean
  is_unlinked: boolean
  mode: string
  /** Dollars; null when the account has no real money, or the member no leave. */
  live_cap: string | null
  live_used: string | null
}

/** A balance that a broker told this many seconds ago still counts. */
export const balanceSeconds = 90

/** The most dollars that an order takes: a short sale takes half as much again. */
const takenBy = (units: string) => sql`(case o.side when 'sell' then ${shortShare.toFixed()}::numeric else 1 end)
  * ${sql.raw(units)} * coalesce(o.limit_price, o.stop_price, o.expected_price)`

/**
 * The columns of a `FundsRow` for the account `a`. Amounts are text, since JSON numbers are floats. `closing`: the symbol whose open
 * position is closed before.
 */
function fundsOf(insteadOf = 0, closing = ''): RawBuilder<FundsRow> {
  return sql`
    a.venue <> 'paper' as is_linked,
    (select b.blocked_because from venue_balances b where b.account_id = a.id) as blocked_because,
    (select jsonb_build_object('cash', b.cash::text, 'power', coalesce(b.buying_power, b.cash)::text,
        'sent', (select coalesce(sum(${takenBy('o.quantity')}), 0)::text from orders o
          where o.account_id = a.id and o.purpose = 'open' and o.created_at >= b.at and o.state <> 'refused' and o.id <> ${insteadOf}),
        'instead', (select coalesce(sum(${takenBy('greatest(o.quantity - o.filled_quantity, 0)')}), 0)::text from orders o
          where o.id = ${insteadOf} and o.created_at < b.at),
        'closing', (select coalesce(sum(abs(p.signed_quantity)), 0)::text from positions p
          where p.account_id = a.id and p.symbol = ${closing} and p.closed_at is null))
      from venue_balances b where a.venue <> 'paper' and b.account_id = a.id
        and b.at > statement_timestamp() - ${balanceSeconds} * interval '1 second') as broker,
    a.starting_balance + coalesce((select sum(p.realized_pnl) from positions p where p.account_id = a.id), 0) as settled,
    (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'symbol', p.symbol, 'quantity', p.signed_quantity::text,
        'cost', p.open_cost::text, 'mark', w.mark::text)), '[]')
      from positions p left join position_watch w on w.position_id = p.id
      where p.account_id = a.id and p.closed_at is null) as positions,
    (select coalesce(jsonb_agg(jsonb_build_object('side', o.side, 'left', greatest(o.quantity - o.filled_quantity, 0)::text,
        'price', coalesce(o.limit_price, o.stop_price, o.expected_price)::text)), '[]')
      from orders o
      where o.account_id = a.id and o.purpose = 'open' and ${live} and o.id <> ${insteadOf}) as openings`
}

/** The same account after a position in it has been closed. */
function closedAt<Row extends FundsRow>(before: Row, { symbol, price }: NonNullable<FactsFor['after']>): Row {
  const closed = before.positions.find((position) => position.symbol === symbol)
  if (!closed) return before
  const freed = before.broker && new Big(before.broker.closing).times(price).plus(before.broker.instead).toFixed()
  const row = freed ? { ...before, broker: { ...before.broker!, instead: freed } } : before
  const holding = { signedQuantity: new Big(closed.quantity), openCost: new Big(closed.cost) }
  const settled = new Big(row.settled).plus(unrealizedPnl(holding, price)).toFixed()
  return { ...row, settled, positions: row.positions.filter((position) => position !== closed) }
}

function toFunds(
  { settled, positions, openings, broker }: FundsRow,
  marks?: Marks,
): Funds & Pick<GateFacts, 'positions'> {
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
    ...(broker && {
      broker: {
        cash: new Big(broker.cash),
        buyingPower: new Big(broker.power),
        sentSince: new Big(broker.sent),
        freed: new Big(broker.instead),
      },
    }),
  }
}
