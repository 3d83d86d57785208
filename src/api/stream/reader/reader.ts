import type { IncomingMessage } from 'node:http'
import type { Refusal } from '../../../base/refusal.ts'
import type { Caller } from '../../sessions/caller.ts'

/** The reader of a stream, by a session or a token. */
export interface Reader {
  caller: Caller
  /** The accounts whose events the reader may see. */
  accountIds: ReadonlySet<number>
}

/** Says who reads. */
export interface Doorkeeper {
  /** The reader behind a request, by its cookie or its bearer token. */
  whoIs(request: IncomingMessage): Promise<Reader | Refusal>
  /** The reader with a stream token, which is spent by this. */
  withToken(token: string): Promise<Reader | Refusal>
  /** The same reader a while later; undefined when the session, the token or the role has ended. */
  still(reader: Reader): Promise<Reader | undefined>
}
