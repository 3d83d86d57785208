import { secondOpinion } from '../../market/second-opinion.ts'
import type { Parts } from '../parts.ts'
import { protectsAtVenue } from './rows/protects-at-venue.ts'

type Asked = Pick<Parts, 'db' | 'market' | 'venues' | 'log'>

/**
 * The reason why the present price alone would trigger no level of this account; undefined when it would, or when levels of the
 * account rest at its venue. All sources are asked at once.
 */
export async function watchedWeakly(parts: Asked, accountId: number, symbol: string): Promise<string | undefined> {
  return (await protectsAtVenue(parts.db, accountId)) ? undefined : weakHere(parts, accountId, symbol)
}

/** The reason why the present price alone is not enough for this account; always undefined for one that no broker has. */
export async function weakHere(parts: Asked, accountId: number, symbol: string): Promise<string | undefined> {
  const { venue } = await parts.venues.of(accountId)
  return venue.capabilities.isLinked ? (await secondOpinion(parts, symbol))?.weak : undefined
}
