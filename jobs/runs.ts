import { randomUUID } from 'node:crypto'
import { hearRunWork } from '../src/infra/db/announce.ts'
import type { StrategyParts } from '../src/strategies/parts.ts'
import { sendDue } from '../src/strategies/runs/notify/send.ts'
import { sendCodes } from '../src/strategies/runs/notify/send-codes.ts'
import { claimNext } from '../src/strategies/runs/perform/claim.ts'
import { type Performance, performRun } from '../src/strategies/runs/perform/perform-run.ts'
import type { Run } from '../src/strategies/runs/rules/run.ts'
import { startDue } from '../src/strategies/runs/schedules/start-due.ts'

/** Milliseconds between two looks for runs that wait, were left by a lost worker, or are due. */
const lookMs = 2000

/**
 * Works on strategy runs: on those that were asked for in any process at once, on those that nobody works on any more, and on those that
 * are due. It needs no Redis: a run waits in Postgres. Closing lets running ones go, so that another process goes on with them.
 */
export function startRuns(parts: StrategyParts, everyMs = lookMs): { close(): Promise<void> } {
  const worker = randomUUID()
  const running = new Map<number, Performance>()
  let isClosing = false
  let isAsked = false
  let looking: Promise<void> | undefined

  async function takeAll(): Promise<void> {
    for (;;) {
      isAsked = false
      const run = isClosing ? undefined : await claimNext(parts, worker)
      if (run) begin(run)
      else if (!isAsked || isClosing) return
    }
  }

  function begin(run: Run): void {
    const performance = performRun(parts, run)
    running.set(run.id, performance)
    void performance.done.finally(() => {
      if (running.get(run.id) === performance) running.delete(run.id)
      look()
    })
  }

  function look(): void {
    isAsked = true
    if (isClosing) return
    looking ??= takeAll()
      .catch((cause) => parts.log.warn({ err: cause }, 'strategy runs could not be looked for'))
      .finally(() => {
        looking = undefined
      })
  }

  // Schedules, webhooks and mails that are due have their own way: they wait for no claim.
  let serving: Promise<void> | undefined
  function serve(): void {
    serving ??= startDue(parts)
      .then(() => Promise.all([sendDue(parts), sendCodes(parts)]))
      .then(() => {})
      .catch((cause) =>
        parts.log.warn({ err: cause }, 'schedules, webhooks and mails that are due were not looked through'),
      )
      .finally(() => {
        serving = undefined
      })
  }

  const wanted = (id: number) => {
    const own = running.get(id)
    if (own) own.look()
    else look()
  }
  const unhear = hearRunWork(parts.notices, wanted, look)
  const timer = setInterval(() => {
    look()
    serve()
  }, everyMs)
  look()
  serve()
  return {
    async close() {
      isClosing = true
      clearInterval(timer)
      unhear()
      await looking
      for (const performance of running.values()) performance.close()
      await Promise.all([...running.values()].map(({ done }) => done))
      await serving
    },
  }
}
