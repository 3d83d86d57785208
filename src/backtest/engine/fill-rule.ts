/**
 * Fills on a recorded bar, as paper gives them while a replay plays the bar: a limit at its price, or at the open of a bar that
 * begins beyond it; a touched stop at its price, or at the open beyond it. Floats: these are simulations and no money.
 */

/** A bar in dollars a unit. */
export interface Bar {
  open: number
  high: number
  low: number
  close: number
}

/** 1 for a buyer, −1 for a seller: prices times it are better when they are lower. */
export type Sign = 1 | -1

/** The price of a resting limit on a bar; undefined when it is not reached. A fill at the open says so. */
export function limitFill(sign: Sign, limit: number, bar: Bar): { price: number; atOpen: boolean } | undefined {
  if (sign * bar.open <= sign * limit) return { price: bar.open, atOpen: true }
  const best = sign > 0 ? bar.low : bar.high
  return sign * best <= sign * limit ? { price: limit, atOpen: false } : undefined
}

/** The price of a stop on a bar: a buyer's is above the market, a seller's below it. Undefined when it is not touched. */
export function stopFill(sign: Sign, stop: number, bar: Bar): { price: number; atOpen: boolean } | undefined {
  if (sign * bar.open >= sign * stop) return { price: bar.open, atOpen: true }
  const worst = sign > 0 ? bar.high : bar.low
  return sign * worst >= sign * stop ? { price: stop, atOpen: false } : undefined
}

/** Moves a price against whoever trades by a share of it. */
export function slipped(sign: Sign, price: number, share: number): number {
  return price * (1 + sign * share)
}
