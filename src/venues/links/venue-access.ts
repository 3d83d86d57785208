import type { Db } from '../../infra/db/client.ts'
import { VenueError } from '../venue.ts'
import type { CredentialKeys } from './credential-keys.ts'
import type { Credentials, OAuthCredentials } from './credentials.ts'
import { type Kept, keepRefreshed, keepRefusal, lockKept, readKept, venueAccounts } from './rows.ts'
import { seal, unseal } from './vault.ts'

export type { Credentials, OAuthCredentials } from './credentials.ts'

/** Credentials with the mode of their account, which decides about the venue's host. */
export interface Access {
  mode: 'paper' | 'live'
  credentials: Credentials
}

/** The way into the linked accounts of one venue. `account` is the venue's id of the account (`VenueOrder.account`). */
export interface VenueAccess {
  /**
   * Throws `VenueError` when there are no credentials (unlinked, refused) or Postgres does not answer. Cached in the process;
   * credentials that are about to expire are refreshed under a row lock.
   */
  of(account: string): Promise<Access>
  /**
   * The venue refused these credentials (401, or 403 of authentication): they are refreshed if that is possible and still needed,
   * since another process may have done it; else they are marked as refused. True: try again with `of`. Throws as `of` does.
   */
  refused(account: string, used: Credentials, words: string): Promise<boolean>
  /** All linked accounts of the venue now. */
  accounts(): Promise<string[]>
}

/** The venue takes a refresh token no more, for certain. Other errors of `refresh` leave the credentials as they are. */
export class CredentialsRefused extends Error {
  override name = 'CredentialsRefused'
}

/** The parts of a `VenueAccess`. */
export interface VenueAccessOptions {
  venue: string
  keys: CredentialKeys
  /** Exchanges a refresh token, within ten seconds. Throws `CredentialsRefused` when the venue takes it no more. */
  refresh?(credentials: OAuthCredentials): Promise<OAuthCredentials>
  now(): Date
}

/** Credentials are read again after so many milliseconds, so that an unlinked account is soon left alone by every process. */
const cachedForMs = 10_000
/** Tokens are refreshed when they expire within so many milliseconds. */
const refreshAheadMs = 120_000
/** Refused credentials are tried again after so many milliseconds: a venue may err, and an exit must not wait for a new link. */
const triedAgainAfterMs = 60_000
/** A venue's words are kept up to this length. */
const longestWords = 200

/** Opens the way into the linked accounts of a venue, from the rows of `venue_credentials`. */
export function createVenueAccess(db: Db, { venue, keys, refresh: exchange, now }: VenueAccessOptions): VenueAccess {
  const cache = new Map<string, { read: Promise<Access>; until: number }>()
  const open = (kept: Kept) => unseal(keys, kept, { venue, account: kept.account, mode: kept.mode })

  /** Exchanges tokens under the lock of their row, unless another process was faster. Undefined: they cannot be exchanged. */
  async function renew(account: string, used: Credentials): Promise<Access | undefined> {
    return db.transaction().execute(async (trx) => {
      const kept = await lockKept(trx, venue, account)
      if (!kept) throw notLinked(venue)
      const { mode } = kept
      const present = open(kept)
      if (!isSame(present, used)) return { mode, credentials: present }
      if (present.kind !== 'oauth' || present.refreshToken === undefined || !exchange) return undefined
      const fresh = await exchange(present)
      // A venue that does not rotate the refresh token leaves it out.
      const credentials = { ...fresh, refreshToken: fresh.refreshToken ?? present.refreshToken }
      const sealed = seal(keys, credentials, { venue, account, mode })
      await keepRefreshed(trx, kept.accountId, { ...sealed, expiresAt: credentials.expiresAt, at: now() })
      return { mode, credentials }
    })
  }

  async function read(account: string): Promise<Access> {
    const kept = await readKept(db, venue, account)
    if (!kept) throw notLinked(venue)
    if (kept.refusedAt && now().getTime() - kept.refusedAt.getTime() < triedAgainAfterMs)
      throw new VenueError(`${venue} refused the credentials of this account: ${kept.refusedBecause}`)
    const access: Access = { mode: kept.mode, credentials: open(kept) }
    if (!isDue(access.credentials)) return access
    try {
      return (await renew(account, access.credentials)) ?? access
    } catch (cause) {
      if (cause instanceof CredentialsRefused) await keepRefusal(db, venue, account, shortened(cause.message), now())
      // A token that still holds is used, and refreshed by the next who needs it.
      if (!isOver(access.credentials)) return access
      throw cause
    }
  }

  const isDue = (credentials: Credentials) => expiresWithin(credentials, refreshAheadMs)
  const isOver = (credentials: Credentials) => expiresWithin(credentials, 0)
  const expiresWithin = (credentials: Credentials, ms: number) =>
    credentials.kind === 'oauth' &&
    credentials.expiresAt !== undefined &&
    credentials.expiresAt.getTime() - now().getTime() <= ms

  return {
    async of(account) {
      const at = now().getTime()
      const before = cache.get(account)
      // A clock that was set back makes no entry last longer.
      if (before && at < before.until && before.until - at <= cachedForMs) return before.read
      const entry = { read: asVenueError(venue, read(account)), until: at + cachedForMs }
      cache.set(account, entry)
      entry.read
        .then(({ credentials }) => {
          if (isDue(credentials) && cache.get(account) === entry) entry.until = at
        })
        .catch(() => {
          if (cache.get(account) === entry) cache.delete(account)
        })
      return entry.read
    },
    refused: (account, used, words) =>
      asVenueError(
        venue,
        (async () => {
          cache.delete(account)
          const because = await renew(account, used).then(
            (access) => (access ? undefined : words),
            (cause) => {
              if (cause instanceof CredentialsRefused) return cause.message
              throw cause
            },
          )
          if (because === undefined) return true
          await keepRefusal(db, venue, account, shortened(because), now())
          return false
        })(),
      ),
    accounts: () => asVenueError(venue, venueAccounts(db, venue)),
  }
}

const notLinked = (venue: string) => new VenueError(`This account is not linked with ${venue}`)
const shortened = (words: string) => words.slice(0, longestWords)

function isSame(one: Credentials, other: Credentials): boolean {
  if (one.kind === 'keys') return other.kind === 'keys' && one.keyId === other.keyId && one.secret === other.secret
  return other.kind === 'oauth' && one.accessToken === other.accessToken
}

/** Whatever fails on the way to credentials, the venue's callers learn it as they learn that the venue does not answer. */
async function asVenueError<Value>(venue: string, value: Promise<Value>): Promise<Value> {
  try {
    return await value
  } catch (cause) {
    if (cause instanceof VenueError) throw cause
    throw new VenueError(`The credentials of ${venue} could not be read`, cause)
  }
}
