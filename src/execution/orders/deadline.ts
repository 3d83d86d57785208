import type { AnyOrder } from '../../ledger/orders.ts'
import { isClosing } from '../critical/purposes.ts'
import type { Parts } from '../parts.ts'

/** An exit that a member, or a chunk, wanted this long ago was wanted at the price of then. Closes at once have no deadline. */
export function isTooLate(
  { clock, exitDeadlineMs }: Pick<Parts, 'clock' | 'exitDeadlineMs'>,
  order: AnyOrder,
): boolean {
  return !isClosing(order) && clock.now().getTime() - order.createdAt.getTime() > exitDeadlineMs
}
