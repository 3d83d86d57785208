import Big from 'big.js'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/schema.ts'
import type { Instrument, Market, Quote } from '../market/market.ts'
import { draw, seedOf } from '../market/noise.ts'
import { createPaperBook } from './paper-book.ts'
import { startMatching } from './paper-matching.ts'
import { createActivity, slippageShare } from './slippage.ts'
import { type Standing, type Venue, VenueError, type VenueFill, type VenueOrder } from './venue.ts'

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
 * Fills market orders at the ask (buy) or bid (sell), less slippage, whole and at once; an order with a limit too, when
 * the market is there already, and never worse than its limit. Else it rests, until a current quote reaches it
 * (`startMatching`). Who asks twice for a `clientOrderId`, also at once and also after a restart, gets one and the same
 * outcome.
 */
export function createPaperVenue(options: PaperVenueOptions): Venue {
  const { db, market, clock, slippageBps } = options
  const activityOf = createActivity(market, () => clock.now())
  const commissionPerUnit = new Big(options.commissionPerUnit)
  const book = createPaperBook(db)

  /** How the order stood before, if it did: what is taken stays taken, whatever the market says now. */
  async function refuse(order: VenueOrder, reason: string): Promise<Standing> {
    const before = await book.find(order.clientOrderId)
    if (before) return before
    throw new VenueError('rejected', reason)
  }

  async function standingNow(clientOrderId: string): Promise<Standing> {
    const standing = await book.find(clientOrderId)
    if (standing) return standing
    throw new VenueError('unknown', `The paper venue has order ${clientOrderId}, but does not find it`)
  }

  /** The fill of an order at this quote; undefined when its limit is not reached, or its time is over. */
  async function fillAt(order: VenueOrder, quote: Quote, instrument: Instrument): Promise<VenueFill | undefined> {
    if (!isReached(order, quote) || (order.expiresAt && order.expiresAt <= clock.now())) return undefined
    const share =
      slippageBps === 0 ? 0 : slippageShare(slippageBps, order.quantity.toNumber(), await activityOf(instrument.symbol))
    return {
      // One order has one fill here, so the order's id tells the fills apart.
      venueFillId: `paper-${order.clientOrderId}`,
      clientOrderId: order.clientOrderId,
      quantity: order.quantity,
      price: withinLimit(order, priceOf(order, quote, instrument, share)),
      commission: order.quantity.times(commissionPerUnit),
      filledAt: clock.now(),
    }
  }

  return {
    name: 'paper',
    find: book.find,
    subscribe: (listener) => startMatching({ book, market, clock, commissionPerUnit }, listener),

    async submit(order) {
      const instrument = market.instrument(order.symbol)
      if (!instrument) return refuse(order, `${order.symbol} is not traded here`)
      if (order.quantity.lte(0) || !order.quantity.mod(instrument.lot).eq(0)) {
        return refuse(order, `${order.quantity} is not a multiple of ${instrument.lot} ${instrument.symbol}`)
      }
      const { limitPrice } = order
      if (limitPrice?.lte(0)) return refuse(order, `${limitPrice} is not a price`)
      const quote = await market.quote(order.symbol)
      const unusable = quote ? quote.stale : 'there is no price for it'
      if (!limitPrice && !quote) return refuse(order, `There is no price for ${instrument.symbol}`)
      if (!limitPrice && unusable) return refuse(order, `${instrument.symbol} cannot be traded now: ${unusable}`)

      const fill = quote && !unusable ? await fillAt(order, quote, instrument) : undefined
      if (!(await book.enter({ ...order, symbol: instrument.symbol }, fill))) return standingNow(order.clientOrderId)
      return fill ? { state: 'filled', fill } : { state: 'working', limitPrice: limitPrice! }
    },

    async cancel(clientOrderId) {
      if (await book.cancel(clientOrderId)) return { state: 'cancelled' }
      const standing = await standingNow(clientOrderId)
      if (standing.state !== 'working') return standing
      throw new VenueError('unknown', `Order ${clientOrderId} was neither cancelled nor filled`)
    },

    async move(clientOrderId, limitPrice) {
      const order = await book.resting(clientOrderId)
      const instrument = order && market.instrument(order.symbol)
      if (order && instrument && limitPrice.gt(0)) {
        const quote = await market.quote(order.symbol)
        const moved = { ...order, limitPrice }
        const fill = quote && !quote.stale ? await fillAt(moved, quote, instrument) : undefined
        if (await book.change(clientOrderId, limitPrice, fill)) {
          return fill ? { state: 'filled', fill } : { state: 'working', limitPrice }
        }
      }
      const standing = await book.find(clientOrderId)
      if (!standing) throw new VenueError('rejected', 'the paper venue does not have it')
      if (standing.state === 'working') throw new VenueError('rejected', `${limitPrice} is not a price`)
      return standing
    },
  }
}

/** Could the order be filled at this quote? One without a limit always. */
function isReached({ side, limitPrice }: VenueOrder, quote: Quote): boolean {
  if (!limitPrice) return true
  return side === 'buy' ? quote.ask.lte(limitPrice) : quote.bid.gte(limitPrice)
}

/** Slippage goes no further than the limit. */
function withinLimit({ side, limitPrice }: VenueOrder, price: Big): Big {
  if (!limitPrice) return price
  const isBeyond = side === 'buy' ? price.gt(limitPrice) : price.lt(limitPrice)
  return isBeyond ? limitPrice : price
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
