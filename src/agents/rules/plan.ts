import type { Levels, Wish } from '../../backtest/engine/port.ts'
import type { AgentWish, Plan } from './agent.ts'

/** What an agent holds and may hold, in floats: quantities of its orders are whole units. */
export interface Standing {
  /** Signed units. */
  quantity: number
  /** Dollars, and dollars a unit. */
  equity: number
  close: number
  /** The most of the equity in a symbol, as a share of one. */
  size: number
}

/**
 * The orders that carry out the wishes of a close at the next open, as the engine of backtests does: exits first, and an order of the
 * other side closes before it opens. An order with a quantity opens no more than the size allows. Undefined without anything to do;
 * a sentence for a wish that agents cannot carry out.
 */
export function planOf(wishes: readonly AgentWish[], standing: Standing): Plan | string | undefined {
  let held = standing.quantity
  let exit = 0
  let enter: Plan['enter']
  for (const { does, what } of wishes) {
    if (does === 'close') {
      exit += Math.abs(held)
      held = 0
    } else if (does === 'order') {
      const wish = what as Wish
      const unfit = unfitWish(wish)
      if (unfit) return unfit
      const sign = wish.side === 'buy' ? 1 : -1
      const opposite = sign * held < 0 ? Math.abs(held) : 0
      const closes = wish.quantity === undefined ? opposite : Math.min(opposite, wish.quantity)
      exit += closes
      held += sign * closes
      const units = wish.quantity === undefined ? undefined : wish.quantity - closes
      if (units === 0) continue
      const allowed = units === undefined ? undefined : Math.min(units, roomFor(standing, held))
      if (allowed === 0) continue
      enter = { side: wish.side, ...(allowed !== undefined && { units: allowed }), ...sharesOf(wish.levels) }
    } else if (does !== 'cancel') return `An agent cannot carry out "${does}"`
  }
  if (exit === 0 && !enter) return undefined
  return {
    ...(exit > 0 && { exit: { side: standing.quantity > 0 ? 'sell' : 'buy', units: exit } }),
    ...(enter && { enter }),
  }
}

/** Whole units that may be added to what is held before it is worth more than the size. */
function roomFor({ equity, size, close }: Standing, held: number): number {
  return Math.max(0, Math.floor((size * equity) / close) - Math.abs(held))
}

function unfitWish({ limit, stop, share, levels = {} }: Wish): string | undefined {
  if (limit !== undefined || stop !== undefined) return 'An agent places no orders with a limit or a stop'
  if (share !== undefined) return 'An agent takes its size, and no other share'
  const { stop: at, target, trailShare } = levels
  return (at ?? target ?? trailShare)
    ? 'An agent takes stops and targets as shares of the entry, without a trail'
    : undefined
}

const sharesOf = ({ stopShare, targetShare }: Levels = {}) => ({
  ...(stopShare !== undefined && { stopShare }),
  ...(targetShare !== undefined && { targetShare }),
})
