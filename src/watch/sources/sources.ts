import type { Parts } from '../../trading/parts.ts'
import { mergeSources, type SourceSeen, sourceKey } from './rules/merge.ts'
import { ownSources, type SourcesSeen, toldSources } from './told.ts'

/**
 * The sources of prices and the brokers, as workers see them. This process's own view fills in what nobody tells, and is all
 * there is while Redis is away (`isAlone`).
 */
export async function presentSources(
  parts: Pick<Parts, 'market' | 'venues' | 'redis' | 'log'>,
): Promise<{ sources: SourceSeen[]; isAlone: boolean }> {
  const own: SourcesSeen = { role: 'here', sources: ownSources(parts) }
  let told: SourcesSeen[] | undefined
  try {
    told = await toldSources(parts)
  } catch (cause) {
    parts.log.debug({ err: cause }, 'what other processes see of the sources is not known')
  }
  const sources = mergeSources([...(told ?? []), own])
  return { sources: sources.toSorted((one, other) => one.name.localeCompare(other.name)), isAlone: told === undefined }
}

/** A broker's account among the sources: `alpaca account ••1234`. */
const account = /^([a-z0-9_]+) account \D*(\d+)$/i

/** The venue and the last digits of the account, of a source that is one. */
export function accountOf(name: string): { venue: string; digits: string } | undefined {
  const [, venue, digits] = account.exec(sourceKey(name)) ?? []
  return venue && digits ? { venue: venue.toLowerCase(), digits } : undefined
}

/** The sources that a member may see: of the brokers' accounts their own, and all for an owner. */
export function visibleTo(
  sources: SourceSeen[],
  who: { isOwner: boolean; accounts: { venue: string; maskedNumber?: string }[] },
): SourceSeen[] {
  if (who.isOwner) return sources
  return sources.filter(({ name }) => {
    const its = accountOf(name)
    return !its || who.accounts.some((one) => one.venue === its.venue && one.maskedNumber?.endsWith(its.digits))
  })
}
