import Big from 'big.js'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/schema.ts'
import type { Instrument, Market, Quote } from '../market/market.ts'
import { draw, seedOf } from '../market/noise.ts'
import { together } from '../together.ts'
import type { Side } from '../trading/position.ts'
import { createActivity, slippageShare } from './slippage.ts'
import { type Venue, VenueError, type VenueFill, type VenueOrder } from './venue.ts'

/** What `createPaperVenue` needs. */
export interface PaperVenueOptions {
  db: Kysely<Database>
  market: Market
  clock: Clock
  /** Basis points of the price that every order pays beyond bid or ask; 0 turns the whole slippage model off. */
  slippageBps: number
  /** Dollars per unit. */
  commissionPerUnit: number
}

/**
 * Fills market orders at the ask (buy) or bid (sell), less slippage, whole and at once. Its book is the table
 * `paper_fills`: who asks twice for a `clientOrderId`, also at once and also after a restart, gets one and the same fill.
 */
export function createPaperVenue(options: PaperVenueOptions): Venue {
  const { db, market, clock, slippageBps } = options
  const activityOf = createActivity(market, () => clock.now())
  const commissionPerUnit = new Big(options.commissionPerUnit)

  /** Writes fills into the book; false for an order that has one already. A thousand orders at once are one statement. */
  const take = together(async (rows: Insertable<Database['paper_fills']>[]) => {
    const inserted = await db
      .insertInto('paper_fills')
      .values(rows)
      .onConflict((conflict) => conflict.column('client_order_id').doNothing())
      .returning('client_order_id')
      .execute()
    const taken = new Set(inserted.map((row) => row.client_order_id))
    // Of one order twice in a batch only one is in the book.
    return rows.map((row) => taken.delete(row.client_order_id))
  })

  async function find(clientOrderId: string): Promise<VenueFill | undefined> {
    const row = await asked(
      db.selectFrom('paper_fills').selectAll().where('client_order_id', '=', clientOrderId).executeTakeFirst(),
    )
    return row && fillOf(row)
  }

  /** The fill it had, if it had one: an order that is taken stays taken, whatever the market says now. */
  async function refuse(order: VenueOrder, reason: string): Promise<VenueFill> {
    const before = await find(order.clientOrderId)
    if (before) return before
    throw new VenueError('rejected', reason)
  }

  return {
    name: 'paper',
    find,
    async submit(order) {
      const instrument = market.instrument(order.symbol)
      if (!instrument) return refuse(order, `${order.symbol} is not traded here`)
      if (order.quantity.lte(0) || !order.quantity.mod(instrument.lot).eq(0)) {
        return refuse(order, `${order.quantity} is not a multiple of ${instrument.lot} ${instrument.symbol}`)
      }
      const quote = await market.quote(order.symbol)
      if (!quote) return refuse(order, `There is no price for ${instrument.symbol}`)
      if (quote.stale) return refuse(order, `${instrument.symbol} cannot be traded now: ${quote.stale}`)

      const share =
        slippageBps === 0
          ? 0
          : slippageShare(slippageBps, order.quantity.toNumber(), await activityOf(instrument.symbol))
      const fill: VenueFill = {
        // One order has one fill here, so the order's id tells the fills apart.
        venueFillId: `paper-${order.clientOrderId}`,
        clientOrderId: order.clientOrderId,
        quantity: order.quantity,
        price: priceOf(order, quote, instrument, share),
        commission: order.quantity.times(commissionPerUnit),
        filledAt: clock.now(),
      }
      if (await asked(take(rowOf(fill, instrument.symbol, order.side)))) return fill
      const before = await find(order.clientOrderId)
      if (before) return before
      throw new VenueError('unknown', `The paper venue has order ${order.clientOrderId}, but does not find its fill`)
    },
  }
}

/**
 * Bid or ask, moved against the trader by `share` of itself, in whole ticks. A slippage of a third of a tick takes a
 * tick off every third order: rounding each one would cost a $1 stock its percent every time, or nothing ever. Which
 * third is drawn from the order's id, so the same order meets the same price.
 */
function priceOf(order: VenueOrder, quote: Quote, { tick }: Instrument, share: number): Big {
  const touch = order.side === 'buy' ? quote.ask : quote.bid
  const ticks = touch.times(share).div(tick).toNumber()
  const slipped = tick.times(Math.floor(ticks + draw(seedOf('slippage', order.clientOrderId), 0)))
  if (order.side === 'buy') return touch.plus(slipped)
  const price = touch.minus(slipped)
  return price.gte(tick) ? price : tick.lt(touch) ? tick : touch
}

function rowOf(fill: VenueFill, symbol: string, side: Side) {
  return {
    client_order_id: fill.clientOrderId,
    venue_fill_id: fill.venueFillId,
    symbol,
    side,
    quantity: fill.quantity.toFixed(),
    price: fill.price.toFixed(),
    commission: fill.commission.toFixed(),
    filled_at: fill.filledAt,
  }
}

function fillOf(row: Selectable<Database['paper_fills']>): VenueFill {
  return {
    venueFillId: row.venue_fill_id,
    clientOrderId: row.client_order_id,
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    commission: new Big(row.commission),
    filledAt: row.filled_at,
  }
}

/** The answer of the database. Without one nobody knows whether the fill is in the book. */
async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question
  } catch (cause) {
    throw new VenueError('unknown', 'The book of the paper venue did not answer', cause)
  }
}
