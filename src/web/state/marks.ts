import Big from 'big.js'
import type { Figures } from '../../api/contract/accounts.ts'
import type { Position, Price } from '../../api/contract/positions.ts'

const latest = new WeakMap<Position, Position>()

/**
 * A position at a newer price than the desk told with it, by the desk's own formulas (docs/monitoring.md). It is the same object
 * until the price is another one, so that only the cards are drawn anew whose price has changed.
 */
export function marked(position: Position, price: Price | undefined): Position {
  if (!price || (position.price && position.price.at >= price.at)) return position
  const before = latest.get(position)
  if (before?.price === price) return before
  const now = atPrice(position, price)
  latest.set(position, now)
  return now
}

function atPrice(position: Position, price: Price): Position {
  const last = new Big(price.last)
  const value = last.times(position.quantity)
  const sign = position.direction === 'LONG' ? 1 : -1
  const unrealized = value.minus(position.openCost).times(sign)
  const cost = new Big(position.openCost)
  return {
    ...position,
    price,
    value: value.times(sign).toFixed(),
    unrealizedPnl: unrealized.toFixed(),
    unrealizedReturn: cost.eq(0) ? '0' : unrealized.div(cost).toFixed(),
    masterPnl: unrealized.plus(position.realizedPnl).toFixed(),
  }
}

/**
 * The figures of an account whose open positions are at newer prices: `then` as they were when the figures were told, and `now`. The
 * equity that a broker has told moves with them, too, until it tells the next.
 */
export function movedBy(figures: Figures, then: Position[], now: Position[]): Figures {
  const open = (all: Position[]) => all.reduce((sum, { unrealizedPnl }) => sum.plus(unrealizedPnl ?? 0), new Big(0))
  const worth = (all: Position[]) => all.reduce((sum, { value }) => sum.plus(new Big(value ?? 0).abs()), new Big(0))
  const change = open(now).minus(open(then))
  return {
    ...figures,
    equity: change.plus(figures.broker?.equity ?? figures.equity).toFixed(),
    openPnl: change.plus(figures.openPnl).toFixed(),
    dayPnl: figures.dayPnl === null ? null : change.plus(figures.dayPnl).toFixed(),
    exposure: worth(now).minus(worth(then)).plus(figures.exposure).toFixed(),
  }
}
