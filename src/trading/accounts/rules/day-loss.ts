import type { Big } from '../../../base/amounts.ts'

/** The basis of a day's loss, in dollars. */
export interface DayBasis {
  /** Equity when the day began. The limit is a share of it. */
  start: Big
  /** Equity from which losses count: the start, or the equity when an owner resumed the account. */
  base: Big
}

/**
 * The loss of an account since its base, as a share of the day's start. Negative for a gain; undefined when the start is not
 * above zero.
 */
export function dayLoss({ start, base }: DayBasis, equity: Big): Big | undefined {
  return start.gt(0) ? base.minus(equity).div(start) : undefined
}

/** The unrealized P&L, in dollars, at which an account with this settled equity reaches its loss limit of the day. */
export function unrealizedFloor({ start, base }: DayBasis, settled: Big, limit: Big): Big {
  return base.minus(start.times(limit)).minus(settled)
}
