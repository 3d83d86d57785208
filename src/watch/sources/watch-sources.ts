import type { Parts } from '../../trading/parts.ts'
import { forgetOutages, tellBack, tellLost } from './outages.ts'
import { sourceKey } from './rules/merge.ts'
import { type Observed, observe, type Verdict } from './rules/outage.ts'
import { accountOf, presentSources } from './sources.ts'
import { hasConnections, wordOf } from './told.ts'

const lookEveryMs = 5000
/** A source that no process has told of for so long is one that the desk has no more. */
const forgottenMs = 600_000

/** Settings that tests change: milliseconds between looks, and until a state counts. */
export interface SourceWatchOptions {
  everyMs?: number
  holdMs?: number
}

/** Watches the sources, as all workers see them, and tells of outages and their ends, until it is closed. */
export function watchSources(parts: Parts, options: SourceWatchOptions = {}): { close(): Promise<void> } {
  const known = new Map<string, { observed: Observed; verdict: Verdict; seenAt: number }>()
  const beganAt = performance.now()
  let isDone = false

  async function look(): Promise<void> {
    if (!hasConnections(parts)) return
    const { sources } = await presentSources(parts)
    const now = performance.now()
    // An account at a broker has no prices.
    const priced = sources.filter((one) => one.isConnected && !accountOf(one))
    const connected = new Set(priced.map(({ name }) => wordOf(name)))
    for (const source of sources) {
      const key = sourceKey(source)
      const before = known.get(key)
      const { observed, verdict } = observe(before?.observed, source, now, options.holdMs)
      if (verdict && verdict !== before?.verdict) {
        if (verdict === 'lost') await tellLost(parts, source, connected)
        else await tellBack(parts, source, new Date(parts.clock.now().getTime() - (now - observed.since)))
      }
      // It is noted only when it was told, so that a database that was away is asked again.
      known.set(key, { observed, verdict: verdict ?? before?.verdict, seenAt: now })
    }
    for (const [key, { seenAt }] of known) if (now - seenAt > forgottenMs) known.delete(key)
    if (now - beganAt > forgottenMs) await forgetOutages(parts.db, [...known.keys()], parts.clock.now())
  }

  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch((cause) => {
        if (!isDone) parts.log.warn({ err: cause }, 'the sources could not be looked at')
      })
      .finally(() => {
        looking = undefined
      })
  }, options.everyMs ?? lookEveryMs)
  return {
    async close() {
      isDone = true
      clearInterval(timer)
      await looking
    },
  }
}
