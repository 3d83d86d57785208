import { logChances } from './network.ts'

/** The two heads of a policy: where to, and how much of the equity. */
export const directions = ['LONG', 'SHORT', 'HOLD'] as const
export const sizes = [0, 0.05, 0.1, 0.15, 0.2] as const
export const heads: readonly number[] = [directions.length, sizes.length]

/** A decision: a weight to go to, or to keep what is there. */
export interface Action {
  direction: (typeof directions)[number]
  /** The share of the equity; it says nothing beside HOLD. */
  size: number
}

/** The action of a choice of each head. */
export function actionOf([direction, size]: ArrayLike<number> & Iterable<number>): Action {
  return { direction: directions[direction!]!, size: sizes[size!]! }
}

/** The likeliest action of an actor's results, and the chances of its two choices. */
export function likeliest(results: Float64Array): { action: Action; chances: [number, number]; logs: Float64Array } {
  const logs = Float64Array.from(results)
  logChances(logs, 0, directions.length)
  logChances(logs, directions.length, logs.length)
  const best = (from: number, to: number) => {
    let at = from
    for (let other = from + 1; other < to; other++) if (logs[other]! > logs[at]!) at = other
    return at
  }
  const [direction, size] = [best(0, directions.length), best(directions.length, logs.length)]
  return {
    action: actionOf([direction, size - directions.length]),
    chances: [Math.exp(logs[direction]!), Math.exp(logs[size]!)],
    logs,
  }
}

/**
 * The distance of the stop as a share of the entry: 1.5 standard moves to the exit's horizon, up to twice as many when the range is as wide
 * as on no other day of a year; between 1.5 and 12%.
 */
export function stopShare({ reach, risk }: { reach: number; risk: number }): number {
  return Math.max(0.015, Math.min(0.12, 1.5 * reach * (1 + risk)))
}

/** The costs that a policy reckons with, as shares of the value of a fill and a year's interest. */
export const reckonedCosts = { commission: 0, perFill: 0, halfSpread: 0.0002, slippage: 0.0002, borrow: 0.01 } as const
