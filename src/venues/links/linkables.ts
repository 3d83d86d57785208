import { linkAlpaca } from './alpaca/link-alpaca.ts'
import { linkCcxt } from './ccxt/link-ccxt.ts'
import type { Linkable } from './linkable.ts'
import type { OAuthApp } from './oauth.ts'
import { linkTradeStation } from './tradestation/link-tradestation.ts'

/** The variables of the environment that linking needs. */
export interface LinkingConfig {
  ALPACA_API: string
  ALPACA_PAPER_API: string
  ALPACA_AUTHORIZE: string
  ALPACA_OAUTH_CLIENT_ID?: string
  ALPACA_OAUTH_CLIENT_SECRET?: string
  TRADESTATION_API: string
  TRADESTATION_SIM_API: string
  TRADESTATION_SIGN_IN: string
  TRADESTATION_OAUTH_CLIENT_ID?: string
  TRADESTATION_OAUTH_CLIENT_SECRET?: string
  CCXT_EXCHANGES: string[]
  CCXT_URLS: ReadonlyMap<string, string>
}

/** The names of the brokers whose accounts can be linked; exchanges are named by the environment. */
export const linkableBrokers = ['alpaca', 'tradestation']

/** The desk's apps at venues, by the venue's name; those that the environment has. */
export function appsOf(config: LinkingConfig, now: () => Date): Partial<Record<'alpaca' | 'tradestation', OAuthApp>> {
  const alpaca = keysOf(config.ALPACA_OAUTH_CLIENT_ID, config.ALPACA_OAUTH_CLIENT_SECRET)
  const tradestation = keysOf(config.TRADESTATION_OAUTH_CLIENT_ID, config.TRADESTATION_OAUTH_CLIENT_SECRET)
  const signIn = config.TRADESTATION_SIGN_IN.replace(/\/$/, '')
  return {
    ...(alpaca && {
      alpaca: { title: 'Alpaca', ...alpaca, authorize: config.ALPACA_AUTHORIZE, api: config.ALPACA_API, now },
    }),
    ...(tradestation && {
      tradestation: { title: 'TradeStation', ...tradestation, authorize: `${signIn}/authorize`, api: signIn, now },
    }),
  }
}

const keysOf = (clientId: string | undefined, clientSecret: string | undefined) =>
  clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret }

/** The venues whose accounts members link, by name. */
export function linkablesOf(config: LinkingConfig, now: () => Date): ReadonlyMap<string, Linkable> {
  const apps = appsOf(config, now)
  const all = [
    linkAlpaca({ apis: { live: config.ALPACA_API, paper: config.ALPACA_PAPER_API }, app: apps.alpaca }),
    linkTradeStation({
      apis: { live: config.TRADESTATION_API, paper: config.TRADESTATION_SIM_API },
      app: apps.tradestation,
    }),
    ...config.CCXT_EXCHANGES.map((exchange) => linkCcxt(exchange, config.CCXT_URLS.get(exchange))),
  ]
  return new Map(all.map((one) => [one.venue, one]))
}
