import Big from 'big.js'
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { together } from '../together.ts'
import { type Standing, VenueError, type VenueFill, type VenueOrder } from './venue.ts'

/** A price at which orders can be filled now. */
export interface Touch {
  symbol: string
  /** Dollars a unit. */
  bid: Big
  ask: Big
}

/**
 * The paper venue's book: the table `paper_orders`, one row for each order that was ever named, whichever process wrote
 * it. The row's state is what makes an outcome the only one: it leaves `working` once.
 */
export function createPaperBook(db: Kysely<Database>) {
  /** Symbols in which orders rest, as far as this process knows: its own at once, those of others at the next `symbols`. */
  const resting = new Set<string>()

  /** Writes orders into the book; false for one that has a row already. A thousand orders at once are one statement. */
  const take = together(async (rows: Insertable<Database['paper_orders']>[]) => {
    const inserted = await db
      .insertInto('paper_orders')
      .values(rows)
      .onConflict((conflict) => conflict.column('client_order_id').doNothing())
      .returning('client_order_id')
      .execute()
    const taken = new Set(inserted.map((row) => row.client_order_id))
    // Of one order twice in a batch only one is in the book.
    return rows.map((row) => taken.delete(row.client_order_id))
  })

  const look = together(async (ids: string[]) => {
    const { rows } = await sql<Selectable<Database['paper_orders']>>`
      select * from paper_orders where client_order_id = any(${ids}::text[])`.execute(db)
    const byId = new Map(rows.map((row) => [row.client_order_id, standingOf(row)]))
    return ids.map((id) => byId.get(id))
  })

  async function find(clientOrderId: string): Promise<Standing | undefined> {
    return asked(look(clientOrderId))
  }

  return {
    find,

    /** Enters an order as filled, or as resting when there is no fill. False when it has a row already. */
    async enter(order: VenueOrder, fill: VenueFill | undefined): Promise<boolean> {
      if (!fill) resting.add(order.symbol)
      return asked(take(rowOf(order, fill)))
    },

    /** Ends an order that rests, or that never came. False when it has an end already. */
    async cancel(clientOrderId: string): Promise<boolean> {
      const ended = await asked(
        db
          .insertInto('paper_orders')
          .values({ client_order_id: clientOrderId, state: 'cancelled' })
          .onConflict((conflict) =>
            conflict
              .column('client_order_id')
              .doUpdateSet({ state: 'cancelled' })
              .where('paper_orders.state', '=', 'working'),
          )
          .returning('client_order_id')
          .executeTakeFirst(),
      )
      return ended !== undefined
    },

    /** Changes the limit of an order that rests, or fills it. False when it does not rest any more. */
    async change(clientOrderId: string, limitPrice: Big, fill: VenueFill | undefined): Promise<boolean> {
      const changed = await asked(
        db
          .updateTable('paper_orders')
          .set({ limit_price: limitPrice.toFixed(), ...(fill && filledColumns(fill)) })
          .where('client_order_id', '=', clientOrderId)
          .where('state', '=', 'working')
          .returning('client_order_id')
          .executeTakeFirst(),
      )
      return changed !== undefined
    },

    /** May orders rest in a symbol? */
    mayRestIn: (symbol: string) => resting.has(symbol),

    /** The symbols in which orders rest, whoever entered them. */
    async symbols(): Promise<string[]> {
      const before = [...resting]
      const { rows } = await sql<{ symbol: string }>`
        select distinct symbol from paper_orders where state = 'working'`.execute(db)
      const now = rows.map(({ symbol }) => symbol)
      for (const symbol of before) if (!now.includes(symbol)) resting.delete(symbol)
      for (const symbol of now) resting.add(symbol)
      return now
    },

    /** The order as it rests; undefined when it does not. */
    async resting(clientOrderId: string): Promise<(VenueOrder & { limitPrice: Big }) | undefined> {
      const row = await asked(
        db
          .selectFrom('paper_orders')
          .selectAll()
          .where('client_order_id', '=', clientOrderId)
          .where('state', '=', 'working')
          .executeTakeFirst(),
      )
      if (!row) return undefined
      const { symbol, side, quantity, limit_price, expires_at } = row
      return {
        clientOrderId,
        symbol: symbol!,
        side: side!,
        quantity: new Big(quantity!),
        limitPrice: new Big(limit_price!),
        expiresAt: expires_at ?? undefined,
      }
    },

    /**
     * Fills every resting order that one of these prices reaches within its time, at that price, in one statement. A row that somebody is
     * changing at this moment is left for the next look. Answers with the fills that this call made.
     */
    async fillReached(touches: Touch[], commissionPerUnit: Big, at: Date): Promise<VenueFill[]> {
      const prices = touches.map(({ symbol, bid, ask }) => ({ symbol, bid: bid.toFixed(), ask: ask.toFixed() }))
      const { rows } = await sql<Selectable<Database['paper_orders']>>`
        with reached as (
          select o.client_order_id, case o.side when 'sell' then t.bid else t.ask end as touch
          from jsonb_to_recordset(${JSON.stringify(prices)}::jsonb) as t(symbol text, bid numeric, ask numeric)
          join paper_orders o on o.symbol = t.symbol and o.state = 'working'
          where case o.side when 'sell' then t.bid >= o.limit_price else t.ask <= o.limit_price end
            and (o.expires_at is null or o.expires_at > ${at})
          for update of o skip locked
        )
        update paper_orders o set state = 'filled', venue_fill_id = 'paper-' || o.client_order_id, price = r.touch,
          commission = o.quantity * ${commissionPerUnit.toFixed()}::numeric, filled_at = ${at}
        from reached r where o.client_order_id = r.client_order_id
        returning o.*`.execute(db)
      return rows.map(fillOf)
    },
  }
}

export type PaperBook = ReturnType<typeof createPaperBook>

function rowOf(order: VenueOrder, fill: VenueFill | undefined): Insertable<Database['paper_orders']> {
  return {
    client_order_id: order.clientOrderId,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity.toFixed(),
    limit_price: order.limitPrice?.toFixed() ?? null,
    expires_at: order.expiresAt ?? null,
    ...(fill
      ? filledColumns(fill)
      : { state: 'working', venue_fill_id: null, price: null, commission: null, filled_at: null }),
  }
}

function filledColumns(fill: VenueFill) {
  return {
    state: 'filled' as const,
    venue_fill_id: fill.venueFillId,
    price: fill.price.toFixed(),
    commission: fill.commission.toFixed(),
    filled_at: fill.filledAt,
  }
}

function standingOf(row: Selectable<Database['paper_orders']>): Standing {
  switch (row.state) {
    case 'filled':
      return { state: 'filled', fill: fillOf(row) }
    case 'working':
      return { state: 'working', limitPrice: new Big(row.limit_price!) }
    case 'cancelled':
      return { state: 'cancelled' }
  }
}

function fillOf(row: Selectable<Database['paper_orders']>): VenueFill {
  return {
    venueFillId: row.venue_fill_id!,
    clientOrderId: row.client_order_id,
    quantity: new Big(row.quantity!),
    price: new Big(row.price!),
    commission: new Big(row.commission!),
    filledAt: row.filled_at!,
  }
}

/** The answer of the database. Without one nobody knows what is in the book. */
async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question
  } catch (cause) {
    throw new VenueError('unknown', 'The book of the paper venue did not answer', cause)
  }
}
