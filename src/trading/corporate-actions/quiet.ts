import { setTimeout as wait } from 'node:timers/promises'
import { endOrder } from '../orders/end-order.ts'
import { type AnyOrder, mayRest } from '../orders/rows/orders.ts'
import type { Parts } from '../parts.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { type CorporateAction, noteWorked } from './rows/corporate-actions.ts'
import { type InTheWay, inTheWay } from './rows/in-the-way.ts'
import { noteTaken } from './rows/taken-orders.ts'
import { becauseOf } from './rules/describe.ts'

/** Waits between looks, in milliseconds: several seconds in all while somebody waits for the answer, less for the sweep. */
export const patientLooks = [0, 50, 100, 200, 400, 750, 1000, 1000, 1500]
export const shortLooks = [0, 100, 400]

/** From this look on market orders are taken back, too; until then they have had time to be filled. */
const looksForMarket = 3

/**
 * Takes back the orders in the symbol of an action, in one account or in all, and waits until nothing is under way. Returns
 * what still is. Taken orders are noted first, so that any process can place them again; the rest of a chunk returns to its
 * scaleout. A close at once is never taken back, only waited for.
 */
export async function quieten(
  parts: Parts,
  action: CorporateAction,
  looks: number[],
  accountId?: number,
): Promise<InTheWay[]> {
  let left: InTheWay[] = []
  for (const [look, ms] of looks.entries()) {
    if (ms > 0) await wait(ms)
    left = await inTheWay(parts.db, action, accountId)
    if (left.length === 0) return []
    await noteWorked(parts.db, action.id, parts.clock.now())
    const isLast = look === looks.length - 1
    const orders = left.flatMap((one) => (one.kind === 'order' && !isClosing(one.order) ? [one.order] : []))
    const due = orders.filter((order) => mayRest(order) || look >= looksForMarket || isLast)
    const noted = await noteTaken(parts.db, action, due.filter(isPlacedAgain))
    const taken = [...noted, ...due.filter((order) => !isPlacedAgain(order))]
    const say = { postedBy: 'outbox' as const }
    await Promise.all(taken.map((order) => endOrder(parts, order, say, becauseOf(action))))
  }
  return inTheWay(parts.db, action, accountId)
}

/**
 * An order that a member wants cancelled is not placed again; neither is one of a chunk, whose scaleout continues by itself, nor
 * protection, which follows the levels.
 */
function isPlacedAgain(order: AnyOrder): boolean {
  const isOfChunk = order.purpose !== 'open' && order.chunkId !== null
  return !isOfChunk && order.purpose !== 'protect' && order.cancelAskedAt === undefined
}
