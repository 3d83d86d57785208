import type { z } from 'zod'
import { parseLossless } from '../../../base/lossless-json.ts'
import type { Budget } from '../budget.ts'
import { NoData, noteLimit } from '../shared/no-data.ts'
import type { SourceHealth } from '../shared/source-health.ts'
import type { Token } from './token.ts'

/** Reads TradeStation's market data with the desk's own sign-in. */
export interface DataClient {
  /** Asks once, and once more with a new token. `path` begins behind `/v3/marketdata`. Throws `NoData`. */
  get<Payload>(
    path: string,
    query: Record<string, string | undefined>,
    schema: z.ZodType<Payload>,
    patienceMs?: number,
  ): Promise<Payload>
  /** The address of a stream. */
  streamUrl(path: string, query?: Record<string, string>): URL
}

const usualPatienceMs = 8000

/** Creates a client. `budgetOf`: TradeStation counts kinds of questions apart. */
export function createDataClient({
  api,
  token,
  budgetOf,
  health,
}: {
  api: string
  token: Token
  budgetOf(path: string): Budget
  health: SourceHealth
}): DataClient {
  const urlOf = (path: string, query: Record<string, string | undefined>) => {
    const url = new URL(`${api.replace(/\/$/, '')}/v3/marketdata${path}`)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
    return url
  }
  function failed(words: string, status?: number, cause?: unknown): NoData {
    health.failed(words)
    return new NoData(`TradeStation: ${words}`, status, cause)
  }

  async function ask(
    url: URL,
    budget: Budget,
    patienceMs: number,
  ): Promise<{ status: number; text: string; used: string }> {
    if (!budget.take()) throw failed('the budget of requests is used up')
    const used = await token.of().catch((cause) => {
      health.tookKey(false)
      throw failed(cause instanceof Error ? cause.message : 'there is no token', undefined, cause)
    })
    try {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${used}`, accept: 'application/json' },
        signal: AbortSignal.timeout(patienceMs),
        redirect: 'error',
      })
      noteLimit(budget, response)
      return { status: response.status, text: await response.text(), used }
    } catch (cause) {
      throw failed(`${url.pathname} was not answered`, undefined, cause)
    }
  }

  return {
    streamUrl: (path, query = {}) => urlOf(`/stream${path}`, query),
    async get(path, query, schema, patienceMs = usualPatienceMs) {
      const url = urlOf(path, query)
      const budget = budgetOf(path)
      let answer = await ask(url, budget, patienceMs)
      if (answer.status === 401) {
        token.refused(answer.used)
        answer = await ask(url, budget, patienceMs)
      }
      const { status, text } = answer
      if (status === 401 || status === 403) health.tookKey(false)
      if (status === 400 || status === 404) {
        // A definite no to this question alone.
        health.heard()
        throw new NoData(`TradeStation: ${url.pathname} was answered with ${status}`, status)
      }
      if (status !== 200) throw failed(`${url.pathname} was answered with ${status}`, status)
      let body: unknown
      try {
        body = parseLossless(text)
      } catch (cause) {
        throw failed(`the answer to ${url.pathname} is no JSON`, status, cause)
      }
      const parsed = schema.safeParse(body)
      if (!parsed.success) throw failed(`the answer to ${url.pathname} has another form`, status, parsed.error)
      health.tookKey(true)
      health.heard()
      return parsed.data
    },
  }
}
