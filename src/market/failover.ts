/** The memory of sources that were away, by what was wanted of them. */
export interface Failover {
  /** The source had no fresh answer to this. */
  away(source: number, wanted: string): void
  /** The source was away a moment ago: another one that answers goes first. */
  isHeldBack(source: number, wanted: string): boolean
}

/** A source that was away is not preferred again for this long, so that prices do not change between two sources. Milliseconds. */
export const heldBackMs = 30_000
/** More than anybody wants at a time: the oldest are forgotten. */
const mostRemembered = 10_000

/** Creates it. `now` is in milliseconds of a monotonic clock. */
export function createFailover(now: () => number = () => performance.now()): Failover {
  const until = new Map<string, number>()
  const keyOf = (source: number, wanted: string) => `${source} ${wanted}`

  return {
    away(source, wanted) {
      const key = keyOf(source, wanted)
      until.delete(key)
      until.set(key, now() + heldBackMs)
      if (until.size > mostRemembered) until.delete(until.keys().next().value!)
    },
    isHeldBack: (source, wanted) => now() < (until.get(keyOf(source, wanted)) ?? 0),
  }
}
