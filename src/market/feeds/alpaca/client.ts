import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { parseLossless } from '../../../base/lossless-json.ts'
import type { Budget } from '../budget.ts'
import { NoData, noteLimit } from '../shared/no-data.ts'
import type { Health } from './health.ts'

/** Reads from Alpaca's APIs with the desk's own key. */
export interface DataClient {
  /**
   * Asks once and reads the answer by a schema. `spare` questions (history) leave half of the budget to prices, and wait for
   * their turn. Throws `NoData`.
   */
  get<Payload>(
    url: string,
    query: Record<string, string | undefined>,
    schema: z.ZodType<Payload>,
    kind: 'urgent' | 'spare',
  ): Promise<Payload>
}

/** An answer that takes longer, in milliseconds, is none. */
const patienceMs = { urgent: 4000, spare: 20_000 }
/** A question about history waits for the budget for at most so long. */
const longestWaitMs = 30_000
const longestWords = 200

/** Creates a client of a key. No error or log line of it contains the key. */
export function createDataClient({
  keyId,
  secret,
  budget,
  health,
}: {
  keyId: string
  secret: string
  budget: Budget
  health: Health
}): DataClient {
  const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret, accept: 'application/json' }

  async function turn(kind: 'urgent' | 'spare'): Promise<void> {
    const until = performance.now() + longestWaitMs
    while (!budget.take(kind)) {
      if (kind === 'urgent' || performance.now() > until) throw failed('the budget of requests is used up', undefined)
      await wait(Math.min(1000, Math.max(50, budget.waitMs())), undefined, { ref: false })
    }
  }

  function failed(words: string, status: number | undefined, cause?: unknown): NoData {
    health.fault(words)
    return new NoData(`Alpaca: ${words}`, status, cause)
  }

  return {
    async get(url, query, schema, kind) {
      await turn(kind)
      const address = new URL(url)
      for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, value)
      let response: Response
      let text: string
      try {
        response = await fetch(address, { headers, signal: AbortSignal.timeout(patienceMs[kind]), redirect: 'error' })
        text = await response.text()
      } catch (cause) {
        health.connected(false)
        throw failed(`${address.pathname} was not answered (${reasonOf(cause)})`, undefined, cause)
      }
      noteLimit(budget, response)
      if (response.status === 401 || response.status === 403) health.authenticated(false)
      if (!response.ok) {
        throw failed(`${address.pathname} was answered with ${response.status}${wordsOf(text)}`, response.status)
      }
      let parsed: ReturnType<typeof schema.safeParse>
      try {
        parsed = schema.safeParse(parseLossless(text))
      } catch (cause) {
        throw failed(`the answer to ${address.pathname} is no JSON`, response.status, cause)
      }
      if (!parsed.success)
        throw failed(`the answer to ${address.pathname} has another form`, response.status, parsed.error)
      health.connected(true)
      health.authenticated(true)
      health.heard()
      return parsed.data
    },
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  if (cause.name === 'TimeoutError') return 'too late'
  const { code } = (cause.cause ?? cause) as { code?: string }
  return code ?? cause.name
}

/** The provider's own words in an error: `: subscription does not permit querying recent SIP data`. */
function wordsOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? `: ${message.slice(0, longestWords)}` : ''
  } catch {
    return ''
  }
}
