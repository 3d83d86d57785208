import { venueTold } from '../src/trading/orders/take-up.ts'
import type { Parts } from '../src/trading/parts.ts'

/**
 * Records the news that venues stream about orders; the sweep asks for the rest. Critical closes have connections of their
 * own to some venues; these are heard too.
 */
export function startFills(parts: Parts, critical: Pick<Parts, 'venues'>): { close(): Promise<void> } {
  const recording = new Set<Promise<void>>()
  const venues = new Set([...parts.venues.all(), ...critical.venues.all()])
  const stops = [...venues].map((venue) =>
    venue.subscribe({
      heard(event) {
        const recorded = venueTold(parts, event)
          .catch((cause) => parts.log.warn({ err: cause, venue: venue.name }, 'news of an order is left to the sweep'))
          .finally(() => recording.delete(recorded))
        recording.add(recorded)
      },
      failed: (cause, account) =>
        parts.log.warn({ err: cause, venue: venue.name, venue_account: account }, 'the venue could not be heard'),
      recovered: (account) => parts.log.info({ venue: venue.name, venue_account: account }, 'the venue is heard again'),
    }),
  )
  return {
    async close() {
      for (const stop of stops) stop()
      await Promise.all(recording)
    },
  }
}
