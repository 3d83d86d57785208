import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type Big, zero } from '../../base/amounts.ts'
import type { Clock } from '../../base/clock.ts'
import { together } from '../../base/together.ts'
import type { Database } from '../../infra/db/schema.ts'
import { type OrderReference, type OrderReport, VenueError, type VenueFill, type VenueOrder } from '../venue.ts'
import { createAgenda } from './agenda.ts'
import { type BookOrder, type FillOfRow, fillWithin, type OrderRow, orderOf, reportOf } from './rows.ts'

/** The prices at which orders can be filled now. */
export interface Touch {
  symbol: string
  /** Dollars a unit. */
  bid: Big
  ask: Big
}

/** A new order, with its fill, or with the moment from which parts may fill it. */
export interface Entry {
  order: VenueOrder
  at: Date
  fill?: VenueFill
  nextPartAt?: Date
}

/** The next fill of an order; it is valid while the order is unchanged. */
export interface NextFill {
  order: BookOrder
  fill: VenueFill
  /** This fill completes the order. */
  isLast: boolean
  /** The earliest moment of the fill after this one. */
  nextPartAt?: Date
}

/** An order of the book, with its report. */
export interface Found {
  order: BookOrder
  report: OrderReport
}

type RowWithFills = OrderRow & { fills: FillOfRow[] }

/** Rows of `paper_orders o`, each with its fills. */
const withFills = sql`o.*, (
  select coalesce(jsonb_agg(jsonb_build_object('venueFillId', f.venue_fill_id, 'quantity', f.quantity::text, 'price', f.price::text,
    'commission', f.commission::text, 'filledAt', f.filled_at) order by f.id), '[]')
  from paper_fills f where f.client_order_id = o.client_order_id) as fills`

/**
 * The paper venue's book: the tables `paper_orders` and `paper_fills`, shared by all processes. Memory holds none of it, and
 * each change is one statement, so that a crash loses nothing. Throws `VenueError` when Postgres does not answer.
 */
