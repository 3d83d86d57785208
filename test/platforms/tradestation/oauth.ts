import type { Answer, Heard } from '../broker/answering.ts'
import { isProven } from '../broker/pkce.ts'
import type { User, World } from './world.ts'

/** The tokens of a user for the app. */
export interface Tokens {
  access_token: string
  refresh_token?: string
  expires_in: number
}

/** The settings of the app (the API key) that users authorize, and the hands on it. */
export interface OAuth {
  clientId: string
  clientSecret: string
  /** The page where a user is sent. */
  authorizeUrl: string
  tokenUrl: string
  revokeUrl: string
  /** The user whose browser comes to the page, and agrees at once. */
  signIn(user: User): void
  /** The user at the page declines. */
  declines: boolean
  /** Seconds for which an access token is good; 1,200 as published. */
  expiresInSeconds: number
  /** Each refresh gives a new refresh token, and the old one is no longer good. As published, they are good for 30 minutes
   * then, and for 24 hours after the sign-in at most. */
  rotates: boolean
  /** Refresh tokens are refused. */
  refusesRefresh: boolean
  /** Ends every access token now. */
  expireTokens(): void
  /** Ends an access token. */
  expire(access: string): void
  /** Ends every token of a user. */
  revoke(user: User): void
  /** Revocations that the app asked for. Each ended the refresh tokens of all users. */
  revocations(): number
  /** Answers to refreshes that gave tokens. */
  refreshes(): number
  /** Tokens for a user, without the page. */
  grant(user: User): Tokens
}

interface Grant {
  user: User
  access: string
  refresh?: string
  /** Milliseconds. */
  expiresAt: number
  refreshUntil: number
  endsAt: number
  scope: string
}

const audience = 'https://api.tradestation.com'
const fullScope = 'openid offline_access profile MarketData ReadAccount Trade'
const minuteMs = 60_000

