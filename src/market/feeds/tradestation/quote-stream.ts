import { z } from 'zod'
import { type JsonStreamTimes, openJsonStream } from '../../../base/json-stream.ts'
import { slices } from '../../../base/slices.ts'
import type { SourceHealth } from '../shared/source-health.ts'
import type { DataClient } from './client.ts'
import { quotePayload, type Written } from './quotes.ts'
import type { Token } from './token.ts'

/** The streams of quotes of a process. */
export interface QuoteStreams {
  /** Streams these symbols from now on. */
  want(symbols: ReadonlySet<string>): void
  /** Is a symbol on a stream that lives? Then all that changes is heard. */
  has(symbol: string): boolean
  /** There is a stream, or one is to be opened again. */
  isUsed(): boolean
  close(): void
}

/** Symbols of one stream. */
const mostSymbols = 100
/** With more connections than this they are opened anew, as few as possible. */
const mostStreams = 5
const accept = 'application/vnd.tradestation.streams.v2+json'

export const usualStreamTimes: JsonStreamTimes & { againMs: number } = {
  openWithinMs: 15_000,
  silentForMs: 30_000,
  againMs: 2000,
}

const frame = z.object({
  StreamStatus: z.string().optional(),
  Error: z.string().optional(),
  Symbol: z.string().optional(),
})

interface Stream {
  symbols: ReadonlySet<string>
  /** Symbols that were shown whole. */
  shown: Set<string>
  close(): void
}

export function createQuoteStreams({
  client,
  token,
  times,
  health,
  onQuote,
  onAlive,
}: {
  client: DataClient
  token: Token
  times: typeof usualStreamTimes
  health: SourceHealth
  onQuote(quote: Written, isWhole: boolean): void
  /** Something was heard, if only a heartbeat: these symbols are as they were. */
  onAlive(symbols: Iterable<string>): void
}): QuoteStreams {
  const streams = new Set<Stream>()
  let wanted: ReadonlySet<string> = new Set()
  let isClosed = false
  let again: NodeJS.Timeout | undefined

  function open(symbols: ReadonlySet<string>): void {
    let isOver = false
    let closeStream: (() => void) | undefined
    const stream: Stream = {
      symbols,
      shown: new Set(),
      close() {
        isOver = true
        closeStream?.()
        streams.delete(stream)
      },
    }
    streams.add(stream)
    function end(words: string): void {
      if (isOver) return
      stream.close()
      health.failed(`the quote stream ${words}`)
      clearTimeout(again)
      if (!isClosed) again = setTimeout(bring, times.againMs)
    }
    token.of().then(
      (used) => {
        if (isOver) return
        const url = client.streamUrl(`/quotes/${[...symbols].map(encodeURIComponent).join(',')}`)
        closeStream = openJsonStream(url, { authorization: `Bearer ${used}`, accept }, times, {
          heard(value) {
            const said = frame.safeParse(value).data
            if (said?.StreamStatus === 'GoAway' || (said?.Error !== undefined && said.Symbol === undefined))
              return end(`ended: ${(said.Error ?? said.StreamStatus)!.slice(0, 100)}`)
            health.heard()
            onAlive(stream.shown)
            const quote = quotePayload.safeParse(value)
            if (!quote.success || !symbols.has(quote.data.Symbol)) return
            // A frame with changes alone would lack the rest.
            const isWhole = !stream.shown.has(quote.data.Symbol)
            if (quote.data.Error == null) stream.shown.add(quote.data.Symbol)
            onQuote(quote.data, isWhole)
          },
          ended(words, { status }) {
            if (status === 401) token.refused(used)
            end(words)
          },
        })
      },
      (cause: Error) => end(cause.message),
    )
  }

  /** Opens what is missing. */
  function bring(): void {
    if (isClosed) return
    const streamed = new Set([...streams].flatMap(({ symbols }) => [...symbols]))
    let missing = [...wanted].filter((symbol) => !streamed.has(symbol))
    if (missing.length === 0) return
    if (streams.size >= mostStreams) {
      for (const stream of [...streams]) stream.close()
      missing = [...wanted]
    }
    for (const some of slices(missing, mostSymbols)) open(new Set(some))
  }

  return {
    want(symbols) {
      wanted = new Set(symbols)
      for (const stream of [...streams]) if (![...stream.symbols].some((symbol) => wanted.has(symbol))) stream.close()
      bring()
    },
    has: (symbol) => [...streams].some(({ shown }) => shown.has(symbol)),
    isUsed: () => wanted.size > 0,
    close() {
      isClosed = true
      clearTimeout(again)
      for (const stream of [...streams]) stream.close()
    },
  }
}