export function createPaperBook(db: Kysely<Database>, clock: Clock) {
  const agenda = createAgenda(clock)
  /** The symbols in which orders wait for their stop, as far as this process knows. */
  let stops = new Set<string>()

  async function run<Row>(statement: RawBuilder<Row>): Promise<Row[]> {
    return (await asked(statement.execute(db))).rows
  }

  /** Writes orders with their fills; false for an order that has a row already. A thousand orders at once are one statement. */
  const take = together(async (entries: Entry[]) => {
    const firsts = new Map<string, Entry>()
    for (const entry of entries) {
      if (!firsts.has(entry.order.clientOrderId)) firsts.set(entry.order.clientOrderId, entry)
    }
    // In a fixed order, so that two processes do not deadlock.
    const { rows } = await sql<{ client_order_id: string }>`
      with given as (
        select * from jsonb_to_recordset(${JSON.stringify([...firsts.values()].map(given))}::jsonb) as g(
          client_order_id text, account text, state text, symbol text, side text, quantity numeric, limit_price numeric,
          stop_price numeric, touched_level numeric, expires_at timestamptz, accepted_at timestamptz, next_part_at timestamptz,
          venue_fill_id text, price numeric, commission numeric)
        order by client_order_id
      ), taken as (
        insert into paper_orders (client_order_id, account, state, symbol, side, quantity, limit_price, stop_price, touched_level,
          expires_at, accepted_at, next_part_at, filled_quantity, parts)
        select client_order_id, account, state, symbol, side, quantity, limit_price, stop_price, touched_level, expires_at,
          accepted_at, next_part_at, case when venue_fill_id is null then 0 else quantity end, case when venue_fill_id is null then 0 else 1 end
        from given on conflict (client_order_id) do nothing returning client_order_id
      ), filled as (
        insert into paper_fills (venue_fill_id, client_order_id, account, symbol, side, quantity, price, commission, filled_at)
        select venue_fill_id, client_order_id, account, symbol, side, quantity, price, commission, accepted_at
        from given join taken using (client_order_id) where venue_fill_id is not null
      )
      select client_order_id from taken`.execute(db)
    const taken = new Set(rows.map((row) => row.client_order_id))
    return entries.map(({ order }) => taken.delete(order.clientOrderId))
  })

  const look = together(async (ids: string[]) => {
    const { rows } = await sql<RowWithFills>`
      select ${withFills} from paper_orders o where o.client_order_id = any(${ids}::text[])`.execute(db)
    const byId = new Map(rows.map((row) => [row.client_order_id, row]))
    return ids.map((id) => byId.get(id))
  })

  const lookAtOpen = together(async (accounts: string[]) => {
    const { rows } = await sql<RowWithFills>`
      select ${withFills} from paper_orders o
      where o.account = any(${accounts}::text[]) and o.state = 'working' order by o.accepted_at`.execute(db)
    const byAccount = Map.groupBy(rows, (row) => row.account)
    return accounts.map((account) => byAccount.get(account) ?? [])
  })

  async function find(clientOrderId: string): Promise<Found | undefined> {
    const row = await asked(look(clientOrderId))
    return row && foundOf(row)
  }

  return {
    agenda,

    find,

    hasStops: (symbol: string) => stops.has(symbol),
    symbolsWithStops: () => [...stops],

    /** Triggers the open orders whose stop one of these prices has reached, in dollars a unit. Returns their symbols. */
    async trigger(prices: { symbol: string; price: Big }[]): Promise<string[]> {
      const at = clock.now()
      const rows = await run(sql<{ symbol: string }>`
        update paper_orders o set triggered_at = ${at}, touched_level = o.stop_price, accepted_at = ${at}
        from jsonb_to_recordset(${JSON.stringify(prices)}::jsonb) as t(symbol text, price numeric)
        where o.symbol = t.symbol and o.state = 'working' and o.stop_price is not null and o.triggered_at is null
          and (o.ends_at is null or o.ends_at > ${at})
          and case o.side when 'buy' then t.price >= o.stop_price else t.price <= o.stop_price end
        returning o.symbol`)
      return [...new Set(rows.map(({ symbol }) => symbol))]
    },

    /** Enters an order and returns its report; undefined when it has a row already. */
    async enter(entry: Entry): Promise<OrderReport | undefined> {
      const { order, fill } = entry
      if (!(await asked(take(entry)))) return undefined
      const state = stateOf(entry)
      if (state === 'working') agenda.note(order.symbol, order.expiresAt, entry.nextPartAt)
      if (order.stopPrice) stops.add(order.symbol)
      return reportOf({ ...order, state, filledQuantity: fill ? order.quantity : zero }, fill ? [fill] : [])
    },

    /** Refuses an order once; false when it was refused before. */
    async refuseOnce(clientOrderId: string): Promise<boolean> {
      const refused = await run(sql`
        insert into paper_refusals values (${clientOrderId}) on conflict do nothing returning client_order_id`)
      return refused.length > 0
    },

    /** Every open order of an account. */
    async open(account: string): Promise<Found[]> {
      return (await asked(lookAtOpen(account))).map(foundOf)
    },

    /** Ends an open order at once and returns its report; undefined when it is no longer open. */
    async end({ account, clientOrderId }: OrderReference): Promise<OrderReport | undefined> {
      const at = clock.now()
      const [row] = await run(sql<OrderRow>`
        update paper_orders set cancelled_at = ${at}, state = case when expires_at <= ${at} then 'expired' else 'cancelled' end
        where client_order_id = ${clientOrderId} and account = ${account} and state = 'working' returning *`)
      if (!row) return undefined
      return row.parts === 0 ? reportOf(orderOf(row), []) : (await find(clientOrderId))?.report
    },

    /** Sets the moment at which an open order ends, unless it ends before. */
    async endLater({ clientOrderId, symbol }: VenueOrder, moment: Date): Promise<void> {
      await run(sql`
        update paper_orders set cancelled_at = coalesce(cancelled_at, ${moment})
        where client_order_id = ${clientOrderId} and state = 'working'`)
      agenda.note(symbol, moment)
    },

    /** Ends the open orders whose time is over; returns the ids of those that this call ended. */
    async endOverdue(): Promise<string[]> {
      const rows = await run(sql<{ client_order_id: string }>`
        with overdue as (
          select client_order_id from paper_orders where state = 'working' and ends_at <= ${clock.now()} for update skip locked
        )
        update paper_orders o set state = case when o.cancelled_at <= o.ends_at then 'cancelled' else 'expired' end
        from overdue where o.client_order_id = overdue.client_order_id returning o.client_order_id`)
      return rows.map((row) => row.client_order_id)
    },

    /**
     * Changes the limit of an open order, or the stop of one without a limit. False when it has neither, was triggered, is being
     * cancelled, or is no longer open.
     */
    async change({ clientOrderId, symbol }: VenueOrder, price: Big): Promise<boolean> {
      const at = clock.now()
      const rows = await run(sql`
        update paper_orders set accepted_at = ${at},
          limit_price = case when limit_price is not null then ${price.toFixed()}::numeric end,
          stop_price = case when limit_price is null then ${price.toFixed()}::numeric else stop_price end
        where client_order_id = ${clientOrderId} and state = 'working'
          and (limit_price is not null or (stop_price is not null and triggered_at is null)) and cancelled_at is null and (expires_at is null or expires_at > ${at})
        returning client_order_id`)
      agenda.note(symbol, at)
      return rows.length > 0
    },

    /** Open orders that one of these prices reaches, and of which a part may be filled now. */
    async reached(touches: Touch[]): Promise<BookOrder[]> {
      const at = clock.now()
      const prices = touches.map(({ symbol, bid, ask }) => ({ symbol, bid, ask }))
      const rows = await run(sql<OrderRow>`
        select o.* from jsonb_to_recordset(${JSON.stringify(prices)}::jsonb) as t(symbol text, bid numeric, ask numeric)
        join paper_orders o on o.symbol = t.symbol and o.state = 'working'
        where (o.limit_price is null or case o.side when 'sell' then t.bid >= o.limit_price else t.ask <= o.limit_price end)
          and (o.stop_price is null or o.triggered_at is not null)
          and (o.ends_at is null or o.ends_at > ${at}) and (o.next_part_at is null or o.next_part_at <= ${at})`)
      return rows.map(orderOf)
    },

    /**
     * Fills orders, many in one statement. An order that has changed since it was read, or that another statement is
     * changing, is left for the next look. Returns the fills that this call wrote.
     */
    async fill(fills: NextFill[]): Promise<NextFill[]> {
      const rows = await run(sql<{ venue_fill_id: string }>`
        with given as (
          select * from jsonb_to_recordset(${JSON.stringify(fills.map(givenFill))}::jsonb) as g(
            client_order_id text, filled_before numeric, limit_price numeric, quantity numeric, price numeric,
            commission numeric, filled_at timestamptz, venue_fill_id text, next_part_at timestamptz)
        ), still as (
          select o.client_order_id from paper_orders o join given g using (client_order_id)
          where o.state = 'working' and o.filled_quantity = g.filled_before and o.limit_price is not distinct from g.limit_price
            and (o.ends_at is null or o.ends_at > ${clock.now()})
          for update of o skip locked
        ), moved as (
          update paper_orders o set filled_quantity = o.filled_quantity + g.quantity, parts = o.parts + 1,
            next_part_at = g.next_part_at,
            state = case when o.filled_quantity + g.quantity = o.quantity then 'filled' else 'working' end
          from given g join still using (client_order_id) where o.client_order_id = g.client_order_id
          returning o.client_order_id, o.account, o.symbol, o.side
        )
        insert into paper_fills (venue_fill_id, client_order_id, account, symbol, side, quantity, price, commission, filled_at)
        select g.venue_fill_id, client_order_id, m.account, m.symbol, m.side, g.quantity, g.price, g.commission, g.filled_at
        from moved m join given g using (client_order_id) returning venue_fill_id`)
      const made = new Set(rows.map((row) => row.venue_fill_id))
      for (const { order, nextPartAt } of fills) agenda.note(order.symbol, nextPartAt)
      return fills.filter(({ fill }) => made.has(fill.venueFillId))
    },

    /** Finds the symbols of all open orders, of every process, so that the agenda is complete. */
    async lookAround(): Promise<void> {
      const before = agenda.symbols()
      const rows = await run(sql<{
        symbol: string
        next_part_at: Date | null
        ends_at: Date | null
        has_stops: boolean
      }>`
        select symbol, min(next_part_at) as next_part_at, min(ends_at) as ends_at,
          bool_or(stop_price is not null and triggered_at is null) as has_stops
        from paper_orders where state = 'working' group by symbol`)
      const now = new Set(rows.map(({ symbol }) => symbol))
      for (const symbol of before) if (!now.has(symbol)) agenda.forget(symbol)
      stops = new Set(rows.flatMap(({ symbol, has_stops }) => (has_stops ? [symbol] : [])))
      for (const { symbol, next_part_at, ends_at } of rows) agenda.note(symbol, next_part_at, ends_at)
    },
  }
}

