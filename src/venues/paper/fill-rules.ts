import type { Big } from '../../base/amounts.ts'
import type { Instrument, PathPoint, Quote } from '../../market/market.ts'
import type { Side } from '../../trading/positions/rules/position.ts'

/** The price terms of an order, in dollars a unit. */
export interface Terms {
  side: Side
  /** Absent: at the market. */
  limitPrice?: Big
  /** The stop or target that sent a market order. */
  touchedLevel?: Big
}

/** The distance of a fill from bid or ask, against the trader. */
export interface Slip {
  /** As a ratio of the price. */
  share: number
  /** In [0, 1): decides whether a fraction of a tick counts as a whole tick or as none. */
  chance: number
}

/** Can the order be filled at this quote? A market order always can. */
export function isReached({ side, limitPrice }: Terms, quote: Quote): boolean {
  if (!limitPrice) return true
  return side === 'buy' ? quote.ask.lte(limitPrice) : quote.bid.gte(limitPrice)
}

/**
 * The price of an order that is filled on arrival: ask or bid, with slippage against the trader, and no worse than its limit.
 * When the path of a recorded bar passed the level that sent the order, that level replaces ask or bid.
 */
export function arrivingPrice(terms: Terms, quote: Quote, { tick }: Pick<Instrument, 'tick'>, slip: Slip): Big {
  const { side, limitPrice, touchedLevel } = terms
  const isPassed = touchedLevel && passes(quote.path ?? [], touchedLevel)
  const price = slipped(side, isPassed ? onTick(side, touchedLevel, tick) : touchOf(side, quote), tick, slip)
  return limitPrice ? better(side, price, limitPrice) : price
}

/**
 * The price of a resting order that a quote reaches: the current bid or ask. On a recorded bar that passed the limit since
 * the order rests, it is the limit. On a bar that opened beyond the limit, it is the open, unless bid or ask has become
 * worse.
 */
export function restingPrice({ side, limitPrice }: Terms & { limitPrice: Big }, since: Date, quote: Quote): Big {
  const touch = touchOf(side, quote)
  const path = pathSince(quote.path ?? [], since)
  if (path.length < 2) return touch
  return passes(path, limitPrice) ? limitPrice : worse(side, touch, path[0]!.price)
}

/** Best ask for a buyer, best bid for a seller. */
function touchOf(side: Side, quote: Quote): Big {
  return side === 'buy' ? quote.ask : quote.bid
}

/** Did a level trade between one price of the path and the next? */
function passes(path: PathPoint[], level: Big): boolean {
  return path.some(({ price: to }, index) => {
    const from = path[index - 1]?.price
    return from !== undefined && (from.lte(level) ? to.gte(level) : to.lte(level))
  })
}

/** The path, beginning with the price that held at a moment. */
function pathSince(path: PathPoint[], since: Date): PathPoint[] {
  const standing = path.findLastIndex(({ at }) => at <= since)
  return path.slice(Math.max(0, standing))
}

/**
 * Moves a price against the trader by a ratio, in whole ticks. A slippage of a third of a tick costs every third order a
 * whole tick. Rounding each order would cost a $1 stock a percent every time, or never anything.
 */
function slipped(side: Side, price: Big, tick: Big, { share, chance }: Slip): Big {
  const ticks = price.times(share).div(tick).toNumber()
  const slip = tick.times(Math.floor(ticks + chance))
  if (side === 'buy') return price.plus(slip)
  const sold = price.minus(slip)
  return sold.gte(tick) ? sold : tick.lt(price) ? tick : price
}

/** Rounds a price to the next tick, against the trader. */
function onTick(side: Side, price: Big, tick: Big): Big {
  const rounded = price
    .div(tick)
    .round(0, side === 'buy' ? 3 : 0)
    .times(tick)
  return rounded.gt(0) ? rounded : price
}

function better(side: Side, one: Big, other: Big): Big {
  return (side === 'buy' ? one.lt(other) : one.gt(other)) ? one : other
}

function worse(side: Side, one: Big, other: Big): Big {
  return (side === 'buy' ? one.gt(other) : one.lt(other)) ? one : other
}
