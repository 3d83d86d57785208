import type { Big } from '../../../base/amounts.ts'

/** What the loss of a day is measured by, in dollars. */
export interface DayBasis {
  /** Equity when the day began: the limit is a share of it. */
  start: Big
  /** Equity from which on losses count: the same, or what was left when an owner resumed the account. */
  base: Big
}

/** What an account of this equity lost since its base, as a share of the day's start; negative when it gained, undefined when it began with nothing. */
export function dayLoss({ start, base }: DayBasis, equity: Big): Big | undefined {
  return start.gt(0) ? base.minus(equity).div(start) : undefined
}

/** The unrealized P&L at which an account of this settled equity has lost its limit of the day, in dollars. */
export function unrealizedFloor({ start, base }: DayBasis, settled: Big, limit: Big): Big {
  return base.minus(start.times(limit)).minus(settled)
}
