import type { ProviderStatus } from '../../base/provider-status.ts'
import type { Parts } from '../../trading/parts.ts'
import { mergeSources, plainName, type SourceSeen } from './rules/merge.ts'
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

/** A broker's account among the sources, whose number may end in letters, too: `alpaca account ••1234`, `alpaca account ••TK4M`. */
const named = /^([a-z0-9_]+) account [^a-z0-9]*([a-z0-9]+)$/i

/** An account at a broker: its venue, and the venue's name for it, or else the last characters of its number. */
export type AccountSource = { venue: string; ending: string; account?: string }

/** The account of a source that is one at a broker. */
export function accountOf({ name, account }: Pick<ProviderStatus, 'name' | 'account'>): AccountSource | undefined {
  const [, venue, ending] = named.exec(plainName(name)) ?? []
  if (!venue || !ending) return undefined
  return { venue: venue.toLowerCase(), ending, ...(account !== undefined && { account }) }
}

/** The sources that a member may see: of the brokers' accounts their own, and all for an owner. */
export function visibleTo(
  sources: SourceSeen[],
  who: { isOwner: boolean; accounts: { venue: string; venueAccount?: string; maskedNumber?: string }[] },
): SourceSeen[] {
  if (who.isOwner) return sources
  return sources.filter((source) => {
    const its = accountOf(source)
    return !its || who.accounts.some((one) => one.venue === its.venue && isOf(one, its))
  })
}

function isOf(one: { venueAccount?: string; maskedNumber?: string }, { account, ending }: AccountSource): boolean {
  if (account !== undefined && one.venueAccount !== undefined) return one.venueAccount === account
  return one.maskedNumber?.endsWith(ending) === true
}
