import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../parts.ts'
import { protectsAtVenue } from './rows/protects-at-venue.ts'

/**
 * The reason why the present price alone would trigger no level of this account; undefined when it would, or when levels of the
 * account rest at its venue. All sources are asked at once.
 */
export async function watchedWeakly(
  { db, market, venues, log }: Pick<Parts, 'db' | 'market' | 'venues' | 'log'>,
  accountId: number,
  symbol: string,
): Promise<string | undefined> {
  const { venue } = await venues.of(accountId)
  if (!venue.capabilities.isLinked || (await protectsAtVenue(db, accountId))) return undefined
  try {
    await market.confirmed?.(symbol)
    return (await marksOf(market).quote(symbol))?.weak
  } catch (cause) {
    log.warn({ err: cause, symbol }, 'a price could not be confirmed for a level')
    return undefined
  }
}
