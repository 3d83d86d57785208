import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../../base/refusal.ts'
import { accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import { type Caller, callerOf, isStillOpen } from '../../sessions/caller.ts'
import type { StreamParts } from '../stream-parts.ts'
import type { Doorkeeper, Reader } from './reader.ts'
import { spentToken } from './refusals.ts'
import { spendStreamToken } from './stream-token.ts'

/** Says who reads: `identify` knows sessions and tokens. */
export function createDoorkeeper(
  { db, redis, clock }: Pick<StreamParts, 'db' | 'redis' | 'clock'>,
  identify: (request: IncomingMessage) => Promise<Caller | Refusal>,
): Doorkeeper {
  /** A session reads all accounts of its member, a token the one that it is for. */
  async function readerOf(caller: Caller): Promise<Reader> {
    const { by } = caller
    if (by.kind === 'token') return { caller, accountIds: new Set([by.token.accountId]) }
    const accounts = await accountsOf(db, caller.memberId)
    return { caller, accountIds: new Set(accounts.map(({ id }) => id)) }
  }

  async function still({ caller }: Pick<Reader, 'caller'>): Promise<Reader | undefined> {
    return (await isStillOpen(db, caller, clock.now())) ? readerOf(caller) : undefined
  }

  return {
    async whoIs(request) {
      const caller = await identify(request)
      return caller instanceof Refusal ? caller : readerOf(caller)
    },
    async withToken(token) {
      const holder = await spendStreamToken(redis, token)
      const caller = holder && (await callerOf(db, holder.memberId, holder.by))
      return (caller && (await still({ caller }))) ?? spentToken()
    },
    still,
  }
}
