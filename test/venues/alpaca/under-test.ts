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
