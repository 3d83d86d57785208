/** Counts of a window of time, by key. */
export interface Limit {
  /** Counts one. Returns the seconds until the window ends when it is one too many, else undefined. */
  over(key: string): number | undefined
}

/** Keys at once; when there are more, the oldest are forgotten, so that memory stays bounded. */
const mostKeys = 10_000

/** A limit of so many in a window, in milliseconds, for each key. It counts in this process, by its monotonic clock. */
export function limitOf(most: number, windowMs: number): Limit {
  const counts = new Map<string, { count: number; endsAt: number }>()
  return {
    over(key) {
      const now = performance.now()
      const known = counts.get(key)
      if (!known || known.endsAt <= now) {
        counts.delete(key)
        counts.set(key, { count: 1, endsAt: now + windowMs })
        const [oldest] = counts.keys()
        if (counts.size > mostKeys) counts.delete(oldest!)
        return undefined
      }
      known.count += 1
      return known.count > most ? Math.max(1, Math.ceil((known.endsAt - now) / 1000)) : undefined
    },
  }
}
