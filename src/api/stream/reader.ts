import type { IncomingMessage } from 'node:http'

/** The reader of a stream, by a session or a token. */
export interface Reader {
  memberId: number
  /** The accounts whose events the reader may see. */
  accountIds: ReadonlySet<number>
  /** The session or the token: `web:12`, `token:robot`. */
  origin: string
}

/** Says who reads. */
export interface Doorkeeper {
  /** The reader behind a request; undefined when it has no session and no token. */
  whoIs(request: IncomingMessage): Promise<Reader | undefined>
  /** The same reader a while later; undefined when the session, the token or the role has ended. */
  still(reader: Reader): Promise<Reader | undefined>
}
