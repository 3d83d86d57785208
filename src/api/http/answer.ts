import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from '../../base/refusal.ts'

/** A complete HTTP response. */
export interface Answer {
  status: number
  type: string
  body: string
  headers?: Record<string, string>
}

/** Makes a response with a JSON body. */
export function json(status: number, body: unknown, headers?: Record<string, string>): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n`, headers }
}

/** Makes the response to a request that was not fulfilled: `{code, message, hint}`, as everywhere in the API. */
export function problem(
  status: number,
  { code, sentence, instead }: Refusal,
  headers?: Record<string, string>,
): Answer {
  return json(status, { code, message: sentence, hint: instead ?? null }, headers)
}

/** Sends a response; a HEAD request gets no body. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, type, body, headers } = answer
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers })
  response.end(request.method === 'HEAD' ? undefined : body)
}
