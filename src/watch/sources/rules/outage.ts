import type { ProviderStatus } from '../../../base/provider-status.ts'
import { isHeard } from './merge.ts'

/** The state of a source, by its connection or its answers, as it was observed so far; times are in milliseconds of one monotonic clock. */
export interface Observed {
  isConnected: boolean
  /** Since when it is so. */
  since: number
  /** The faults that the source counted when this began. */
  faultsBefore: number
}

/** A source is lost, or there, when it has been so for this many milliseconds without a break: a flapping one is neither. */
export const heldMs = 60_000

/** The certainty about a source, if there is one now. */
export type Verdict = 'lost' | 'there' | undefined

/** Faults that prove an outage: one failed request, after which nobody asked again, proves none. */
const provingFaults = 2

/** Takes one more look at a source. */
export function observe(
  before: Observed | undefined,
  source: Pick<ProviderStatus, 'isConnected' | 'isAnswering' | 'isAuthenticated' | 'faults'>,
  now: number,
  holdMs = heldMs,
): { observed: Observed; verdict: Verdict } {
  const { isAuthenticated, faults } = source
  const isConnected = isHeard(source)
  const isSame = before?.isConnected === isConnected
  const observed = isSame
    ? { ...before, faultsBefore: Math.min(before.faultsBefore, faults) }
    : { isConnected, since: now, faultsBefore: isConnected ? faults : Math.max(0, faults - 1) }
  if (now - observed.since < holdMs) return { observed, verdict: undefined }
  if (isConnected) return { observed, verdict: 'there' }
  const isProven = isAuthenticated === false || faults - observed.faultsBefore >= provingFaults
  return { observed, verdict: isProven ? 'lost' : undefined }
}

/** A symbol of an open position, with its present price. */
export interface Priced {
  symbol: string
  /** The exchange is open for it, and its price should be fresh. */
  isOpen: boolean
  /** The source of a price that is fresh now. */
  freshFrom?: string
}

/** How a position depends on a lost source: not at all, with another source in its place, or alone. */
export type Dependence = 'none' | { fallback: string } | 'alone'

/**
 * How a symbol depends on the lost source. `order` are the sources in order of preference, `connected` those that answer now, both
 * by their first words. Sources whose prices are never fresh are no fallback.
 */
export function dependenceOf(
  { isOpen, freshFrom }: Priced,
  lost: string,
  { order, connected }: { order: string[]; connected: Set<string> },
): Dependence {
  const place = order.indexOf(lost)
  const by = (source: string): Dependence => {
    const its = order.indexOf(source)
    return its >= 0 && its < place ? 'none' : { fallback: source }
  }
  if (freshFrom !== undefined && freshFrom !== lost) return by(freshFrom)
  if (isOpen) return 'alone'
  // While the exchange is closed no price is fresh: the one that would serve the symbol counts.
  const next = order.find((source) => source !== lost && connected.has(source) && !neverFresh.has(source))
  return next === undefined ? 'alone' : by(next)
}

const neverFresh = new Set(['alphavantage'])
