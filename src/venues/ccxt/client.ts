import { AsyncLocalStorage } from 'node:async_hooks'
import type { Exchange } from '../../infra/exchanges/exchange.ts'
import type { VenueAccess } from '../links/venue-access.ts'
import { refused } from '../shared/answers.ts'
import type { Share } from '../shared/budget.ts'
import type { Budgets } from '../shared/budgets.ts'
import { type CallNews, NoWayIn, Unanswered } from '../shared/rest-client.ts'
import { VenueError, type VenueRefusal } from '../venue.ts'
import type { Clients } from './clients.ts'
import { meaningOf, type Trace, wordsOf } from './meaning.ts'

/** An answer: done, or proof that nothing was taken. */
export type Answer<Value> = { outcome: 'done'; value: Value } | VenueRefusal

/** Talks to an exchange for linked accounts. */
export interface CcxtClient {
  /** The client with the keys of an account, for what needs no request. Throws `NoWayIn`. */
  open(account: string): Promise<Exchange>
  /** Orders or cancels, once. Throws `Unanswered` when the outcome is not known, and `NoWayIn` when nothing can be sent. */
  call<Value>(account: string, share: Share, work: (exchange: Exchange) => Promise<Value>): Promise<Answer<Value>>
  /** Asks. `isUrgent`: an exit or a cancel waits for the answer. Throws `VenueError` when there is none. */
  look<Value>(account: string, work: (exchange: Exchange) => Promise<Value>, isUrgent?: boolean): Promise<Answer<Value>>
  /** The same, when a refusal is no answer either. */
  ask<Value>(account: string, work: (exchange: Exchange) => Promise<Value>, isUrgent?: boolean): Promise<Value>
}

/** The settings of a client. */
export interface CcxtClientOptions {
  title: string
  access: VenueAccess
  clients: Clients
  budgets: { looks: Budgets; orders: Budgets }
  news: CallNews
  /** The longest wait for an answer in milliseconds. */
  patienceMs: { order: number; look: number }
}

/** One request of a call: how far it came, and its answer. */
interface Journey extends Trace {
  withinMs: number
  reach?: 'unsent' | 'pending'
}

const journeys = new AsyncLocalStorage<Journey>()

/** Errors before a connection stood: nothing was sent. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
/** A request out of turn, and an exit that was one too many, go again so often. */
const triesOfNonces = 5
const triesOfExits = 3
/** The pause after one request too many, in milliseconds: exchanges seldom say how long. */
const pauseMs = 1000
const usualMs = 10_000

/**
 * The requests of a client, seen by whoever began them; `heardDate` hears the exchange's clock. Call it with each client before it is used.
 */
export function trace(exchange: Exchange, heardDate: (at: Date) => void): void {
  exchange.timeout = 60_000
  exchange.fetchImplementation = async (url, { method, headers, body }) => {
    const journey = journeys.getStore() ?? { withinMs: usualMs }
    delete journey.status
    delete journey.text
    journey.reach = 'pending'
    let response: Response
    try {
      const signal = AbortSignal.timeout(journey.withinMs)
      response = await fetch(url, { method, headers, body, redirect: 'error', signal })
      journey.text = await response.text()
      journey.status = response.status
    } catch (cause) {
      const code = codeOf(cause)
      if (code !== undefined && unsentCodes.has(code)) journey.reach = 'unsent'
      throw cause
    }
    const date = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(date)) heardDate(new Date(date))
    // The text is plain already; headers about its packing would be wrong.
    const given = new Headers()
    for (const name of ['content-type', 'date', 'retry-after']) {
      const value = response.headers.get(name)
      if (value !== null) given.set(name, value)
    }
    const { status, statusText } = response
    const isEmpty = status === 204 || status === 304
    return new Response(isEmpty ? null : journey.text, { status, statusText, headers: given })
  }
}

/** Creates a client. It sends nothing a second time unless the answer proves that the first was not taken. */
export function createCcxtClient(options: CcxtClientOptions): CcxtClient {
  const { title, access, clients, budgets, news, patienceMs } = options

  async function send<Value>(
    account: string,
    share: Share,
    kind: 'order' | 'look',
    work: (exchange: Exchange) => Promise<Value>,
  ): Promise<Answer<Value>> {
    const budget = kind === 'order' ? budgets.orders : budgets.looks
    const withinMs = patienceMs[kind]
    for (let tries = 1; ; tries++) {
      const { exchange, credentials } = await wayIn(account)
      if (!(await budget.take(account, share, share === 'look' ? withinMs : Math.min(withinMs, 2000)))) {
        const words = 'the request budget of this account is used up'
        if (kind === 'look') throw new VenueError(words)
        return refused('TOO_MANY_REQUESTS', words)
      }
      const journey: Journey = { withinMs }
      try {
        const value = await journeys.run(journey, () => work(exchange))
        budget.answered(account, {})
        news.answered(account)
        return { outcome: 'done', value }
      } catch (cause) {
        budget.answered(account, {})
        const meaning = meaningOf(cause, journey)
        const words = wordsOf(cause, journey)
        if (meaning.kind === 'refused') {
          news.answered(account)
          return refused(meaning.code, words)
        }
        if (meaning.kind === 'unknown') throw failed(account, journey, cause)
        news.failed(account, words)
        if (meaning.kind === 'nonce') {
          // Another request with this key overtook it: it goes again, behind that one.
          if (tries < triesOfNonces) continue
          return refused('OTHER', `${title} takes no request out of turn (${words}); give the desk a key of its own`)
        }
        if (meaning.kind === 'keys') {
          if (tries === 1 && (await access.refused(account, credentials, words))) continue
          return refused('OTHER', `${title} does not take the keys of this account (${words}); link it again`)
        }
        budget.exhausted(account, pauseMs)
        if (share === 'entry' || tries >= triesOfExits) return refused('TOO_MANY_REQUESTS', words)
      }
    }
  }

  /** The client with the keys of an account. */
  async function wayIn(account: string) {
    try {
      const { credentials } = await access.of(account)
      if (credentials.kind !== 'keys') throw new VenueError(`${title} takes keys only`)
      return { exchange: await clients.of(credentials.keyId, credentials.secret), credentials }
    } catch (cause) {
      const words = cause instanceof VenueError ? cause.message : `${title} does not show its pairs; nothing was sent`
      throw new NoWayIn(words, cause)
    }
  }

  function failed(account: string, { reach, status }: Journey, cause: unknown): Unanswered {
    const isLate = status === undefined && reach === 'pending' && isTimeout(cause)
    const words =
      reach !== 'pending'
        ? `${title} could not be reached; nothing was sent`
        : isLate
          ? `${title} did not answer in time`
          : status === undefined
            ? `the connection to ${title} broke`
            : `${title} answered with an error (${status}) that proves nothing`
    news.failed(account, words)
    return new Unanswered(words, { reach: reach === 'pending' ? 'pending' : 'unsent', cause })
  }

  const look: CcxtClient['look'] = (account, work, isUrgent) => send(account, isUrgent ? 'exit' : 'look', 'look', work)
  return {
    open: async (account) => (await wayIn(account)).exchange,
    call: (account, share, work) => send(account, share, 'order', work),
    look,
    async ask(account, work, isUrgent) {
      const answer = await look(account, work, isUrgent)
      if (answer.outcome === 'done') return answer.value
      throw new VenueError(`${title} refused a question: ${answer.words}`)
    },
  }
}

const isTimeout = (cause: unknown) => cause instanceof Error && /timed out/i.test(cause.message)

/** The code of an error or of the first of its causes that has one. */
function codeOf(cause: unknown): string | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code
  }
  return undefined
}
