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

/** The way into an account by a token that is exchanged for another when TradeStation refuses it; one that rotates is used once. */
export function accessByToken({ oauth }: TradeStationServer, { id, user, mode }: Account): VenueAccess {
  let tokens = oauth.grant(user)
  let exchanging: Promise<boolean> | undefined

  async function exchange(): Promise<boolean> {
    const { clientId: client_id, clientSecret: client_secret, tokenUrl } = oauth
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token!, client_id, client_secret }
    const answer = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
    if (!answer.ok) return false
    tokens = { ...tokens, ...((await answer.json()) as typeof tokens) }
    return true
  }

  return {
    of: async () => ({
      mode: mode === 'sim' ? 'paper' : 'live',
      credentials: { kind: 'oauth', accessToken: tokens.access_token },
    }),
    async refused(_, used) {
      if (used.kind === 'oauth' && used.accessToken !== tokens.access_token) return true
      exchanging ??= exchange().finally(() => {
        exchanging = undefined
      })
      return exchanging
    },
    accounts: async () => [id],
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
