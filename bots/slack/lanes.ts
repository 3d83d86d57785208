/** Lanes of work: each runs one task after the other, so that the messages of a conversation stay in order. */
export interface Lanes {
  /** Runs the work after all earlier work of this lane. The work must not throw. */
  run(lane: string, work: () => Promise<void>): Promise<void>
  /** Resolves when no work is running. */
  idle(): Promise<void>
}

/** Creates empty lanes. */
export function createLanes(): Lanes {
  const ends = new Map<string, Promise<void>>()
  return {
    run(lane, work) {
      const end = (ends.get(lane) ?? Promise.resolve()).then(work).finally(() => {
        if (ends.get(lane) === end) ends.delete(lane)
      })
      ends.set(lane, end)
      return end
    },
    async idle() {
      while (ends.size > 0) await Promise.allSettled(ends.values())
    },
  }
}
