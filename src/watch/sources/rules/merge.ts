import type { ProviderStatus } from '../../../base/provider-status.ts'
import type { SourcesSeen } from '../told.ts'

/** A source as the desk sees it, and the role of the process by whose eyes. */
export interface SourceSeen extends ProviderStatus {
  seenBy: string
}

/** Workers watch positions, so what they see counts before what a process for pages sees. */
const watches = new Set(['worker', 'all'])

/** The part of a name that stays while the source is the same: a note in brackets at its end does not. */
export const plainName = (name: string): string => name.replace(/ \([^)]*\)$/, '')

/** The key of a source: its plain name, and the account, since those of two accounts may end alike. */
export const sourceKey = ({ name, account }: Pick<ProviderStatus, 'name' | 'account'>): string =>
  account === undefined ? plainName(name) : `${plainName(name)} ${account}`

/**
 * One row for each source: as workers see it, and of several the one that is connected and has heard last. A source is lost
 * only when every worker has lost it.
 */
export function mergeSources(seen: SourcesSeen[]): SourceSeen[] {
  const all = seen.flatMap(({ role, sources }) => sources.map((source): SourceSeen => ({ ...source, seenBy: role })))
  const byKey = Map.groupBy(all, sourceKey)
  return [...byKey.values()].map((rows) => rows.toSorted(byWorth)[0]!)
}

/** Is a source there: by its stream, or by its answers? */
export const isHeard = ({ isConnected, isAnswering }: Pick<ProviderStatus, 'isConnected' | 'isAnswering'>): boolean =>
  isConnected || isAnswering === true

function byWorth(one: SourceSeen, other: SourceSeen): number {
  const watched = Number(watches.has(other.seenBy)) - Number(watches.has(one.seenBy))
  const connected = Number(isHeard(other)) - Number(isHeard(one))
  const heard = (other.heardAt?.getTime() ?? 0) - (one.heardAt?.getTime() ?? 0)
  return watched || connected || heard
}
