import { Big } from '../../base/amounts.ts'
import { type Clock, realWait } from '../../base/clock.ts'
import { draw, seedOf } from '../../market/feeds/sim/noise.ts'
import type { Market, Quote } from '../../market/market.ts'
import type { VenueFill, VenueOrder } from '../venue.ts'
import type { NextFill } from './book.ts'
import { chanceOf, partOf } from './chance.ts'
import { arrivingPrice, restingPrice } from './fill-rules.ts'
import type { BookOrder } from './rows.ts'
import { createActivity, slippageShare } from './slippage.ts'

/** The parts and settings of a filler. */
export interface FillerParts {
  market: Market
  clock: Clock
  /** Basis points of the price that an order pays beyond bid or ask; 0 turns the whole slippage model off. */
  slippageBps: number
  /** Dollars a unit. */
  commissionPerUnit: number
  /** Whole and at once, or in parts over time. */
  fills: 'whole' | 'parts'
  /** The seed of all random draws. */
  seed: number
}

/** Computes the fills of orders that a quote reaches: quantity and price. It writes nothing. */
export function createFiller({ market, clock, slippageBps, commissionPerUnit, fills, seed }: FillerParts) {
  const activityOf = createActivity(market, () => clock.now())
  const commission = new Big(commissionPerUnit)

  /** The fill of an order that takes liquidity, with its part number, from 1. */
  async function taking(order: VenueOrder, quantity: Big, number: number, quote: Quote, at: Date): Promise<VenueFill> {
    const share =
      slippageBps === 0 ? 0 : slippageShare(slippageBps, quantity.toNumber(), await activityOf(order.symbol))
    // Drawn from the order's id, so that the same order gets the same price.
    const chance = draw(seedOf('slippage', order.clientOrderId), number - 1)
    return fillAt(
      arrivingPrice(order, quote, market.instrument(order.symbol)!, { share, chance }),
      order,
      quantity,
      number,
      at,
    )
  }

  function fillAt(price: Big, order: VenueOrder, quantity: Big, number: number, filledAt: Date): VenueFill {
    const { account, clientOrderId, symbol, side } = order
    const id = `paper-${clientOrderId}`
    return {
      account,
      // No order id contains a slash, so the id of a part never equals that of another order's whole fill.
      venueFillId: quantity.eq(order.quantity) ? id : `${id}/${number}`,
      clientOrderId,
      symbol,
      side,
      quantity,
      price,
      commission: quantity.times(commission),
      filledAt,
    }
  }

  return {
    /** The fill of everything that is left of an order, on its arrival or change. */
    arriving: (order: VenueOrder & Pick<BookOrder, 'filledQuantity' | 'parts'>, quote: Quote, at: Date) =>
      taking(order, order.quantity.minus(order.filledQuantity), order.parts + 1, quote, at),

    /** The next fill of an order in the book: everything that is left of it, or a part. */
    async next(order: BookOrder, quote: Quote): Promise<NextFill> {
      const [at, number, left] = [clock.now(), order.parts + 1, order.quantity.minus(order.filledQuantity)]
      const { lot } = market.instrument(order.symbol)!
      const quantity =
        fills === 'whole'
          ? left
          : partOf({ ...order, left, lot, number }, seed, (await activityOf(order.symbol))?.minuteVolume)
      const { limitPrice } = order
      const fill = limitPrice
        ? fillAt(restingPrice({ ...order, limitPrice }, order.acceptedAt, quote), order, quantity, number, at)
        : await taking(order, quantity, number, quote, at)
      if (quantity.eq(left)) return { order, fill, isLast: true }
      const pauseMs = realWait(clock, chanceOf(seed, order.clientOrderId).pauseMs(number))
      return { order, fill, isLast: false, nextPartAt: new Date(at.getTime() + pauseMs) }
    },
  }
}

export type Filler = ReturnType<typeof createFiller>
