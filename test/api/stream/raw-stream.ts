import { request } from 'node:http'

/** A message of a stream, as it came. */
export interface StreamMessage {
  id?: string
  event: string
  data: Record<string, unknown>
  retry?: number
}

/** A stream that is read without a library, so that a test sees each field, and may read slowly. */
export interface RawStream {
  status: number
  headers: Record<string, unknown>
  /** The messages so far, without prices and beats. */
  messages: StreamMessage[]
  prices: StreamMessage[]
  beats: StreamMessage[]
  /** Reads nothing from now on, until `resume`. */
  pause(): void
  resume(): void
  isEnded(): boolean
  close(): void
  /** The body of an answer that is no stream. */
  body(): Record<string, unknown>
}

/** Opens a stream with an API token, or with other headers. */
export function openRaw(
  port: number,
  { path, token, after, ...more }: { path: string; token?: string; after?: string; headers?: Record<string, string> },
): Promise<RawStream> {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(after !== undefined && { 'last-event-id': after }),
    ...more.headers,
  }
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      let rest = ''
      let isEnded = false
      const stream: RawStream = {
        status: response.statusCode!,
        headers: response.headers,
        messages: [],
        prices: [],
        beats: [],
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        isEnded: () => isEnded,
        close: () => void asked.destroy(),
        body: () => JSON.parse(rest),
      }
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        rest += text
        if (stream.status !== 200) return
        const blocks = rest.split('\n\n')
        rest = blocks.pop()!
        for (const block of blocks) keep(stream, readBlock(block))
      })
      response.on('close', () => {
        isEnded = true
      })
      response.on('error', () => {})
      if (stream.status === 200) resolve(stream)
      else response.on('end', () => resolve(stream))
    })
    asked.on('error', reject)
    asked.end()
  })
}

function readBlock(block: string): StreamMessage {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    }),
  )
  const retry = fields.get('retry')
  return {
    id: fields.get('id'),
    event: fields.get('event') ?? 'message',
    data: JSON.parse(fields.get('data') ?? '{}'),
    ...(retry !== undefined && { retry: Number(retry) }),
  }
}

function keep({ messages, prices, beats }: RawStream, message: StreamMessage): void {
  if (message.event === 'quote') prices.push(message)
  else if (message.event === 'beat') beats.push(message)
  else messages.push(message)
}
