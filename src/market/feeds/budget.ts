/** The limit of a provider on requests: so many in a time, as tokens that come back evenly. */
export interface Budget {
  /** Takes a token; false when none is left. A `spare` request leaves half of the tokens to those that are urgent. */
  take(kind?: 'urgent' | 'spare'): boolean
  /** Takes the provider's own count: the requests that are left until its next period. */
  correct(left: number): void
  /** The provider refused for too many requests: nothing is asked before this many milliseconds are over. */
  pause(ms: number): void
  /** Milliseconds until a token is there. */
  waitMs(): number
  state(): { left: number; of: number; perMs: number }
}

/** A budget of `of` requests in `perMs` milliseconds. `now` is in milliseconds of a monotonic clock. */
export function createBudget(of: number, perMs: number, now: () => number = () => performance.now()): Budget {
  let tokens = of
  let at = now()
  let pausedUntil = Number.NEGATIVE_INFINITY

  function fill(): number {
    const moment = now()
    tokens = Math.min(of, tokens + ((moment - at) * of) / perMs)
    at = moment
    return moment
  }

  return {
    take(kind = 'urgent') {
      const moment = fill()
      const least = kind === 'spare' ? of / 2 + 1 : 1
      if (moment < pausedUntil || tokens < least) return false
      tokens -= 1
      return true
    },
    correct(left) {
      fill()
      tokens = Math.min(tokens, left)
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, fill() + ms)
    },
    waitMs() {
      const moment = fill()
      return Math.max(0, pausedUntil - moment, ((1 - tokens) * perMs) / of)
    },
    state() {
      const moment = fill()
      return { left: moment < pausedUntil ? 0 : Math.floor(tokens), of, perMs }
    },
  }
}
