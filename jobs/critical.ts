import { randomUUID } from 'node:crypto'
import type { Parts } from '../src/trading/parts.ts'
import { criticalChannel } from '../src/trading/protection/close-now/alarm.ts'
import { createCritical } from '../src/trading/protection/close-now/critical.ts'

/** So often it is looked for critical events on which nobody acts: their process died, or does not close itself. */
const lookMs = 250

/** Acts on critical events, as what raises them says so, and on those of others. Redis has no part in it. */
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
