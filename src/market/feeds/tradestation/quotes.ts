import { z } from 'zod'
import type { Big } from '../../../base/amounts.ts'
import type { Quote } from '../../market.ts'
import { assumedAround, priceIn, tickAt } from '../shared/prices.ts'

/** A quote as TradeStation writes it: whole at first, then only the fields that changed. */
export const quotePayload = z.object({
  Symbol: z.string().min(1),
  Bid: z.string().nullish(),
  Ask: z.string().nullish(),
  Last: z.string().nullish(),
  TradeTime: z.string().nullish(),
  MarketFlags: z.object({ IsDelayed: z.boolean().nullish(), IsHalted: z.boolean().nullish() }).nullish(),
  Error: z.string().nullish(),
})
export type Written = z.infer<typeof quotePayload>

export const quotesPayload = z.object({
  Quotes: z.array(quotePayload).nullish(),
  Errors: z.array(z.object({ Symbol: z.string().nullish(), Error: z.string().nullish() })).nullish(),
})

/** All that is known of a symbol's price. */
export interface Prices {
  /** Dollars; absent: there is none. */
  bid?: Big
  ask?: Big
  last?: Big
  tradedAt?: Date
  isDelayed?: boolean
  isHalted?: boolean
}

/** The prices after a frame. A field that it leaves out stays; a price of zero is none. */
export function withFrame(before: Prices, frame: Written, now: Date): Prices {
  const next = { ...before }
  if (frame.Bid != null) next.bid = priceIn(frame.Bid)
  if (frame.Ask != null) next.ask = priceIn(frame.Ask)
  if (frame.Last != null) next.last = priceIn(frame.Last) ?? before.last
  if (frame.TradeTime != null) {
    const at = Date.parse(frame.TradeTime)
    // A moment of the future is a clock that is wrong.
    if (Number.isFinite(at)) next.tradedAt = new Date(Math.min(at, now.getTime()))
  }
  if (frame.MarketFlags) {
    next.isDelayed = frame.MarketFlags.IsDelayed ?? before.isDelayed
    next.isHalted = frame.MarketFlags.IsHalted ?? before.isHalted
  }
  return next
}

/** Fifteen minutes, for accounts without the exchange's feed. */
export const delayMs = 15 * 60_000

/**
 * The quote of a symbol; undefined without any price. While the exchange is open, prices hold until others come, so a quote is as old as the
 * last sign of life (`confirmedAt`); while it is closed, as its last trade.
 */
export function quoteOf(
  symbol: string,
  prices: Prices,
  { confirmedAt, isOpen }: { confirmedAt: Date; isOpen: boolean },
): Quote | undefined {
  const { bid, ask, last, tradedAt, isDelayed, isHalted } = prices
  const isTwoSided = bid !== undefined && ask !== undefined
  const isCrossed = isTwoSided && bid.gt(ask)
  const price = last ?? (isTwoSided ? bid.plus(ask).div(2).round(4) : undefined)
  if (!price) return undefined
  const made = tradedAt && tradedAt < confirmedAt ? tradedAt : confirmedAt
  const at = isOpen && isTwoSided ? confirmedAt : made
  const weak = isDelayed
    ? 'TradeStation’s price is 15 min late'
    : isCrossed
      ? 'its bid is above its ask'
      : isTwoSided
        ? undefined
        : `it has no ${bid ? 'ask' : ask ? 'bid' : 'bid and no ask'}`
  const sides = isTwoSided && !isCrossed ? { bid, ask } : { ...assumedAround(price, tickAt(price)), isAssumed: true }
  return {
    ...{ symbol, ...sides, last: price, source: 'tradestation' },
    at: isDelayed ? new Date(at.getTime() - delayMs) : at,
    ...(isHalted && { stale: 'trading is halted', isHalted: true }),
    ...(weak && { weak }),
  }
}
