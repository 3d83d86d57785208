import { sum, zero } from '../../base/amounts.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import { liveOrdersOf } from '../orders/rows/working-orders.ts'
import { compareOrders } from '../orders/sweep-orders.ts'
import type { Parts } from '../parts.ts'
import { applyActions, bookLateCash, importActions } from './actions.ts'
import { type CompareOptions, compareBooks, usualComparison } from './compare.ts'
import { importExecutions } from './executions.ts'
import { LeaseLost, type LookedAt } from './fence.ts'
import { readBooks } from './rows/books.ts'
import { lastLook, noteFailedLook, saveBalance } from './rows/looks.ts'

/** Settings of looks, and a question that ends a look in between: does this process still look after the account? */
export interface LookOptions extends Partial<CompareOptions> {
  isStillMine?(): boolean
}

/** If the books keep moving while the venue is asked, the next look compares them. */
const mostTries = 4
/** A sender waits so long for the venue's answer, in milliseconds. */
const patienceMs = 3000

/**
 * Looks at a linked account: orders, then executions, then corporate actions, then positions. Each question that is answered is
 * recorded at once, and repeats change nothing. Positions are compared only when no execution came and the ledger did not move while
 * they were asked for. Throws when the venue or Postgres does not answer: then nothing is concluded from silence.
 */
export async function lookAt(parts: Parts, looked: LookedAt, options: LookOptions = {}): Promise<void> {
  try {
    await look(parts, looked, options)
  } catch (cause) {
    if (cause instanceof LeaseLost) throw cause
    const because = cause instanceof Error ? cause.message : String(cause)
    await noteFailedLook(parts.db, looked.accountId, because.slice(0, 300), parts.clock.now()).catch(() => {})
    throw cause
  }
}

/** Is an order confirmed, or has its sender given up waiting for the answer? Until then the sender tells of it. */
function isOverdue({ clock }: Parts, { venueOrderId, createdAt }: AnyOrder): boolean {
  return venueOrderId !== undefined || clock.now().getTime() - createdAt.getTime() > patienceMs
}

async function look(parts: Parts, looked: LookedAt, { isStillMine, ...comparison }: LookOptions): Promise<void> {
  const { accountId } = looked
  const options = { ...usualComparison, ...comparison }
  const { venue, account } = await parts.venues.of(accountId)
  const goOn = () => {
    if (isStillMine && !isStillMine()) throw new LeaseLost(accountId)
  }
  const isFirst = (await lastLook(parts.db, accountId)) === undefined
  const live = (await liveOrdersOf(parts.db, accountId)).filter((order) => isOverdue(parts, order))
  // Orders without an outcome have a clock of their own, on which the venue is asked for each.
  const isConfirmed = ({ venueOrderId }: AnyOrder) => venueOrderId !== undefined
  const { strangers } = await compareOrders(parts, accountId, live, isConfirmed)
  goOn()
  await importExecutions(parts, looked, isFirst)
  goOn()
  if (!isFirst) await importActions(parts, looked, false)
  await saveBalance(parts.db, accountId, await venue.balance(account), parts.clock.now())
  for (let tries = 0; tries < mostTries; tries++) {
    goOn()
    const before = await readBooks(parts.db, accountId)
    const listed = await venue.positions(account)
    const positions = new Map(
      [...Map.groupBy(listed, ({ symbol }) => symbol)].map(([symbol, own]) => [
        symbol,
        sum(own.map(({ signedQuantity }) => signedQuantity)),
      ]),
    )
    for (const [symbol, quantity] of positions) if (quantity.eq(zero)) positions.delete(symbol)
    goOn()
    // An execution that came in between is in the positions, and not yet in the ledger.
    if ((await importExecutions(parts, looked, isFirst)) > 0) continue
    const { hasMoved, waiting } = await applyActions(parts, looked, positions)
    if (hasMoved) continue
    const shown = { positions, waiting, others: strangers, isFirst }
    if (await compareBooks(parts, looked, { before, shown }, options)) break
  }
  // The past is over; only its end is needed.
  if (isFirst) await importActions(parts, looked, true)
  else await bookLateCash(parts, looked)
}
