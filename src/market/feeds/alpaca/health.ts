import type { ProviderStatus } from '../../../base/provider-status.ts'

/** The state of one connection to a provider, as it is noted while it is used. */
export interface Health {
  /** It answered, or said something. */
  heard(): void
  /** It failed, in words without a secret. */
  fault(words: string): void
  /** It took our key, or refused it. */
  authenticated(is: boolean): void
  connected(is: boolean): void
  status(): Pick<ProviderStatus, 'isConnected' | 'isAuthenticated' | 'heardAt' | 'faults' | 'lastFault'>
}

/** A connection that has said nothing so far. Times are the clock's. */
export function createHealth(now: () => Date): Health {
  let isConnected = false
  let isAuthenticated: boolean | undefined
  let heardAt: Date | undefined
  let faults = 0
  let lastFault: ProviderStatus['lastFault']

  return {
    heard() {
      heardAt = now()
    },
    fault(words) {
      faults += 1
      lastFault = { at: now(), words }
    },
    authenticated(is) {
      isAuthenticated = is
    },
    connected(is) {
      isConnected = is
    },
    status: () => ({ isConnected, isAuthenticated, heardAt, faults, lastFault }),
  }
}
