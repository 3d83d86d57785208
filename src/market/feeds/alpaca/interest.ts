/** The symbols whose prices somebody wants now. */
export interface Interest {
  /** Somebody asked for the price of a symbol; true when it was of no interest before. */
  asked(symbol: string): boolean
  /** The symbols that are watched, all of them. */
  watch(symbols: Iterable<string>): void
  /** Those by stream, at most so many, and the others. Watched ones go first, then those that were asked for last. */
  plan(most: number): { streamed: Set<string>; polled: Set<string> }
}

/** A symbol is of interest for this long after somebody asked for it, in milliseconds. */
const askedForMs = 120_000

/** Creates it. `now` is in milliseconds of a monotonic clock. */
export function createInterest(now: () => number = () => performance.now()): Interest {
  const askedAt = new Map<string, number>()
  let watched = new Set<string>()
  let streamedBefore = new Set<string>()

  return {
    asked(symbol) {
      const isNew = !askedAt.has(symbol) && !watched.has(symbol)
      // Deleted first, so that the order of the map is that of the last questions.
      askedAt.delete(symbol)
      askedAt.set(symbol, now())
      return isNew
    },
    watch(symbols) {
      watched = new Set(symbols)
    },
    plan(most) {
      const since = now() - askedForMs
      for (const [symbol, at] of askedAt) {
        if (at >= since) break
        askedAt.delete(symbol)
      }
      const others = [...askedAt.keys()].filter((symbol) => !watched.has(symbol)).reverse()
      // A symbol that is streamed keeps its place, or two that are asked for in turn would change places all the time.
      const kept = others.filter((symbol) => streamedBefore.has(symbol))
      const all = [...watched, ...kept, ...others.filter((symbol) => !streamedBefore.has(symbol))]
      const streamed = new Set(all.slice(0, most))
      streamedBefore = streamed
      return { streamed, polled: new Set(all.slice(most)) }
    },
  }
}
