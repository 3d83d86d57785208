/** Work in lanes: one piece after the other in each, so that messages of one conversation keep their order. */
export interface Lanes {
  /** Runs the work when everything before it in this lane is done. Work must not throw. */
  run(lane: string, work: () => Promise<void>): Promise<void>
  /** Resolves when nothing is running any more. */
  idle(): Promise<void>
}

/** New lanes, all empty. */
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
