import { type AlpacaLinkOptions, linkAlpaca } from './alpaca/link-alpaca.ts'
import type { AppOfAlpaca } from './alpaca/oauth.ts'
import type { Linkable } from './linkable.ts'

/** The variables of the environment that linking needs. */
export interface LinkingConfig {
  ALPACA_API: string
  ALPACA_PAPER_API: string
  ALPACA_AUTHORIZE: string
  ALPACA_OAUTH_CLIENT_ID?: string
  ALPACA_OAUTH_CLIENT_SECRET?: string
}

/** The names of the venues whose accounts can be linked. */
export const linkableVenues = ['alpaca']

/** The desk's app at Alpaca, if the environment has one. */
export function appOfAlpaca(config: LinkingConfig, now: () => Date): AppOfAlpaca | undefined {
  const { ALPACA_OAUTH_CLIENT_ID: clientId, ALPACA_OAUTH_CLIENT_SECRET: clientSecret } = config
  if (clientId === undefined || clientSecret === undefined) return undefined
  return { clientId, clientSecret, authorize: config.ALPACA_AUTHORIZE, api: config.ALPACA_API, now }
}

/** The venues whose accounts members link, by name. */
export function linkablesOf(config: LinkingConfig, now: () => Date): ReadonlyMap<string, Linkable> {
  const options: AlpacaLinkOptions = {
    apis: { live: config.ALPACA_API, paper: config.ALPACA_PAPER_API },
    app: appOfAlpaca(config, now),
  }
  return new Map([linkAlpaca(options)].map((one) => [one.venue, one]))
}
