import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../../base/clock.ts'
import type { ProviderStatus } from '../../../base/provider-status.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { SourceHealth } from '../shared/source-health.ts'
import { withoutSecrets } from '../shared/source-health.ts'
import { noteRefused, type RequestBudget, requestsFree, requestsLeft, takeRequest } from './request-budget.ts'

/** Alpha Vantage gave no usable answer, or was not asked; nothing is known. The message is for people and holds no key. */
export class AlphaVantageFault extends Error {
  override name = 'AlphaVantageFault'
  readonly isForPremium: boolean
  constructor(message: string, isForPremium = false) {
    super(message)
    this.isForPremium = isForPremium
  }
}

/** The way to Alpha Vantage. */
export interface AlphaVantageClient {
  /**
   * The answer of a function as an object; undefined when Alpha Vantage knows no such symbol. `reserve` requests of the day stay for
   * more important questions. Throws `AlphaVantageFault`.
   */
  ask(query: Record<string, string>, reserve: number): Promise<Record<string, unknown> | undefined>
  budget(): NonNullable<ProviderStatus['budget']>
  /** The requests that can be sent now, of all processes together. */
  free(): Promise<number>
}

/** The free key: 25 requests a day and 5 a minute, one a second. */
export const freeBudget: RequestBudget = { source: 'alphavantage', perDay: 25, perMinute: 5 }

const dayMs = 86_400_000
/** After its word that the day's requests are used up: its day may begin at another time than ours, so it is tried again each hour. */
const usedUpMs = 3_600_000
/** After its word that requests came too fast. */
const tooFastMs = 60_000

/** Creates a client; it reads what is left of the budget, and asks nothing. */
export async function createAlphaVantageClient(options: {
  api: string
  key: string
  db: Db
  clock: Clock
  health: SourceHealth
  budget?: RequestBudget
  timeoutMs?: number
  /** Milliseconds between two requests of this process. */
  spacingMs?: number
}): Promise<AlphaVantageClient> {
  const { api, key, db, clock, health, budget = freeBudget, timeoutMs = 8000, spacingMs = 1200 } = options
  let left = await requestsLeft(db, budget, clock.now())
  let before: Promise<unknown> = Promise.resolve()
  let sentAt = Number.NEGATIVE_INFINITY

  /** Sends one request at a time, with its distance from the one before. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = before.then(work)
    before = turn.catch(() => undefined)
    return turn
  }

  async function send(query: Record<string, string>, reserve: number): Promise<Record<string, unknown> | undefined> {
    const taken = await takeRequest(db, budget, { reserve, at: clock.now() })
    left = taken.left
    // No request goes out, so the source has no new fault.
    if ('refused' in taken) throw new AlphaVantageFault(refusalWords(taken.refused, budget, reserve))
    const pause = sentAt + spacingMs - performance.now()
    if (pause > 0) await wait(pause)
    sentAt = performance.now()
    const said = await answered(query)
    return judge(said, taken.id)
  }

  async function answered(query: Record<string, string>): Promise<unknown> {
    const url = `${api.replace(/\/$/, '')}/query?${new URLSearchParams({ ...query, apikey: key })}`
    const over = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, { signal: over })
      const text = await response.text()
      if (response.status !== 200) throw new AlphaVantageFault(`Alpha Vantage answered with ${response.status}`)
      return JSON.parse(text)
    } catch (cause) {
      throw failed(
        cause instanceof AlphaVantageFault
          ? cause.message
          : over.aborted
            ? `Alpha Vantage did not answer within ${timeoutMs} ms`
            : cause instanceof SyntaxError
              ? 'Alpha Vantage answered with something that is no JSON'
              : 'Alpha Vantage cannot be reached',
      )
    }
  }

  /** An answer comes with 200 also when it is none: then it says so in a field of its own. */
  async function judge(said: unknown, requestId: number): Promise<Record<string, unknown> | undefined> {
    if (typeof said !== 'object' || said === null || Array.isArray(said)) {
      throw failed('Alpha Vantage answered with something else than was asked for')
    }
    const answer = said as Record<string, unknown>
    const complaint = answer['Error Message']
    const words = [answer.Information, answer.Note, complaint].find((one) => typeof one === 'string') as
      | string
      | undefined
    if (words === undefined) {
      health.heard()
      health.tookKey(true)
      return answer
    }
    const plain = withoutSecrets(words, [key])
    if (/api ?key/i.test(words) && /invalid|missing/i.test(words)) {
      health.tookKey(false)
      throw failed(`Alpha Vantage refused the key: ${plain}`)
    }
    if (words === complaint) {
      // "Invalid API call": the function is ours, so it is the symbol that it does not know.
      health.heard()
      return undefined
    }
    const isTooFast = /sparingly|call frequency|per second/i.test(words)
    if (isTooFast || /requests per day|rate limit/i.test(words)) {
      const until = new Date(clock.now().getTime() + (isTooFast ? tooFastMs : usedUpMs))
      await noteRefused(db, requestId, until)
      if (!isTooFast) left = 0
      throw failed(`Alpha Vantage: ${plain}`)
    }
    const isForPremium = /premium/i.test(words)
    if (isForPremium) health.heard()
    throw isForPremium ? new AlphaVantageFault(`Alpha Vantage: ${plain}`, true) : failed(`Alpha Vantage: ${plain}`)
  }

  function failed(words: string): AlphaVantageFault {
    health.failed(words)
    return new AlphaVantageFault(words)
  }

  return {
    ask: (query, reserve) => inTurn(() => send(query, reserve)),
    async free() {
      const { day, minute } = await requestsFree(db, budget, clock.now())
      return Math.min(day, minute)
    },
    budget: () => ({ left, of: budget.perDay, perMs: dayMs }),
  }
}

function refusalWords(
  refused: 'day' | 'minute' | 'source',
  { perDay, perMinute }: RequestBudget,
  reserve: number,
): string {
  if (refused === 'minute') return `Alpha Vantage was asked ${perMinute} times within a minute; it is asked again later`
  if (refused === 'source') return 'Alpha Vantage said that its requests are used up; it is asked again later'
  return reserve > 0
    ? `the last ${reserve} of Alpha Vantage's ${perDay} requests a day are kept for bars`
    : `Alpha Vantage's ${perDay} requests a day are used up`
}
