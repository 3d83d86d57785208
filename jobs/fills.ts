import { venueFilled } from '../src/execution/orders/take-up.ts'
import type { Parts } from '../src/execution/parts.ts'

/** Records fills of resting orders as the venue tells of them; those that it could not tell, the sweep asks for. */
export function startFills(parts: Parts): { close(): Promise<void> } {
  const recording = new Set<Promise<void>>()
  const stop = parts.venue.subscribe({
    filled(fill) {
      const recorded = venueFilled(parts, fill)
        .catch((cause) => parts.log.warn({ err: cause, fill: fill.venueFillId }, 'a fill is left to the sweep'))
        .finally(() => recording.delete(recorded))
      recording.add(recorded)
    },
    failed: (cause) => parts.log.warn({ err: cause }, 'the venue could not be heard'),
  })
  return {
    async close() {
      stop()
      await Promise.all(recording)
    },
  }
}
