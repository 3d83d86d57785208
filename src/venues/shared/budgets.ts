import { setTimeout as wait } from 'node:timers/promises'
import {
  answered,
  type Budget,
  exhausted,
  fullBudget,
  type Limit,
  type LimitHeaders,
  refilled,
  type Share,
  take,
  takeAnyway,
} from './budget.ts'

/** The budgets of all accounts of a venue in a process; both of its clients share them. */
export interface Budgets {
  /** Waits for a request, at most `withinMs` milliseconds. False: none came free. An exit is always let through at the end. */
  take(account: string, share: Share, withinMs: number): Promise<boolean>
  /** An answer, or its absence, ends the request. */
  answered(account: string, headers: LimitHeaders): void
  /** The venue refused a request as one too many, and takes the next after so many milliseconds. */
  exhausted(account: string, afterMs: number): void
  /** Requests left now, of how many in how many milliseconds. */
  of(account: string): { left: number; of: number; perMs: number } | undefined
}

/** Budgets of at most this many accounts are kept. */
const most = 10_000

/** Budgets in memory, full at first. `now` counts milliseconds, and never goes back. */
export function createBudgets(limit: Limit, now: () => number = () => performance.now()): Budgets {
  const byAccount = new Map<string, Budget>()
  const budgetOf = (account: string) => byAccount.get(account) ?? fullBudget(now(), limit)

  function keep(account: string, budget: Budget): void {
    byAccount.delete(account)
    byAccount.set(account, budget)
    if (byAccount.size > most) byAccount.delete(byAccount.keys().next().value!)
  }

  return {
    async take(account, share, withinMs) {
      const until = now() + withinMs
      for (;;) {
        const { budget, waitMs } = take(budgetOf(account), share, now())
        keep(account, budget)
        if (waitMs === 0) return true
        if (now() + waitMs > until) {
          // Whoever has waited long enough for nothing does not wait for the rest.
          if (share !== 'exit') return false
          await wait(Math.max(0, until - now()))
          keep(account, takeAnyway(budgetOf(account), now()))
          return true
        }
        await wait(waitMs)
      }
    },
    answered: (account, headers) => keep(account, answered(budgetOf(account), headers, now())),
    exhausted: (account, afterMs) => keep(account, exhausted(budgetOf(account), afterMs, now())),
    of(account) {
      const budget = byAccount.get(account)
      return budget && { left: Math.floor(refilled(budget, now()).left), of: budget.of, perMs: budget.perMs }
    },
  }
}
