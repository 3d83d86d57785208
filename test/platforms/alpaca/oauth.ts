import type { Answer, Heard } from '../broker/answering.ts'
import { isProven } from '../broker/pkce.ts'
import type { Account } from './account.ts'
import type { World } from './world.ts'

/** The settings of the app that members authorize, and the hands on it. */
export interface OAuth {
  clientId: string
  clientSecret: string
  /** The page where a member is sent. */
  authorizeUrl: string
  tokenUrl: string
  /** The member whose browser comes to the page, and agrees at once: their accounts, one of each mode at most. */
  signIn(...accounts: Account[]): void
  /** The member at the page declines. */
  declines: boolean
  /** Seconds for which an access token is good; absent, as published: for good, and without a refresh token. */
  expiresInSeconds?: number
  /** Each refresh gives a new refresh token, and the old one is no longer good. */
  rotates: boolean
  /** Refresh tokens are refused. */
  refusesRefresh: boolean
  /** Ends every access token now. */
  expireTokens(): void
  /** Ends every token of an account. */
  revoke(account: Account): void
  /** Tokens for accounts, without the page. */
  grant(...accounts: Account[]): { access_token: string; refresh_token?: string; expires_in?: number }
}

interface Grant {
  accounts: Account[]
  access: string
  refresh?: string
  expiresAt: number
}

/** The app's authorization of a world, and its two endpoints. */
export function createOAuth(world: World, urls: Pick<OAuth, 'authorizeUrl' | 'tokenUrl'>) {
  const codes = new Map<string, { accounts: Account[]; redirectUri: string; challenge?: string; scope: string }>()
  let grants: Grant[] = []
  let signedIn: Account[] = []

  const oauth: OAuth = {
    clientId: world.ids.letters(20),
    clientSecret: world.ids.letters(32),
    ...urls,
    signIn: (...accounts) => {
      signedIn = accounts
    },
    declines: false,
    rotates: true,
    refusesRefresh: false,
    expireTokens() {
      for (const grant of grants) grant.expiresAt = 0
    },
    revoke(account) {
      grants = grants.filter(({ accounts }) => !accounts.includes(account))
    },
    grant: (...accounts) => tokensOf(begin(accounts)),
  }

  const until = () =>
    oauth.expiresInSeconds === undefined
      ? Number.POSITIVE_INFINITY
      : world.now().getTime() + oauth.expiresInSeconds * 1000

  function begin(accounts: Account[]): Grant {
    const refresh = oauth.expiresInSeconds === undefined ? undefined : world.ids.uuid()
    const grant = { accounts, access: world.ids.uuid(), refresh, expiresAt: until() }
    grants.push(grant)
    return grant
  }

  function tokensOf({ access, refresh }: Grant): ReturnType<OAuth['grant']> {
    return {
      access_token: access,
      ...(refresh !== undefined && { refresh_token: refresh, expires_in: oauth.expiresInSeconds }),
    }
  }

  /** The page: it sends the browser back at once. */
  function authorize(query: URLSearchParams): Answer {
    const redirectUri = query.get('redirect_uri')
    if (query.get('client_id') !== oauth.clientId || !redirectUri) return { status: 400, body: 'unknown client' }
    const back = new URL(redirectUri)
    if (query.get('state')) back.searchParams.set('state', query.get('state')!)
    const isUsable = query.get('response_type') === 'code' && signedIn.length > 0
    if (oauth.declines) back.searchParams.set('error', 'access_denied')
    else if (!isUsable) return { status: 200, body: 'please sign in' }
    else {
      const code = world.ids.uuid()
      const challenge = query.get('code_challenge') ?? undefined
      codes.set(code, { accounts: signedIn, redirectUri, challenge, scope: query.get('scope') ?? '' })
      back.searchParams.set('code', code)
    }
    return { status: 302, headers: { Location: String(back) } }
  }

  function token(form: URLSearchParams): Answer {
    const isClient = form.get('client_id') === oauth.clientId && form.get('client_secret') === oauth.clientSecret
    if (!isClient) return { status: 401, body: { error: 'invalid_client' } }
    if (form.get('grant_type') === 'authorization_code') return exchange(form)
    if (form.get('grant_type') === 'refresh_token') return refresh(form.get('refresh_token'))
    return { status: 400, body: { error: 'unsupported_grant_type' } }
  }

  function exchange(form: URLSearchParams): Answer {
    const code = form.get('code') ?? ''
    const known = codes.get(code)
    codes.delete(code)
    const isSame = known?.redirectUri === form.get('redirect_uri')
    if (!known || !isSame || !isProven(known.challenge, form.get('code_verifier'))) return invalid
    return { status: 200, body: { ...tokensOf(begin(known.accounts)), token_type: 'bearer', scope: known.scope } }
  }

  function refresh(said: string | null): Answer {
    const grant = grants.find(({ refresh }) => refresh !== undefined && refresh === said)
    if (!grant || oauth.refusesRefresh) return invalid
    grant.access = world.ids.uuid()
    grant.expiresAt = until()
    if (oauth.rotates) grant.refresh = world.ids.uuid()
    return { status: 200, body: { ...tokensOf(grant), token_type: 'bearer', scope: 'account:write trading' } }
  }

  return {
    oauth,
    holders(access: string): Account[] {
      const now = world.now().getTime()
      return grants.find((grant) => grant.access === access && grant.expiresAt > now)?.accounts ?? []
    },
    serve({ method, path, query, body }: Heard): Answer {
      if (method === 'GET' && path === '/oauth/authorize') return authorize(query)
      if (method === 'POST' && path === '/oauth/token') return token(new URLSearchParams(body))
      return { status: 404, body: { message: 'Not Found' } }
    },
  }
}

const invalid: Answer = { status: 400, body: { error: 'invalid_grant' } }
