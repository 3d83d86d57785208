import { exchangeTokens, type OAuthClient, type Tokens } from '../../base/oauth-tokens.ts'
import type { OAuthCredentials } from './credentials.ts'
import type { SignIn } from './linkable.ts'
import { CredentialsRefused } from './venue-access.ts'

/** The desk's app at a venue (OAuth). */
export interface OAuthApp extends OAuthClient {
  /** The page on which members agree. */
  authorize: string
  now(): Date
}

/** Signing in at a venue, by the code flow with PKCE. `more`: what the venue's page wants to know beside the flow's own words. */
export function signInBy(app: OAuthApp, more: (mode: 'paper' | 'live') => Record<string, string>): SignIn {
  return {
    page: app.authorize,
    url(mode, { state, challenge, redirect }) {
      const url = new URL(app.authorize)
      const query = {
        response_type: 'code',
        client_id: app.clientId,
        redirect_uri: redirect,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...more(mode),
      }
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return url.href
    },
    async exchange({ code, verifier, redirect }) {
      const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirect }
      const asked = await exchangeTokens(app, form)
      return asked.outcome === 'given'
        ? { outcome: 'given', credentials: credentialsOf(asked.tokens, app.now()) }
        : asked
    },
  }
}

/** Exchanges a refresh token. Throws `CredentialsRefused` when the venue takes it no more, and other errors when nothing is known. */
export function refreshBy(app: OAuthApp): (used: OAuthCredentials) => Promise<OAuthCredentials> {
  return async ({ refreshToken = '' }) => {
    const asked = await exchangeTokens(app, { grant_type: 'refresh_token', refresh_token: refreshToken })
    if (asked.outcome === 'given') return credentialsOf(asked.tokens, app.now())
    if (asked.outcome === 'wrong') throw new CredentialsRefused(asked.words)
    throw new Error(asked.words)
  }
}

function credentialsOf({ expiresIn, ...tokens }: Tokens, at: Date): OAuthCredentials {
  return {
    kind: 'oauth',
    ...tokens,
    ...(expiresIn !== undefined && { expiresAt: new Date(at.getTime() + expiresIn * 1000) }),
  }
}