/** The app's authorization in a world, and its endpoints on the sign-in host. */
export function createOAuth(world: World, urls: Pick<OAuth, 'authorizeUrl' | 'tokenUrl' | 'revokeUrl'>) {
  const codes = new Map<string, { user: User; redirectUri: string; challenge?: string; scope: string }>()
  let grants: Grant[] = []
  let signedIn: User | undefined
  const counted = { revocations: 0, refreshes: 0 }
  const now = () => world.now().getTime()

  const oauth: OAuth = {
    clientId: world.ids.letters(32),
    clientSecret: `${world.ids.letters(32)}${world.ids.letters(32)}`,
    ...urls,
    signIn(user) {
      signedIn = user
    },
    declines: false,
    expiresInSeconds: 1200,
    rotates: false,
    refusesRefresh: false,
    expireTokens() {
      for (const grant of grants) grant.expiresAt = 0
    },
    expire(access) {
      for (const grant of grants) if (grant.access === access) grant.expiresAt = 0
    },
    revoke(user) {
      grants = grants.filter((grant) => grant.user !== user)
    },
    revocations: () => counted.revocations,
    refreshes: () => counted.refreshes,
    grant: (user) => tokensOf(begin(user, fullScope), true),
  }

  const refreshUntil = () => (oauth.rotates ? now() + 30 * minuteMs : Number.POSITIVE_INFINITY)

  function begin(user: User, scope: string): Grant {
    const grant = {
      user,
      scope,
      access: `eyJ${world.ids.letters(32)}`,
      refresh: scope.split(' ').includes('offline_access') ? world.ids.letters(32) : undefined,
      expiresAt: now() + oauth.expiresInSeconds * 1000,
      refreshUntil: refreshUntil(),
      endsAt: now() + 24 * 60 * minuteMs,
    }
    grants.push(grant)
    return grant
  }

  const tokensOf = ({ access, refresh }: Grant, hasRefresh: boolean): Tokens => ({
    access_token: access,
    ...(hasRefresh && refresh !== undefined && { refresh_token: refresh }),
    expires_in: oauth.expiresInSeconds,
  })

  /** The page: it sends the browser back at once. */
  function authorize(query: URLSearchParams): Answer {
    const redirectUri = query.get('redirect_uri')
    if (query.get('client_id') !== oauth.clientId || !redirectUri) return { status: 400, body: 'unknown client' }
    if (query.get('audience') !== audience) return { status: 400, body: 'unknown audience' }
    const back = new URL(redirectUri)
    if (query.get('state')) back.searchParams.set('state', query.get('state')!)
    if (oauth.declines) back.searchParams.set('error', 'access_denied')
    else if (query.get('response_type') !== 'code' || !signedIn) return { status: 200, body: 'please sign in' }
    else {
      const code = world.ids.letters(32)
      const challenge = query.get('code_challenge') ?? undefined
      codes.set(code, { user: signedIn, redirectUri, challenge, scope: query.get('scope') ?? '' })
      back.searchParams.set('code', code)
    }
    return { status: 302, headers: { Location: String(back) } }
  }

  function token(form: URLSearchParams): Answer {
    const isClient = form.get('client_id') === oauth.clientId && form.get('client_secret') === oauth.clientSecret
    if (!isClient) return { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } }
    if (form.get('grant_type') === 'authorization_code') return exchange(form)
    if (form.get('grant_type') === 'refresh_token') return refresh(form.get('refresh_token'))
    return { status: 403, body: { error: 'unauthorized_client', error_description: 'Unknown grant type' } }
  }

  function exchange(form: URLSearchParams): Answer {
    const code = form.get('code') ?? ''
    const known = codes.get(code)
    codes.delete(code)
    const isSame = known?.redirectUri === form.get('redirect_uri')
    if (!known || !isSame || !isProven(known.challenge, form.get('code_verifier'))) {
      return invalid('Invalid authorization code')
    }
    const grant = begin(known.user, known.scope)
    const idToken = known.scope.split(' ').includes('openid') && { id_token: `eyJ${world.ids.letters(32)}.e30.` }
    return { status: 200, body: { ...tokensOf(grant, true), ...idToken, scope: known.scope, token_type: 'Bearer' } }
  }

  function refresh(said: string | null): Answer {
    const grant = grants.find((one) => one.refresh !== undefined && one.refresh === said)
    const isOver = grant && (now() >= grant.refreshUntil || (oauth.rotates && now() >= grant.endsAt))
    if (!grant || isOver || oauth.refusesRefresh) return invalid('Unknown or invalid refresh token.')
    grant.access = `eyJ${world.ids.letters(32)}`
    grant.expiresAt = now() + oauth.expiresInSeconds * 1000
    if (oauth.rotates) [grant.refresh, grant.refreshUntil] = [world.ids.letters(32), refreshUntil()]
    counted.refreshes++
    const tokens = tokensOf(grant, oauth.rotates)
    return { status: 200, body: { ...tokens, scope: grant.scope, token_type: 'Bearer' } }
  }

  /** It ends the refresh tokens of every user of the app. */
  function revoke(form: URLSearchParams): Answer {
    const isClient = form.get('client_id') === oauth.clientId && form.get('client_secret') === oauth.clientSecret
    if (!isClient) return { status: 401, body: { error: 'invalid_client' } }
    counted.revocations++
    for (const grant of grants) grant.refresh = undefined
    return { status: 200 }
  }

  return {
    oauth,
    /** The user of an access token at a moment. */
    userOf(access: string | undefined): User | undefined {
      return grants.find((grant) => grant.access === access && grant.expiresAt > now())?.user
    },
    serve({ method, path, query, body }: Heard): Answer {
      if (method === 'GET' && path === '/authorize') return authorize(query)
      if (method === 'POST' && path === '/oauth/token') return token(new URLSearchParams(body))
      if (method === 'POST' && path === '/oauth/revoke') return revoke(new URLSearchParams(body))
      return { status: 404, body: { error: 'not_found' } }
    },
  }
}

const invalid = (words: string): Answer => ({
  status: 403,
  body: { error: 'invalid_grant', error_description: words },
})
