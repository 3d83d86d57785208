import type { ProviderStatus } from '../../../src/base/provider-status.ts'
import { type HandMarket, handMarket } from '../../support/desk.ts'

/** A market that has its prices from `yahoo` first and then from `hand`; only the latter's come, and a test says how yahoo is. */
export interface SourcedMarket extends HandMarket {
  /** Sets how a source is. While it is lost, each look counts one more fault. */
  turn(name: string, isConnected: boolean, words?: string, silentSeconds?: number): void
}

/** A market with sources, all connected, on a clock that stands. */
export function sourcedMarket(now: Date): SourcedMarket {
  const states = new Map<string, () => ProviderStatus>()
  const market = handMarket(() => now)
  return Object.assign(market, {
    name: 'yahoo,hand',
    providers: () => [...states.values()].map((state) => state()),
    turn(name: string, isConnected: boolean, words = 'it answered with 502', silentSeconds = 70) {
      let faults = 0
      states.set(name, () => {
        if (isConnected) return { name, isConnected, isAuthenticated: true, heardAt: now, faults }
        faults += 1
        const heardAt = new Date(now.getTime() - silentSeconds * 1000)
        return { name, isConnected, heardAt, faults, lastFault: { at: now, words } }
      })
    },
  })
}
