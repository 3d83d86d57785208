import type { z } from 'zod'
import { parseLossless } from '../../base/lossless-json.ts'
import type { Credentials, VenueAccess } from '../links/venue-access.ts'
import { VenueError } from '../venue.ts'
import type { LimitHeaders, Share } from './budget.ts'
import type { Budgets } from './budgets.ts'

/** A request to a venue for an account. */
export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** From the version on: `/v2/orders`. */
  path: string
  query?: Record<string, string | undefined>
  body?: Record<string, unknown>
  share: Share
}

/** An answer by which a venue took nothing. */
export interface Refused {
  status: number
  /** The venue's code, such as `40310000`. */
  code?: string
  message: string
}

/** An answer: done, or proof that nothing was taken. */
export type Answer = { outcome: 'done'; body: unknown } | ({ outcome: 'refused' } & Refused)

/** How far a request came: not out of the desk, perhaps to the venue, or certainly through to an answer that says nothing. */
export type Reach = 'unsent' | 'pending' | 'over'

/** No answer that proves anything. */
export class Unanswered extends VenueError {
  override name = 'VenueError'
  reach: Reach
  constructor(message: string, { reach, cause }: { reach: Reach; cause?: unknown }) {
    super(message, cause)
    this.reach = reach
  }
}

/** There are no credentials to send anything with, or they cannot be read. */
export class NoWayIn extends VenueError {
  override name = 'VenueError'
}

/** The facts of the last requests of an account, for `sources`. */
export interface CallNews {
  answered(account: string): void
  failed(account: string, words: string): void
}

/** What a client needs to know of its venue. */
export interface Dialect {
  /** Its name for people. */
  title: string
  headersOf(credentials: Credentials): Record<string, string>
  /** The venue's own error in a body that was sent with a status of failure; undefined when the body is not the venue's. */
  errorIn(body: unknown): { code?: string; message: string } | undefined
  /** Does an answer say that the credentials are wrong? */
  isUnauthorized(refused: Refused): boolean
  /** The name of the budget from which a request is taken. Absent: the account's. */
  budgetOf?(account: string, call: Call): string
}

/** The settings of a client. */
export interface ClientOptions {
  access: VenueAccess
  /** Base URLs of the API, by the mode of the account. */
  apis: Record<'paper' | 'live', string>
  budgets: Budgets
  news: CallNews
  /** The longest wait for an answer in milliseconds, by kind: `order` for all that changes something. */
  patienceMs: { order: number; look: number }
}

/** Talks to a venue's trading API for linked accounts. */
export interface RestClient {
  /** Sends a request once. Throws `Unanswered` when the outcome is not known, and `NoWayIn` when there are no credentials. */
  call(account: string, call: Call): Promise<Answer>
  /** Asks, and reads the answer by a schema; undefined when there is no such thing (404). Throws `VenueError` otherwise. */
  look<Payload>(
    account: string,
    path: string,
    schema: z.ZodType<Payload>,
    query?: Call['query'],
  ): Promise<Payload | undefined>
}

/** Statuses by which a server says that it took nothing, if the body is the API's own. */
const definite = new Set([400, 401, 403, 404, 405, 410, 413, 415, 422, 429])
/** Errors before a connection stood: nothing was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
/** An exit that was refused as one too many is sent again so often, after at most so many milliseconds. */
const triesOfExits = 3
const longestPauseMs = 1000
const longestWords = 200
/** A reset this far in the future is no number of seconds to wait, but a moment; in seconds. */
const longestReset = 1e6

/** A client whose looks wait until there is a budget for them, and one for those who wait for the answer. */
export type UrgentClient = RestClient & { urgent: RestClient }

/**
 * A client over `fetch`. It sends nothing a second time unless the answer proves that the first was not taken. The looks of `urgent` are
 * for exits and cancels that wait for the answer, and take from their share of the budget.
 */
