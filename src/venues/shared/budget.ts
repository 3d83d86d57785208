/** Requests that an account has left, as far as this process knows. Times are milliseconds of the process. */
export interface Budget {
  /** Requests in `perMs` milliseconds. */
  of: number
  perMs: number
  left: number
  /** The moment of `left`; since then more have come back. */
  at: number
  /** The venue takes nothing before. */
  shutUntil: number
  /** Requests that were sent and are not answered yet. */
  underway: number
}

/** The purpose of a request. Exits and cancels pass before entries, and entries before looks. */
export type Share = 'exit' | 'entry' | 'look'

/** A venue's limit: so many requests in so many milliseconds. */
export interface Limit {
  of: number
  perMs: number
}

/** The parts of the budget that others must leave: looks leave it to orders, entries to exits. */
const leaves: Record<Share, number> = { exit: 0, entry: 0.1, look: 0.25 }

export const fullBudget = (at: number, { of, perMs }: Limit): Budget => ({
  ...{ of, perMs, left: of },
  ...{ at, shutUntil: 0, underway: 0 },
})

/** The budget of a later moment: what was used comes back evenly. */
export function refilled(budget: Budget, now: number): Budget {
  const gained = (Math.max(0, now - budget.at) / budget.perMs) * budget.of
  return { ...budget, left: Math.min(budget.of, budget.left + gained), at: Math.max(now, budget.at) }
}

/** Takes a request from the budget, or tells how long to wait for it, in milliseconds. */
export function take(given: Budget, share: Share, now: number): { budget: Budget; waitMs: number } {
  const budget = refilled(given, now)
  const missing = 1 + leaves[share] * budget.of - budget.left
  const waitMs = Math.max(budget.shutUntil - now, missing <= 0 ? 0 : Math.ceil((missing / budget.of) * budget.perMs))
  if (waitMs > 0) return { budget, waitMs }
  return { budget: { ...budget, left: budget.left - 1, underway: budget.underway + 1 }, waitMs: 0 }
}

/** Takes a request although none may be left: an exit is rather refused by the venue than by the desk. */
export function takeAnyway(given: Budget, now: number): Budget {
  const budget = refilled(given, now)
  return { ...budget, left: Math.max(0, budget.left - 1), underway: budget.underway + 1 }
}

/** The venue's word on its limit, from the headers of an answer. */
export interface LimitHeaders {
  limit?: number
  remaining?: number
}

/** Corrects the budget by an answer. Other processes use it, too, so the venue's lower number is the true one. */
export function answered(given: Budget, { limit, remaining }: LimitHeaders, now: number): Budget {
  const budget = refilled({ ...given, underway: Math.max(0, given.underway - 1) }, now)
  const of = limit !== undefined && limit > 0 ? limit : budget.of
  const said = remaining === undefined ? undefined : Math.max(0, remaining - budget.underway)
  // Of a limit that was not known yet, only the venue knows what is left.
  const left = of === budget.of ? Math.min(budget.left, said ?? budget.left) : (said ?? budget.left)
  return { ...budget, of, left: Math.min(left, of) }
}

/** The longest time that a venue can shut a budget, in milliseconds; its clock may be wrong. */
const longestShutMs = 60_000

/** The venue refused a request because there were too many: nothing is left, and nothing goes before `afterMs` have passed. */
export function exhausted(given: Budget, afterMs: number, now: number): Budget {
  const budget = refilled(given, now)
  const shutUntil = now + Math.min(Math.max(afterMs, 0), longestShutMs)
  return { ...budget, left: 0, shutUntil: Math.max(budget.shutUntil, shutUntil) }
}
