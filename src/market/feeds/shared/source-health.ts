import type { Clock } from '../../../base/clock.ts'
import type { ProviderStatus } from '../../../base/provider-status.ts'
import type { MarketLog } from '../../log.ts'

/** How a source of prices that is asked over HTTP does, for `sources` and for outages. */
export interface SourceHealth {
  /** The source answered as it documents; a definite no is an answer, too. */
  heard(): void
  /** There was no usable answer, for this reason in words. */
  failed(words: string): void
  /** The source took our key, or refused it. */
  tookKey(isTaken: boolean): void
  status(): ProviderStatus
}

/** A longer text of a fault is cut: a source may answer with a whole page. */
const mostWords = 200

/** Creates the health of a source that was not asked yet. Faults are logged once, when they begin and when they end. */
export function createSourceHealth(
  name: string,
  { clock, log, secrets = [] }: { clock: Clock; log?: MarketLog; secrets?: string[] },
): SourceHealth {
  let heardAt: Date | undefined
  let isTaken: boolean | undefined
  let faults = 0
  let isFailing = false
  let lastFault: ProviderStatus['lastFault']
  return {
    heard() {
      heardAt = clock.now()
      if (isFailing) log?.info({ source: name }, 'the source of prices answers again')
      isFailing = false
    },
    failed(said) {
      const words = withoutSecrets(said, secrets)
      faults += 1
      lastFault = { at: clock.now(), words }
      if (!isFailing) log?.warn({ source: name, fault: words }, 'the source of prices does not answer as it should')
      isFailing = true
    },
    tookKey(is) {
      isTaken = is
    },
    status: () => ({
      name,
      isConnected: heardAt !== undefined && !isFailing,
      ...(isTaken !== undefined && { isAuthenticated: isTaken }),
      ...(heardAt && { heardAt }),
      faults,
      ...(lastFault && { lastFault }),
    }),
  }
}

/** A text of a source without the keys that it may repeat, on one line. */
export function withoutSecrets(text: string, secrets: string[]): string {
  const plain = secrets.filter((one) => one !== '').reduce((all, one) => all.replaceAll(one, '…'), text)
  return plain.replace(/\s+/g, ' ').trim().slice(0, mostWords)
}