export type PaperBook = ReturnType<typeof createPaperBook>

function stateOf({ order, at, fill }: Entry) {
  if (fill) return 'filled'
  return order.expiresAt && order.expiresAt <= at ? 'expired' : 'working'
}

function given(entry: Entry) {
  const { order, at, fill, nextPartAt } = entry
  return {
    client_order_id: order.clientOrderId,
    account: order.account,
    state: stateOf(entry),
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    limit_price: order.limitPrice,
    stop_price: order.stopPrice,
    touched_level: order.touchedLevel,
    expires_at: order.expiresAt,
    accepted_at: at,
    next_part_at: nextPartAt,
    venue_fill_id: fill?.venueFillId,
    price: fill?.price,
    commission: fill?.commission,
  }
}

function givenFill({ order, fill, nextPartAt }: NextFill) {
  return {
    client_order_id: order.clientOrderId,
    filled_before: order.filledQuantity,
    limit_price: order.limitPrice,
    quantity: fill.quantity,
    price: fill.price,
    commission: fill.commission,
    filled_at: fill.filledAt,
    venue_fill_id: fill.venueFillId,
    next_part_at: nextPartAt,
  }
}

function foundOf(row: RowWithFills): Found {
  const order = orderOf(row)
  const fills = row.fills.map((fill) => fillWithin(order, fill))
  return { order, report: reportOf(order, fills) }
}

/** The database's answer. Throws `VenueError` without one, since the state of the book is then unknown. */
export async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question
  } catch (cause) {
    throw new VenueError('The book of the paper venue did not answer', cause)
  }
}
