import { z } from 'zod'
import { answerOf } from './answer-of.ts'
import type { OAuthCredentials } from './credentials.ts'
import type { SignIn } from './linkable.ts'
import { CredentialsRefused } from './venue-access.ts'

/** The desk's app at a venue (OAuth). */
export interface OAuthApp {
  /** The venue's name for people. */
  title: string
  clientId: string
  clientSecret: string
  /** The page on which members agree. */
  authorize: string
  /** Tokens are exchanged at `/oauth/token` of this address. */
  api: string
  now(): Date
}

const tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().nullish(),
})
/** The refusal of a code or of a refresh token; a venue gives it one of several statuses. */
const refusal = z.object({ error: z.literal('invalid_grant') })
const refusedWith = [400, 401, 403]

/** The answer to a request for tokens. */
type Exchanged = { outcome: 'given'; credentials: OAuthCredentials } | { outcome: 'wrong' | 'away'; words: string }

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
    exchange: ({ code, verifier, redirect }) =>
      askFor(app, { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirect }),
  }
}

/** Exchanges a refresh token. Throws `CredentialsRefused` when the venue takes it no more, and other errors when nothing is known. */
export function refreshBy(app: OAuthApp): (used: OAuthCredentials) => Promise<OAuthCredentials> {
  return async ({ refreshToken = '' }) => {
    const asked = await askFor(app, { grant_type: 'refresh_token', refresh_token: refreshToken })
    if (asked.outcome === 'given') return asked.credentials
    if (asked.outcome === 'wrong') throw new CredentialsRefused(asked.words)
    throw new Error(asked.words)
  }
}

async function askFor(app: OAuthApp, form: Record<string, string>): Promise<Exchanged> {
  const answer = await answerOf(app.api, '/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_id: app.clientId, client_secret: app.clientSecret }),
  })
  if (!answer) return { outcome: 'away', words: `${app.title} did not answer.` }
  const { status, body } = answer
  const parsed = tokens.safeParse(body)
  if (status === 200 && parsed.success) return { outcome: 'given', credentials: credentialsOf(parsed.data, app.now()) }
  if (refusedWith.includes(status) && refusal.safeParse(body).success)
    return { outcome: 'wrong', words: `${app.title} does not take the sign-in any more.` }
  return { outcome: 'away', words: `${app.title} gave no tokens (${status}).` }
}

function credentialsOf(given: z.infer<typeof tokens>, at: Date): OAuthCredentials {
  return {
    kind: 'oauth',
    accessToken: given.access_token,
    ...(given.refresh_token && { refreshToken: given.refresh_token }),
    ...(given.expires_in && { expiresAt: new Date(at.getTime() + given.expires_in * 1000) }),
  }
}
