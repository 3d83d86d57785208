import { Refusal } from '../../base/refusal.ts'
import { tokensOf } from '../../trading/access/rows/api-tokens.ts'
import { isSessionOpen } from '../../trading/access/rows/web-sessions.ts'
import { accountsOf } from '../../trading/accounts/rows/accounts.ts'
import type { Doorkeeper, Reader } from '../stream/reader.ts'
import { type Caller, callerOf, originOf } from './caller.ts'
import { type Identifying, identify } from './identify.ts'

/** Says to the streams who reads, by the same sessions, tokens and origins as everywhere in the API. */
export function createDoorkeeper(identifying: Identifying): Doorkeeper {
  const { db, now } = identifying

  async function readerOf(caller: Caller): Promise<Reader> {
    const { by } = caller
    const all = by.kind === 'token' ? [by.token.accountId] : (await accountsOf(db, caller.memberId)).map(({ id }) => id)
    return { memberId: caller.memberId, accountIds: new Set(all), origin: originOf(caller) }
  }

  /** The session or the token behind an origin; undefined when it has ended. */
  async function rightOf({ memberId, origin }: Pick<Reader, 'memberId' | 'origin'>): Promise<Caller['by'] | undefined> {
    const [, kind, name = ''] = /^(web|token):(.+)$/.exec(origin) ?? []
    if (kind === 'web')
      return (await isSessionOpen(db, Number(name), now())) ? { kind: 'session', id: Number(name) } : undefined
    const token = (await tokensOf(db, memberId)).find((one) => one.name === name)
    return token && { kind: 'token', token }
  }

  return {
    async whoIs(request) {
      const caller = await identify(identifying, request)
      return caller instanceof Refusal ? undefined : readerOf(caller)
    },
    async still(reader) {
      const by = await rightOf(reader)
      const caller = by && (await callerOf(db, reader.memberId, by))
      return caller && readerOf(caller)
    },
  }
}
