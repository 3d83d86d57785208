import { accountDays, lossText, moveDayBase } from '../../accounts/rows/day-equity.ts'
import { endHalt, type Halt, lockAccount } from '../../accounts/rows/halts.ts'
import { settleEvent } from '../../events/rows/watch-events.ts'
import { sayOnce } from '../../events/say-once.ts'
import { takeBackOpenings } from '../../orders/end-order.ts'
import type { Parts } from '../../parts.ts'
import { openPositions } from '../../positions/rows/positions.ts'
import { giveUpClosings } from '../rows/closings.ts'
import type { TrippedEvent } from '../rows/critical-events.ts'
import type { CriticalCloses } from './close.ts'
import { haltAccount } from './halt-account.ts'
import { becauseOf } from './reasons.ts'

/** Wait before the next look at an account that is not flat yet, in milliseconds. */
const againMs = 250

/**
 * The circuit breaker of an account: halts it, then closes every open position as far as that goes now. Returns the
 * milliseconds until the next call; undefined when the account is flat, or an owner has resumed it.
 */
export async function closeAccount(
  parts: Parts,
  closes: CriticalCloses,
  event: TrippedEvent,
): Promise<number | undefined> {
  const { accountId, memberId } = event
  const because = event.data?.because ?? 'the circuit breaker tripped'
  const answeredIn = event.data?.loss === undefined ? (event.conversationId ?? undefined) : undefined
  if (!(await haltAccount(parts, { id: event.id, accountId, because, answeredIn }))) return undefined
  // Take back opening orders while closing positions. The next call closes what they have filled meanwhile.
  const [openings, open] = await Promise.all([
    takeBackOpenings(parts, accountId, becauseOf.breaker),
    openPositions(parts.db, accountId),
  ])
  const waits = await Promise.all(
    open.map(({ id, symbol }) =>
      closes.close({
        eventId: event.id,
        since: event.at,
        positionId: id,
        symbol,
        purpose: 'breaker',
        key: `breaker-${event.id}-${id}`,
        memberId,
        conversationId: event.conversationId ?? undefined,
      }),
    ),
  )
  const again = waits.filter((ms) => ms !== undefined)
  if (again.length > 0) return Math.min(...again)
  const isMore = !openings.isClear || (await openPositions(parts.db, accountId)).length > 0
  if (isMore) return againMs
  await sayFlat(parts, because, event)
  await settleEvent(parts.db, event.id, parts.clock.now())
  return undefined
}

/**
 * Reports in the conversation of the breaker that everything is closed. A command that found nothing open has its answer
 * already.
 */
async function sayFlat(parts: Parts, because: string, event: TrippedEvent): Promise<void> {
  const { id, accountId, memberId, conversationId } = event
  if (typeof conversationId !== 'number' || event.data?.open === 0) return
  const at = parts.clock.now()
  const [day] = await accountDays(parts.db, [accountId], at, false)
  const data = { because, loss: day && lossText(day) }
  await sayOnce(parts, {
    notice: { kind: 'breaker.flat', ...data },
    conversationId,
    event: { type: 'risk.account_flat', data, accountId, memberId, conversationId, at, dedupeKey: `flat-${id}` },
  })
}

/**
 * Resumes a halted account at the request of an owner. Breaker orders that the venue has not taken are given up, so their
 * positions stay open. Returns the halt that ended; undefined when there was none.
 */
export async function resumeAccount(parts: Parts, accountId: number): Promise<Halt | undefined> {
  const at = parts.clock.now()
  const { before, givenUp } = await parts.db.transaction().execute(async (trx) => {
    const open = await lockAccount(trx, accountId)
    await moveDayBase(trx, accountId, at)
    return { before: await endHalt(trx, accountId, at), givenUp: await giveUpClosings(trx, open, ['breaker'], at) }
  })
  for (const order of givenUp) {
    await parts.queues
      .order(order.id, 0)
      .catch((cause) => parts.log.warn({ err: cause, order: order.id }, 'order could not be put on the clock'))
  }
  return before
}
