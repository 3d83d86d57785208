import { parseLossless } from './lossless-json.ts'

/** Times of a stream, in milliseconds. */
export interface JsonStreamTimes {
  /** The answer begins within this time. */
  openWithinMs: number
  /** Nothing was heard for so long: the connection is dead, although it looks open. */
  silentForMs: number
}

/** A listener of one connection. */
export interface JsonStreamListener {
  /** One value of the stream. */
  heard(value: unknown): void
  /** The connection is over; it says so once. `status` is that of a refusal. */
  ended(words: string, more: { status?: number; cause?: unknown }): void
}

/** A text longer than this without an end is no value, in characters. */
const longestValue = 1 << 20

/**
 * Opens a stream of JSON values over HTTP (chunked, one value behind the other), once. Numbers are heard as the texts in which they were
 * written. Returns a function that closes it silently.
 */
export function openJsonStream(
  url: URL,
  headers: Record<string, string>,
  times: JsonStreamTimes,
  listener: JsonStreamListener,
): () => void {
  const abort = new AbortController()
  let isOver = false
  let timer = setTimeout(() => end('did not open in time'), times.openWithinMs)

  function stop(): void {
    isOver = true
    clearTimeout(timer)
    abort.abort()
  }

  function end(words: string, more: { status?: number; cause?: unknown } = {}): void {
    if (isOver) return
    stop()
    listener.ended(words, more)
  }

  function heardSomething(): void {
    clearTimeout(timer)
    if (!isOver) timer = setTimeout(() => end('went silent'), times.silentForMs)
  }

  async function read(): Promise<void> {
    const response = await fetch(url, { headers, redirect: 'error', signal: abort.signal })
    if (!response.ok || !response.body) {
      // The words of a refusal are not waited for.
      void response.body?.cancel().catch(() => {})
      return end(`was refused (${response.status})`, { status: response.status })
    }
    heardSomething()
    const values = createValues()
    const decoder = new TextDecoder()
    for await (const chunk of response.body) {
      if (isOver) return
      heardSomething()
      for (const text of values.add(decoder.decode(chunk, { stream: true }))) {
        const value = valueIn(text)
        if (value !== undefined && !isOver) listener.heard(value)
      }
      if (values.waiting() > longestValue) return end('sent something that does not end')
    }
    end('was cut')
  }

  read().catch((cause) => end('failed', { cause }))
  return stop
}

function valueIn(text: string): unknown {
  try {
    return parseLossless(text)
  } catch {
    return undefined
  }
}

/** Cuts a stream of text into its JSON objects, wherever its parts and lines end. */
export function createValues(): { add(text: string): string[]; waiting(): number } {
  let rest = ''
  let place = 0
  let depth = 0
  let isInText = false
  let isEscaped = false
  return {
    waiting: () => rest.length,
    add(text) {
      rest += text
      const found: string[] = []
      let from = 0
      for (; place < rest.length; place++) {
        const sign = rest[place]
        if (isInText) {
          if (isEscaped) isEscaped = false
          else if (sign === '\\') isEscaped = true
          else if (sign === '"') isInText = false
        } else if (sign === '"' && depth > 0) isInText = true
        else if (sign === '{') {
          // Text between two objects is no part of either.
          if (depth === 0) from = place
          depth += 1
        } else if (sign === '}' && depth > 0) {
          depth -= 1
          if (depth > 0) continue
          found.push(rest.slice(from, place + 1))
          from = place + 1
        }
      }
      if (depth === 0) from = rest.length
      rest = rest.slice(from)
      place = rest.length
      return found
    },
  }
}
