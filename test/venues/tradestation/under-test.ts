import type { Db } from '../../../src/infra/db/client.ts'
import type { VenueAccess } from '../../../src/venues/links/venue-access.ts'
import { createTradeStationVenue } from '../../../src/venues/tradestation/tradestation.ts'
import type { Venue } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/tradestation/account.ts'
import type { TradeStationServer } from '../../platforms/tradestation/server.ts'

type Options = Parameters<typeof createTradeStationVenue>[0]

/** The way into accounts of a local TradeStation, by tokens that are granted anew when they are refused. */
export function accessTo(ts: TradeStationServer, accounts: Account[]): VenueAccess {
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const tokens = new Map<string, string>()
  const grant = (account: string) => ts.oauth.grant(byId.get(account)!.user).access_token
  return {
    async of(account) {
      const accessToken = tokens.get(account) ?? grant(account)
      tokens.set(account, accessToken)
      const mode = byId.get(account)!.mode === 'sim' ? 'paper' : 'live'
      return { mode, credentials: { kind: 'oauth', accessToken } }
    },
    async refused(account) {
      tokens.delete(account)
      return true
    },
    accounts: async () => [...byId.keys()],
  }
}

/** The adapter at a local TradeStation, in a hurry; it follows these accounts. */
export function venueAt(db: Db, ts: TradeStationServer, accounts: Account[], more: Partial<Options> = {}): Venue {
  const venue = createTradeStationVenue({
    db,
    access: accessTo(ts, accounts),
    api: ts.url,
    simApi: ts.simUrl,
    now: ts.now,
    ...more,
    times: {
      ...{ silentForMs: 2000, openWithinMs: 2000, positionsAgainMs: 50 },
      ...{ orderPatienceMs: 2000, lookPatienceMs: 2000, againWithinMs: 100, pollEveryMs: 50 },
      ...more.times,
    },
  })
  venue.follow?.(accounts.map(({ id }) => id))
  return venue
}
