import type { IncomingMessage } from 'node:http'

/** Reads the body of a request; `too long` when it exceeds `limit` bytes, `gone` when the client aborts. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too long' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return 'too long'
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length
      if (length > limit) return 'too long'
      chunks.push(chunk)
    }
  } catch {
    return 'gone'
  }
  return Buffer.concat(chunks)
}
