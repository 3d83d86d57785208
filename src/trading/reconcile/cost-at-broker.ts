import type { Big } from '../../base/amounts.ts'
import { ask, isUnanswered } from '../orders/venue-call.ts'
import type { Parts } from '../parts.ts'

/** The longest wait for the broker, in milliseconds. */
const patienceMs = 2000

/**
 * The average entry price in a symbol, in dollars a unit, as the broker of a linked account counts it for all of its units. Undefined when
 * it does not say it, or does not answer: the cost is not known then.
 */
export async function costAtBroker(
  { venues, log }: Pick<Parts, 'venues' | 'log'>,
  accountId: number,
  symbol: string,
): Promise<Big | undefined> {
  const { venue, account } = await venues.of(accountId)
  const listed = await ask(() => venue.positions(account), { withinMs: patienceMs })
  if (isUnanswered(listed)) {
    log.warn({ account_id: accountId, err: listed.cause }, 'the broker did not tell the cost of a position')
    return undefined
  }
  const own = listed.filter((one) => one.symbol === symbol)
  // Two lots with prices of their own have no average that the broker shows.
  return own.length === 1 ? own[0]!.averagePrice : undefined
}
