import type { Parts } from '../parts.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import type { AnyOrder } from './rows/orders.ts'

type Deadline = Pick<Parts, 'clock' | 'exitDeadlineMs'>

/** Is an exit of a member or a chunk so old that its price is out of date? Closes at once and protection have no deadline. */
export function isTooLate(parts: Deadline, order: AnyOrder): boolean {
  return !isClosing(order) && order.purpose !== 'protect' && isPastDeadline(parts, order.createdAt)
}

/** Is a request from this time, which has no order yet, past the deadline? */
export function isPastDeadline({ clock, exitDeadlineMs }: Deadline, wantedAt: Date): boolean {
  return clock.now().getTime() - wantedAt.getTime() > exitDeadlineMs
}
