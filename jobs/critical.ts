import { randomUUID } from 'node:crypto'
import type { Parts } from '../src/trading/parts.ts'
import { criticalChannel } from '../src/trading/protection/close-now/alarm.ts'
import { createCritical } from '../src/trading/protection/close-now/critical.ts'

/**
 * Milliseconds between two looks for critical events that nobody handles: their process died, or is not the one that closes.
 */
const lookMs = 250

/** Acts on critical events: on those raised in this process at once, and on those of other processes. It does not use Redis. */
export function startCritical(parts: Parts): { rest(): Promise<void>; close(): Promise<void> } {
  const by = randomUUID()
  const critical = createCritical(parts, by)
  const unanswer = parts.alarm.answer(by, critical.see)
  let looking: Promise<void> | undefined
  const look = () => {
    looking ??= critical
      .takeOver()
      .catch((cause) => parts.log.warn({ err: cause }, 'critical events could not be looked for'))
      .finally(() => {
        looking = undefined
      })
  }
  const unhear = parts.notices.hear(criticalChannel, look, look)
  const timer = setInterval(look, lookMs)
  return {
    rest: critical.rest,
    async close() {
      clearInterval(timer)
      unhear()
      unanswer()
      await looking
      await critical.close()
    },
  }
}
