import { z } from 'zod'
import { openJsonStream } from '../../../base/json-stream.ts'
import type { Budget } from '../budget.ts'
import { NoData } from '../shared/no-data.ts'
import type { SourceHealth } from '../shared/source-health.ts'
import type { DataClient } from './client.ts'
import type { Token } from './token.ts'

/** A question that only a stream answers: it is opened, read until its answer is whole, and closed. */
export interface Reading {
  /** Behind `/v3/marketdata/stream`. */
  path: string
  query: Record<string, string>
  /** Takes a frame that is no heartbeat; true when the answer is whole. */
  take(frame: unknown): boolean
  /** Is what came an answer, when nothing more comes? Absent: it is none. */
  isUsable?(): boolean
}

/** Reads an answer from a stream. Throws `NoData`. */
export type StreamReader = (reading: Reading) => Promise<void>

const accept = 'application/vnd.tradestation.streams.v2+json'
const aside = z.object({ Heartbeat: z.unknown(), Error: z.string().nullish(), Message: z.string().nullish() })

/** Creates a reader. An answer is whole within `withinMs` milliseconds, or it is none. */
export function createStreamReader({
  client,
  token,
  budget,
  health,
  withinMs,
}: {
  client: DataClient
  token: Token
  budget: Budget
  health: SourceHealth
  withinMs: number
}): StreamReader {
  async function once({ path, query, take, isUsable = () => false }: Reading): Promise<'read' | 'refused token'> {
    if (!budget.take()) throw new NoData('TradeStation: the budget of requests is used up')
    const used = await token.of().catch((cause: Error) => {
      throw new NoData(`TradeStation: ${cause.message}`, undefined, cause)
    })
    return await new Promise((resolve, reject) => {
      const failed = (words: string, status?: number, cause?: unknown) => {
        over()
        reject(new NoData(`TradeStation: the stream ${path} ${words}`, status, cause))
      }
      const late = setTimeout(() => (isUsable() ? done() : failed('did not say everything in time')), withinMs)
      const close = openJsonStream(
        client.streamUrl(path, query),
        { authorization: `Bearer ${used}`, accept },
        { openWithinMs: withinMs, silentForMs: withinMs },
        {
          heard(value) {
            const said = aside.safeParse(value).data
            // A heartbeat comes when there was nothing to say for a while.
            if (said?.Heartbeat !== undefined) return isUsable() ? done() : undefined
            if (said?.Error != null) return failed(`ended: ${(said.Message ?? said.Error).slice(0, 100)}`)
            health.heard()
            if (take(value)) done()
          },
          ended(words, { status, cause }) {
            if (status !== 401) return failed(words, status, cause)
            clearTimeout(late)
            token.refused(used)
            resolve('refused token')
          },
        },
      )
      function done(): void {
        over()
        resolve('read')
      }
      function over(): void {
        clearTimeout(late)
        close()
      }
    })
  }

  return async (reading) => {
    if ((await once(reading)) === 'read') return
    // The token ended on the way; a new one is taken once.
    if ((await once(reading)) !== 'read')
      throw new NoData(`TradeStation: the stream ${reading.path} takes no token`, 401)
  }
}
