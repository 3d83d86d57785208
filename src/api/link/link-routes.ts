import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Route } from '../../base/http.ts'
import { newSecret, secretHash } from '../../base/secret.ts'
import {
  bindBrowser,
  keepSignIn,
  type LinkRequest,
  requestOfState,
  requestOfToken,
  takeSignIn,
} from '../../trading/access/rows/link-requests.ts'
import { giveCredentials } from '../../trading/accounts/give-credentials.ts'
import type { Credentials } from '../../venues/links/credentials.ts'
import type { Linkable } from '../../venues/links/linkable.ts'
import { linkablesOf } from '../../venues/links/linkables.ts'
import { type Answer, send } from '../http/answer.ts'
import { pathOf } from '../http/router.ts'
import { overTls, pageHeaders } from '../http/security-headers.ts'
import type { Ground } from '../routes/context.ts'
import { limitOf } from '../sessions/at-most.ts'
import { cookieIn } from '../sessions/cookie.ts'
import { awayPage, formPage, givenPage, openingPage, overPage, plainPage } from './link-page.ts'
import { linkStyle } from './link-style.ts'

/** Attempts with keys on one page: it is no tool to try many. */
const mostAttempts = 10
const attemptsMs = 10 * 60_000
/** The longest body of a form in bytes. */
const bodyLimit = 4096
/** The cookie outlives the page, and opens nothing else. */
const cookieSeconds = 3600

