import type { Desk } from '../src/desk.ts'
import { settleForecasts } from '../src/prediction/forecaster/live/settle.ts'
import { claimPruning, prune } from '../src/trading/events/rows/pruning.ts'
import { sumFills } from '../src/trading/orders/rows/fill-sums.ts'

/** Milliseconds between two runs. */
const usually = 60_000
/** Below this number, reading the fills themselves is as fast as reading their sums. */
const fewFills = 1000
/** Daily bars come once a day, and each look asks the market for some. */
const settleEveryMs = 30 * 60_000
const dayMs = 24 * 60 * 60_000

/**
 * Keeps the database small and fast, in short transactions that block nobody. It adds new fills to the sums that curves are
 * drawn from, and sets down what came of forecasts. Once a day it removes rows that are older than RETAIN_DAYS and moved no money (docs/data.md). Any number of
 * workers may run it. Closing waits for the transaction that is running.
 */
export function startHousekeeping({ parts, config }: Desk, everyMs = usually): { close(): Promise<void> } {
  const { db, clock, log } = parts
  const closing = new AbortController()
  const { signal } = closing
  let underway = Promise.resolve()
  let isBusy = false
  let settledAt = 0

  async function tidy(): Promise<void> {
    await sumFills(db, { few: fewFills, signal })
    if (clock.now().getTime() - settledAt >= settleEveryMs / clock.scale) {
      settledAt = clock.now().getTime()
      await settleForecasts(parts)
    }
    if (config.RETAIN_DAYS === 0 || !(await claimPruning(db))) return
    const before = new Date(clock.now().getTime() - config.RETAIN_DAYS * dayMs)
    const removed = await prune(db, before, signal)
    log.info({ removed, before }, 'old rows were removed')
  }

  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    underway = tidy()
      .catch((cause) => log.warn({ err: cause }, 'housekeeping did not get through; it goes on in a minute'))
      .finally(() => {
        isBusy = false
      })
  }, everyMs)
  return {
    async close() {
      clearInterval(timer)
      closing.abort()
      await underway
    },
  }
}