export function createRestClient(dialect: Dialect, options: ClientOptions): UrgentClient {
  const { access, apis, budgets, news, patienceMs } = options
  const { title } = dialect
  const budgetOf = dialect.budgetOf ?? ((account: string) => account)

  async function call(account: string, request: Call): Promise<Answer> {
    let isRefreshed = false
    for (let tries = 1; ; tries++) {
      const { mode, credentials } = await access.of(account).catch((cause) => {
        throw new NoWayIn(cause instanceof VenueError ? cause.message : 'the credentials could not be read', cause)
      })
      const withinMs = patienceMs[request.method === 'GET' ? 'look' : 'order']
      const waitMs = Math.min(withinMs, request.share === 'look' ? withinMs : 2000)
      if (!(await budgets.take(budgetOf(account, request), request.share, waitMs))) {
        const message = 'the request budget of this account is used up'
        if (request.method === 'GET') throw new VenueError(message)
        return { outcome: 'refused', status: 429, message }
      }
      const answer = await send(account, apis[mode], credentials, request, withinMs)
      if (answer.outcome === 'done') return answer
      if (dialect.isUnauthorized(answer) && !isRefreshed) {
        isRefreshed = true
        if (await access.refused(account, credentials, answer.message)) continue
      }
      const mayGoAgain = answer.status === 429 && request.share !== 'entry' && tries < triesOfExits
      if (!mayGoAgain) return answer
    }
  }

  /** One request. The budget hears of its end in any case. */
  async function send(
    account: string,
    api: string,
    credentials: Credentials,
    request: Call,
    withinMs: number,
  ): Promise<Answer> {
    const { method, path, query = {}, body } = request
    const budget = budgetOf(account, request)
    const url = new URL(api.replace(/\/$/, '') + path)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
    let response: Response
    let text: string
    try {
      response = await fetch(url, {
        method,
        headers: { ...dialect.headersOf(credentials), ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(withinMs),
      })
      text = await response.text()
    } catch (cause) {
      budgets.answered(budget, {})
      throw failed(account, cause)
    }
    budgets.answered(budget, limitsIn(response.headers))
    const { status } = response
    if (status === 429) budgets.exhausted(budget, pauseIn(response.headers))
    const answer = answerOf(dialect, status, text)
    if (answer) {
      if (answer.outcome === 'done') news.answered(account)
      else if (status === 401 || status === 429) news.failed(account, answer.message)
      return answer
    }
    const words = status < 300 ? `${title}’s answer could not be read` : `${title} answered with an error (${status})`
    news.failed(account, words)
    // Behind a gateway the request may still be under way.
    throw new Unanswered(words, { reach: status >= 500 ? 'pending' : 'over' })
  }

  function failed(account: string, cause: unknown): Unanswered {
    const code = codeOf(cause)
    const isSent = code === undefined || !unsent.has(code)
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    const words = !isSent
      ? `${title} could not be reached; nothing was sent`
      : isLate
        ? `${title} did not answer in time`
        : `the connection to ${title} broke`
    news.failed(account, words)
    return new Unanswered(words, { reach: isSent ? 'pending' : 'unsent', cause })
  }

  const clientOf = (share: Share): RestClient => ({
    call,
    async look(account, path, schema, query) {
      const answer = await call(account, { method: 'GET', path, query, share })
      if (answer.outcome === 'refused') {
        if (answer.status === 404) return undefined
        throw new VenueError(`${title} refused a question: ${answer.message}`)
      }
      const parsed = schema.safeParse(answer.body)
      if (parsed.success) return parsed.data
      const where = parsed.error.issues[0]!
      news.failed(account, 'an answer could not be read')
      throw new VenueError(`${title}’s answer could not be read: ${where.path.join('.')} ${where.message}`)
    },
  })
  return { ...clientOf('look'), urgent: clientOf('exit') }
}

/** What an answer says for certain; undefined when it proves nothing. */
function answerOf(dialect: Dialect, status: number, text: string): Answer | undefined {
  if (status === 204) return { outcome: 'done', body: undefined }
  const body = jsonIn(text)
  if (status >= 200 && status < 300) return body === undefined ? undefined : { outcome: 'done', body }
  if (!definite.has(status)) return undefined
  const error = dialect.errorIn(body)
  // A page of a proxy proves nothing, except that credentials are missing or that there were too many requests.
  if (!error)
    return status === 401 || status === 429 ? { outcome: 'refused', status, message: bare[status]! } : undefined
  const message = inOneLine(error.message)
  return { outcome: 'refused', status, code: error.code, message: message || `error ${status}` }
}

/** A venue's words in one line of a readable length. */
export const inOneLine = (words: string): string => words.replace(/\s+/g, ' ').trim().slice(0, longestWords)

const bare: Record<number, string> = { 401: 'unauthorized', 429: 'too many requests' }

function jsonIn(text: string): unknown {
  try {
    return parseLossless(text)
  } catch {
    return undefined
  }
}

function limitsIn(headers: Headers): LimitHeaders {
  return {
    limit: numberIn(headers.get('x-ratelimit-limit')),
    remaining: numberIn(headers.get('x-ratelimit-remaining')),
  }
}

/** The pause that a 429 asks for in milliseconds: `Retry-After`, or until the limit's reset by the venue's own clock. */
function pauseIn(headers: Headers): number {
  const after = numberIn(headers.get('retry-after'))
  if (after !== undefined) return after * 1000
  const reset = numberIn(headers.get('x-ratelimit-reset'))
  if (reset !== undefined && reset < longestReset) return reset * 1000
  const date = Date.parse(headers.get('date') ?? '')
  return reset === undefined || Number.isNaN(date) ? longestPauseMs : Math.max(0, reset * 1000 - date)
}

function numberIn(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined
  const number = Number(text)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

/** The code of an error or of the first of its causes that has one. */
function codeOf(cause: unknown): string | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code
  }
  return undefined
}
