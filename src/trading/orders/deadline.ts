import type { Parts } from '../parts.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import type { AnyOrder } from './rows/orders.ts'

type Deadline = Pick<Parts, 'clock' | 'exitDeadlineMs'>

/** An exit that a member, or a chunk, wanted this long ago was wanted at the price of then. Closes at once have no deadline. */
export function isTooLate(parts: Deadline, order: AnyOrder): boolean {
  return !isClosing(order) && isPastDeadline(parts, order.createdAt)
}

/** The same of what was wanted at a moment and has no order yet. */
export function isPastDeadline({ clock, exitDeadlineMs }: Deadline, wantedAt: Date): boolean {
  return clock.now().getTime() - wantedAt.getTime() > exitDeadlineMs
}
