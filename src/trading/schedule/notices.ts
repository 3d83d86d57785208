import type { Big } from '../../base/amounts.ts'
import type { ScheduledOrder } from './rows/scheduled-orders.ts'

/** Notices about orders for later. */
export type ScheduleNotice =
  /** The order ended with its position; `because` says how the position ended. */
  | { kind: 'schedule.ended_with_position'; order: ScheduledOrder; because: string }
  /** A weak price reached the order's level on a linked account, where it alone is not enough, `because` of this. Dollars a unit. */
  | { kind: 'schedule.reached_weakly'; order: ScheduledOrder; price: Big; because: string }
