import type { ProviderStatus } from '../../base/provider-status.ts'
import type { Budgets } from './budgets.ts'
import type { StreamState } from './news.ts'
import type { CallNews } from './rest-client.ts'

/** The last requests of each account. */
export interface CallLog extends CallNews {
  of(account: string): { heardAt?: Date; faults: number; lastFault?: { at: Date; words: string } }
}

export function createCallLog(now: () => Date): CallLog {
  const byAccount = new Map<string, ReturnType<CallLog['of']>>()
  const logOf = (account: string) => byAccount.get(account) ?? { faults: 0 }
  return {
    of: logOf,
    answered: (account) => void byAccount.set(account, { ...logOf(account), heardAt: now() }),
    failed(account, words) {
      const log = logOf(account)
      byAccount.set(account, { ...log, faults: log.faults + 1, lastFault: { at: now(), words } })
    },
  }
}

/** A row for each account of a venue that this process follows: its stream, its requests and its budget. */
export function providersOf(
  venue: string,
  streams: Map<string, StreamState>,
  calls: CallLog,
  budgets: Pick<Budgets, 'of'>,
  lastFour: (account: string) => string | undefined,
): ProviderStatus[] {
  return [...streams].map(([account, stream]) => {
    const requests = calls.of(account)
    const heardAt = latest(stream.heardAt, requests.heardAt)
    const lastFault = [stream.lastFault, requests.lastFault]
      .filter((fault) => fault !== undefined)
      .sort((a, b) => b.at.getTime() - a.at.getTime())[0]
    const isPolled = stream.isPolled === true
    const { heardAt: answeredAt, lastFault: failed } = requests
    const isAnswering = answeredAt !== undefined && (failed === undefined || answeredAt > failed.at)
    return {
      name: `${venue} account ••${lastFour(account) ?? account.slice(-4)}${isPolled ? ' (polled)' : ''}`,
      account,
      isConnected: stream.isOpen || (isPolled && heardAt !== undefined),
      isAnswering,
      ...(stream.isLetIn !== undefined && { isAuthenticated: stream.isLetIn || isPolled }),
      ...(heardAt && { heardAt }),
      faults: stream.faults + requests.faults,
      ...(lastFault && { lastFault }),
      budget: budgets.of(account),
    }
  })
}

const latest = (one: Date | undefined, other: Date | undefined) => (!one || (other && other > one) ? other : one)
