import type { ScheduledOrder } from './rows/scheduled-orders.ts'

/** Notices about orders for later. */
export type ScheduleNotice =
  /** The order ended with its position; `because` says how the position ended. */
  { kind: 'schedule.ended_with_position'; order: ScheduledOrder; because: string }
