import { createAlpacaVenue } from '../../../src/venues/alpaca/alpaca.ts'
import type { VenueAccess } from '../../../src/venues/links/venue-access.ts'
import type { Venue } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import type { AlpacaServer } from '../../platforms/alpaca/server.ts'

type Options = Parameters<typeof createAlpacaVenue>[0]

/** The way into accounts of a local Alpaca by their keys. */
export function accessTo(accounts: Pick<Account, 'id' | 'keyId' | 'secret' | 'mode'>[]): VenueAccess {
  const byId = new Map(accounts.map((account) => [account.id, account]))
  return {
    async of(account) {
      const { mode, keyId, secret } = byId.get(account)!
      return { mode, credentials: { kind: 'keys', keyId, secret } }
    },
    refused: async () => false,
    accounts: async () => [...byId.keys()],
  }
}

/** The way into an account by a token that ends in an hour at the latest, and is exchanged for another when Alpaca refuses it. */
export function accessByToken({ oauth }: AlpacaServer, account: Account): VenueAccess {
  const { id, mode } = account
  oauth.expiresInSeconds = 3600
  let tokens = oauth.grant(account)
  return {
    of: async () => ({ mode, credentials: { kind: 'oauth', accessToken: tokens.access_token } }),
    async refused(_, used) {
      if (used.kind === 'oauth' && used.accessToken !== tokens.access_token) return true
      const { clientId: client_id, clientSecret: client_secret, tokenUrl } = oauth
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token!, client_id, client_secret }
      const answer = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
      if (!answer.ok) return false
      tokens = (await answer.json()) as typeof tokens
      return true
    },
    accounts: async () => [id],
  }
}

/** The adapter at a local Alpaca, in a hurry; it follows these accounts. */
export function venueAt(alpaca: AlpacaServer, accounts: Account[], more: Partial<Options> = {}): Venue {
  const venue = createAlpacaVenue({
    access: accessTo(accounts),
    api: alpaca.url,
    paperApi: alpaca.paperUrl,
    now: alpaca.now,
    ...more,
    times: {
      ...{ pingEveryMs: 50, silentForMs: 2000, openWithinMs: 2000 },
      ...{ orderPatienceMs: 2000, lookPatienceMs: 2000, againWithinMs: 100, pollEveryMs: 50 },
      ...more.times,
    },
  })
  venue.follow?.(accounts.map(({ id }) => id))
  return venue
}
