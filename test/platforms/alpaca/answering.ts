import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { Allowance } from './rate-limit.ts'
import { Refusal } from './refusals.ts'
import type { World } from './world.ts'

/** An answer, and the work that begins once it is on its way. */
export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
  /** Writes the answer itself, over a while. */
  stream?(response: ServerResponse): void
  proceed?(): void
}

/** A request as it arrived. */
export interface Heard {
  /** `live`, `paper` or `data`. */
  host: string
  method: string
  path: string
  query: URLSearchParams
  body: string
  /** The id of the account, once its keys are known. */
  account?: string
  at: Date
  /** The status of the answer; absent as long as there is none, and for good when it is never given. */
  status?: number
}

/**
 * The way in which one request fails: an HTTP status (before anything is done), `lost` (it never arrives), `unanswered` (it
 * is done, and its answer is lost), `silent` (it is done, and nothing is said), or a status after it was done.
 */
export type Failure = number | 'lost' | 'unanswered' | 'silent' | { afterwards: number }

/** A failure by hand of the next requests that match. */
export interface PlannedFailure {
  method?: string
  /** The path matches. */
  path?: RegExp
  as: Failure
  /** So many of them; 1 by default. */
  times?: number
}

export interface AnswerParts {
  world: World
  planned: PlannedFailure[]
  heard: Heard[]
  /** Answers a request that came through. */
  serve(heard: Heard, request: IncomingMessage): Answer
  allowance(heard: Heard, request: IncomingMessage): Allowance
}

const falseFailures = [500, 502, 504]

/** Answers a request with the faults of the world. */
export async function answer(
  parts: AnswerParts,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world, planned } = parts
  const url = new URL(request.url!, 'http://localhost')
  const { pathname: path, searchParams: query } = url
  const body = await read(request)
  const heard: Heard = { host, method: request.method!, path, query, body, at: world.now() }
  parts.heard.push(heard)
  const { isAllowed, headers } = parts.allowance(heard, request)
  const send = (answered: Answer) =>
    write(world, heard, response, { ...answered, headers: { ...headers, ...answered.headers } })
  if (!isAllowed) return send({ status: 429, body: { code: 42910000, message: 'rate limit exceeded' } })

  const failure = plannedFor(planned, heard) ?? drawnFor(world, heard)
  if (failure === 'lost') return void request.socket.destroy()
  if (typeof failure === 'number') return send(failed(failure))
  const isPlacement = heard.method === 'POST' && path === '/v2/orders'
  if (isPlacement && world.draws.happens('slowPlacements')) await world.agenda.wait(world.draws.wait('placement'))

  const served = serveSafely(parts, heard, request)
  if (failure === 'unanswered') request.socket.destroy()
  else if (failure === undefined) send(served)
  else if (failure !== 'silent') send(failed(failure.afterwards))
  served.proceed?.()
}

function serveSafely(parts: AnswerParts, heard: Heard, request: IncomingMessage): Answer {
  try {
    return parts.serve(heard, request)
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body }
    throw error
  }
}

function failed(status: number): Answer {
  if (status === 429)
    return { status, body: { code: 42910000, message: 'rate limit exceeded' }, headers: { 'Retry-After': '1' } }
  // A gateway answers in HTML.
  if (status > 500)
    return { status, body: `<html><body><h1>${status}</h1></body></html>`, headers: { 'Content-Type': 'text/html' } }
  if (status === 401) return { status, body: { code: 40110000, message: 'request is not authorized' } }
  return { status, body: { code: status * 100_000 + 10_000, message: 'internal server error occurred' } }
}

function plannedFor(planned: PlannedFailure[], { method, path }: Heard): Failure | undefined {
  const index = planned.findIndex((one) => (!one.method || one.method === method) && (!one.path || one.path.test(path)))
  const found = planned[index]
  if (!found) return undefined
  found.times = (found.times ?? 1) - 1
  if (found.times <= 0) planned.splice(index, 1)
  return found.as
}

function drawnFor({ draws }: World, { method, path, host }: Heard): Failure | undefined {
  if (path.startsWith('/oauth/')) return undefined
  const happens = (fault: Fault) => draws.happens(fault)
  if (method === 'POST' && path === '/v2/orders') {
    if (happens('lostPlacements')) return 'lost'
    if (happens('lostAnswers')) return 'unanswered'
    if (happens('falseFailures')) return { afterwards: falseFailures[draws.between([0, 2])]! }
  }
  if (happens('busy')) return 429
  if (happens('failures')) return draws.between([0, 1]) ? 500 : 502
  // An open connection without an answer is what callers fear most; nothing was done then.
  if (host !== 'data' && method === 'GET' && happens('silences')) return 'silent'
  return undefined
}

function write(world: World, heard: Heard, response: ServerResponse, { status, body, headers, stream }: Answer): void {
  heard.status = status
  if (stream) {
    stream(response)
    return
  }
  const isText = typeof body === 'string'
  const text = body === undefined ? '' : isText ? body : jsonOf(world, body)
  response.writeHead(status, {
    Date: world.now().toUTCString(),
    ...(body !== undefined && { 'Content-Type': isText ? 'text/plain' : 'application/json; charset=UTF-8' }),
    ...headers,
  })
  response.end(text)
}

/** JSON, or by a fault JSON with bare numbers for decimals, all digits kept. */
export function jsonOf(world: World, body: unknown): string {
  const text = JSON.stringify(body)
  if (!world.draws.happens('bareNumbers')) return text
  return text.replace(/"(\w+)":"(-?\d+(?:\.\d+)?)"/g, (whole, name: string, digits: string) =>
    isAmount(name) ? `"${name}":${digits}` : whole,
  )
}

const isAmount = (name: string) =>
  /qty|price|cash|equity|power|value|margin|notional|amount|basis|_pl|_plpc/.test(name) && !/id$/.test(name)

/** The body of a request. */
export async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
