import type { Db } from '../../../src/infra/db/client.ts'
import { createCcxtVenue } from '../../../src/venues/ccxt/ccxt.ts'
import type { VenueAccess } from '../../../src/venues/links/venue-access.ts'
import { createBudgets } from '../../../src/venues/shared/budgets.ts'
import type { Venue } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/kraken/account.ts'
import type { KrakenServer } from '../../platforms/kraken/server.ts'

type Options = Parameters<typeof createCcxtVenue>[0]

/** The name of an account of a local Kraken at the desk. */
export const nameOf = ({ iban }: Account): string => iban.replaceAll(' ', '')

/** The way into accounts of a local Kraken by their keys. */
export function accessTo(accounts: Account[]): VenueAccess {
  const byName = new Map(accounts.map((account) => [nameOf(account), account]))
  return {
    async of(name) {
      const { key, secret } = byName.get(name)!
      return { mode: 'live', credentials: { kind: 'keys', keyId: key, secret } }
    },
    refused: async () => false,
    accounts: async () => [...byName.keys()],
  }
}

/** More requests than any test makes: its time is not the exchange's. */
export const plenty = () => {
  const limit = { of: 1e6, perMs: 1000 }
  return { looks: createBudgets(limit), orders: createBudgets(limit) }
}

/** The same, and a pause of a second after too many requests lasts a millisecond. */
export const plentyInHaste = () => {
  const limit = { of: 1e6, perMs: 1000 }
  const haste = () => performance.now() * 1000
  return { looks: createBudgets(limit, haste), orders: createBudgets(limit, haste) }
}

/** The adapter at a local Kraken, in a hurry; it follows these accounts. */
export function venueAt(db: Db, kraken: KrakenServer, accounts: Account[], more: Partial<Options> = {}): Venue {
  const venue = createCcxtVenue({
    exchange: 'kraken',
    db,
    access: accessTo(accounts),
    urls: kraken.url,
    now: kraken.now,
    budgets: plenty(),
    ...more,
    times: {
      ...{ openWithinMs: 3000, pollEveryMs: 100, againWithinMs: 100 },
      ...{ orderPatienceMs: 3000, lookPatienceMs: 2000 },
      ...more.times,
    },
  })
  venue.follow?.(accounts.map(nameOf))
  return venue
}
