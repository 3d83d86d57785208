import { z } from 'zod'

/** An app that a server knows (OAuth 2). */
export interface OAuthClient {
  /** The server's name for people. */
  title: string
  clientId: string
  clientSecret: string
  /** Tokens are exchanged at `/oauth/token` of this address. */
  api: string
}

/** Tokens as a server gives them. */
export interface Tokens {
  accessToken: string
  /** Absent: the one of before stays good. */
  refreshToken?: string
  /** Seconds for which the access token is good, if the server says so. */
  expiresIn?: number
}

/** The answer to a request for tokens. `wrong`: the code or the refresh token is taken no more; `away`: nothing is known. */
export type Exchanged = { outcome: 'given'; tokens: Tokens } | { outcome: 'wrong' | 'away'; words: string }

const given = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().nullish(),
})
/** The refusal of a code or of a refresh token; a server gives it one of several statuses. */
const refusal = z.object({ error: z.literal('invalid_grant') })
const refusedWith = [400, 401, 403]
/** A server has so many milliseconds for its answer. */
const withinMs = 8000

/** Exchanges a code or a refresh token for tokens, once. Never throws, and no word of it has a secret. */
export async function exchangeTokens(client: OAuthClient, form: Record<string, string>): Promise<Exchanged> {
  const { title, clientId, clientSecret, api } = client
  let status: number
  let body: unknown
  try {
    const response = await fetch(`${api.replace(/\/$/, '')}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret }),
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    })
    status = response.status
    body = await response.json().catch(() => undefined)
  } catch {
    return { outcome: 'away', words: `${title} did not answer.` }
  }
  const parsed = given.safeParse(body)
  if (status === 200 && parsed.success) {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = parsed.data
    const tokens = { accessToken, ...(refreshToken && { refreshToken }), ...(expiresIn && { expiresIn }) }
    return { outcome: 'given', tokens }
  }
  if (refusedWith.includes(status) && refusal.safeParse(body).success)
    return { outcome: 'wrong', words: `${title} does not take the sign-in any more.` }
  return { outcome: 'away', words: `${title} gave no tokens (${status}).` }
}
