import { Big } from './amounts.ts'

/** What an account lost since the start of the day, as a share of its equity then; negative when it gained, undefined without a start. */
export function dayLoss(equity: Big, start: Big | undefined): Big | undefined {
  return start?.gt(0) ? start.minus(equity).div(start) : undefined
}

/** The unrealized P&L at which an account of this settled equity has lost its limit of the day, in dollars. */
export function unrealizedFloor(settled: Big, start: Big, limit: Big): Big {
  return start.times(new Big(1).minus(limit)).minus(settled)
}