/** The page for links, without a script: who asks, for which venue and which money, and the form. */
export function linkRoutes(ground: Ground & { port: () => number }): Route[] {
  const { desk, origins } = ground
  const { parts, config } = desk
  const venues = linkablesOf(config, () => parts.clock.now())
  const attempts = limitOf(mostAttempts, attemptsMs)
  const cookie = () => (origins.isSecure ? '__Host-deskhand-link' : `deskhand-link-${ground.port()}`)
  const headers = {
    ...pageHeaders,
    'content-security-policy': [
      "default-src 'none'",
      "style-src 'self'",
      "img-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    ...(origins.isSecure && overTls),
  }
  const html = (status: number, body: string, more: Record<string, string> = {}): Answer => ({
    status,
    type: 'text/html; charset=utf-8',
    body,
    headers: { ...headers, ...more },
  })
  const seeOther = (location: string, more: Record<string, string> = {}) => html(303, '', { location, ...more })

  const browserOf = (request: IncomingMessage) => cookieIn(request.headers.cookie, cookie())
  function isOwn({ browserHash }: LinkRequest, request: IncomingMessage): boolean {
    const browser = browserOf(request)
    return browser !== undefined && browserHash !== undefined && timingSafeEqual(secretHash(browser), browserHash)
  }

  /** A form of another site. This page sends no referrer, so browsers name no origin of its forms (`null`). */
  function isForeign(request: IncomingMessage): boolean {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (!origins.isOurHost(request) || (site !== undefined && site !== 'same-origin')) return true
    return origin !== undefined && origin !== 'null' && !origins.isSameOrigin(request)
  }

  async function serve(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const [, token = '', step = '', more] = /^\/link\/([\w-]{43})(?:\/([a-z-]+))?(.*)$/.exec(pathOf(request)) ?? []
    const asked = token && more === '' ? await requestOfToken(parts.db, token, parts.clock.now()) : undefined
    const venue = asked && venues.get(asked.venue)
    if (!asked || !venue) return html(410, overPage())
    const path = `/link/${token}`
    if (asked.browserHash && !isOwn(asked, request)) return html(403, elsewhere())
    if (request.method !== 'POST') {
      if (step !== '') return seeOther(path)
      if (!asked.browserHash) return html(200, openingPage(asked, venue, path))
      return html(200, asked.given ? givenPage(asked, venue) : formPage(asked, venue, path))
    }
    if (isForeign(request)) return html(403, plainPage(foreign))
    if (step === 'open') return open(request, asked, path)
    if (!asked.browserHash || asked.given) return seeOther(path)
    if (step === 'sign-in' && venue.signIn) return signIn(request, asked, venue)
    if (step !== 'keys' || !venue.keysPage) return seeOther(path)
    const credentials = keysIn(body)
    if (!credentials) return html(422, formPage(asked, venue, path, 'Both are needed, as they stand at the broker.'))
    const fault = await tryThem(asked, venue, credentials)
    return fault === undefined ? seeOther(path) : html(422, formPage(asked, venue, path, fault))
  }

  async function open(request: IncomingMessage, asked: LinkRequest, path: string): Promise<Answer> {
    const before = browserOf(request)
    const browser = before !== undefined && /^[\w-]{43}$/.test(before) ? before : newSecret()
    if (!asked.browserHash && !(await bindBrowser(parts.db, asked.id, browser, parts.clock.now())))
      return html(403, elsewhere())
    const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${cookieSeconds}${origins.isSecure ? '; Secure' : ''}`
    return seeOther(path, { 'set-cookie': `${cookie()}=${browser}; ${attributes}` })
  }

  async function signIn(request: IncomingMessage, asked: LinkRequest, venue: Linkable): Promise<Answer> {
    const [state, verifier] = [newSecret(), newSecret()]
    await keepSignIn(parts.db, asked.id, state, verifier)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    return html(200, awayPage(venue, venue.signIn!.url(asked.mode, { state, challenge, redirect: callback(request) })))
  }

  /** The browser comes back from the venue. */
  async function comeBack(request: IncomingMessage): Promise<Answer> {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams
    const [state, code] = [query.get('state') ?? '', query.get('code')]
    const asked = /^[\w-]{43}$/.test(state) ? await requestOfState(parts.db, state, parts.clock.now()) : undefined
    const venue = asked && venues.get(asked.venue)
    if (!asked || !venue?.signIn) return html(410, overPage())
    if (!isOwn(asked, request)) return html(403, elsewhere())
    const { verifier } = asked
    if (!(await takeSignIn(parts.db, asked.id, state)) || verifier === undefined) return html(410, overPage())
    const notDone = (because: string) => html(422, plainPage({ title: 'Not signed in', lines: [because, goBack] }))
    if (!code) return notDone(`${venue.title} gave no leave.`)
    const given = await venue.signIn.exchange({ code, verifier, redirect: callback(request) })
    if (given.outcome !== 'given') return notDone(given.words)
    const fault = await tryThem(asked, venue, given.credentials)
    return fault === undefined ? html(200, givenPage(asked, venue)) : notDone(fault)
  }

  /** Tries credentials at the venue, and keeps them for the member's answer. Returns the fault in words. */
  async function tryThem(asked: LinkRequest, venue: Linkable, credentials: Credentials): Promise<string | undefined> {
    if (attempts.over(String(asked.id)) !== undefined)
      return 'That was tried too often. Say `link` in chat for a new page.'
    if (!config.CREDENTIALS_KEYS.first) return 'This desk has no key to keep credentials with. Nothing was kept.'
    const checked = await venue.check(asked.mode, credentials)
    if (checked.outcome === 'away') return `${checked.words} Nothing was kept. Try again in a moment.`
    if (checked.outcome !== 'found') return `${checked.words} Nothing was kept.`
    const isKept = await giveCredentials(parts, config.CREDENTIALS_KEYS, asked, credentials, checked.found)
    return isKept ? undefined : 'This link was used meanwhile. Nothing more was kept.'
  }

  const callback = (request: IncomingMessage) =>
    `${config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://${request.headers.host}`}/link/callback`

  return [
    {
      path: '/link/style.css',
      methods: ['GET', 'HEAD'],
      handle: (request, response) =>
        send(request, response, { status: 200, type: 'text/css; charset=utf-8', body: linkStyle, headers }),
    },
    {
      path: '/link/callback',
      methods: ['GET'],
      handle: async (request, response) => send(request, response, await comeBack(request)),
    },
    {
      path: '/link/*',
      methods: ['GET', 'HEAD', 'POST'],
      bodyLimit,
      handle: async (request, response, body) => send(request, response, await serve(request, body)),
    },
  ]
}

const goBack = 'Go back to the page of your link to try again.'
const foreign = { title: 'Not from here', lines: ['Another site sent this form. Nothing was done.'] }
const elsewhere = () =>
  plainPage({
    title: 'Opened in another browser',
    lines: [
      'This link belongs to the browser that opened it first. Nothing was done.',
      'If that was not yours, say `link cancel` in chat, and `link` with the name of the broker for a new one.',
    ],
  })

/** The keys of a form; undefined when one is missing, or is no text that a broker gives out. */
function keysIn(body: Buffer): Credentials | undefined {
  const form = new URLSearchParams(body.toString())
  const [keyId, secret] = [form.get('key_id')?.trim() ?? '', form.get('secret')?.trim() ?? '']
  // Some exchanges give out a whole file as the secret key.
  const isKey = /^[\x21-\x7e]{4,200}$/.test(keyId) && /^[\x20-\x7e]{4,2000}$/.test(secret)
  return isKey ? { kind: 'keys', keyId, secret } : undefined
}
