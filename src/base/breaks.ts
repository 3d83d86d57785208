/** Decides which breaks of a connection are told, so that one that breaks again and again does not fill the log. */
export interface Breaks {
  /** It broke, or is still broken: is that told now? */
  broke(): boolean
  /** It works: is that told? Only the end of a break that was told is. */
  works(): boolean
}

/** A break is told at most once in so many milliseconds, and so is its end. */
const toldEveryMs = 60_000

/** The breaks of one connection. `now` counts milliseconds and never goes back. */
export function createBreaks(now: () => number = () => performance.now()): Breaks {
  let toldAt = Number.NEGATIVE_INFINITY
  let isTold = false
  return {
    broke() {
      if (now() - toldAt < toldEveryMs) return false
      toldAt = now()
      isTold = true
      return true
    },
    works() {
      const wasTold = isTold
      isTold = false
      return wasTold
    },
  }
}
