import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Agenda } from '../../contracts/venues/difficult/agenda.ts'
import type { LineDraws, LineFault } from './faults.ts'
import { BrokerRefusal } from './refusal.ts'

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
  /** The host of the broker: `live`, `paper`, `data`. */
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

/** The state of a limit after a request. */
export interface Allowance {
  isAllowed: boolean
  headers: Record<string, string>
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
  /** The request has these headers: desks look at their accounts at any time. */
  headers?: Record<string, string>
  as: Failure
  /** So many of them; 1 by default. */
  times?: number
}

/** The ways in which brokers differ about answers. */
export interface Dialect {
  isPlacement(heard: Heard): boolean
  /** No fault by chance befalls it: the authorization of the app. */
  isSpared(heard: Heard): boolean
  /** Silence may befall it. */
  maySilence(heard: Heard): boolean
  /** The answer of a failure with this HTTP status. */
  failed(status: number): Answer
  /** The answer above the limit of requests. */
  limited: Answer
  /** The text of a body. */
  json(body: unknown): string
}

export interface AnswerParts {
  world: { agenda: Agenda; draws: LineDraws; now(): Date }
  dialect: Dialect
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
  const { world, planned, dialect } = parts
  const url = new URL(request.url!, 'http://localhost')
  const { pathname: path, searchParams: query } = url
  const body = await read(request)
  const heard: Heard = { host, method: request.method!, path, query, body, at: world.now() }
  parts.heard.push(heard)
  const { isAllowed, headers } = parts.allowance(heard, request)
  const send = (answered: Answer) =>
    write(parts, heard, response, { ...answered, headers: { ...headers, ...answered.headers } })
  if (!isAllowed) return send(dialect.limited)

  const failure = plannedFor(planned, heard, request.headers) ?? drawnFor(parts, heard)
  if (failure === 'lost') return void request.socket.destroy()
  if (typeof failure === 'number') return send(dialect.failed(failure))
  if (dialect.isPlacement(heard) && world.draws.happens('slowPlacements')) {
    await world.agenda.wait(world.draws.wait('placement'))
  }

  const served = serveSafely(parts, heard, request)
  if (failure === 'unanswered') request.socket.destroy()
  else if (failure === undefined) send(served)
  else if (failure !== 'silent') send(dialect.failed(failure.afterwards))
  served.proceed?.()
}

function serveSafely(parts: AnswerParts, heard: Heard, request: IncomingMessage): Answer {
  try {
    return parts.serve(heard, request)
  } catch (error) {
    if (error instanceof BrokerRefusal) return { status: error.status, body: error.body }
    throw error
  }
}

function plannedFor(
  planned: PlannedFailure[],
  { method, path }: Heard,
  sent: IncomingMessage['headers'],
): Failure | undefined {
  const has = ({ headers = {} }: PlannedFailure) =>
    Object.entries(headers).every(([name, value]) => sent[name] === value)
  const index = planned.findIndex(
    (one) => (!one.method || one.method === method) && (!one.path || one.path.test(path)) && has(one),
  )
  const found = planned[index]
  if (!found) return undefined
  found.times = (found.times ?? 1) - 1
  if (found.times <= 0) planned.splice(index, 1)
  return found.as
}

function drawnFor({ world: { draws }, dialect }: AnswerParts, heard: Heard): Failure | undefined {
  if (dialect.isSpared(heard)) return undefined
  const happens = (fault: LineFault) => draws.happens(fault)
  if (dialect.isPlacement(heard)) {
    if (happens('lostPlacements')) return 'lost'
    if (happens('lostAnswers')) return 'unanswered'
    if (happens('falseFailures')) return { afterwards: falseFailures[draws.between([0, 2])]! }
  }
  if (happens('busy')) return 429
  if (happens('failures')) return draws.between([0, 1]) ? 500 : 502
  // An open connection without an answer is what callers fear most; nothing was done then.
  if (dialect.maySilence(heard) && happens('silences')) return 'silent'
  return undefined
}

function write(
  { world, dialect }: AnswerParts,
  heard: Heard,
  response: ServerResponse,
  { status, body, headers, stream }: Answer,
): void {
  heard.status = status
  if (stream) {
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
    stream(response)
    return
  }
  const isText = typeof body === 'string'
  const text = body === undefined ? '' : isText ? body : dialect.json(body)
  response.writeHead(status, {
    Date: world.now().toUTCString(),
    ...(body !== undefined && { 'Content-Type': isText ? 'text/plain' : 'application/json; charset=UTF-8' }),
    ...headers,
  })
  response.end(text)
}

/** A gateway answers in HTML. */
export const gatewayFailure = (status: number): Answer => ({
  status,
  body: `<html><body><h1>${status}</h1></body></html>`,
  headers: { 'Content-Type': 'text/html' },
})

/** The body of a request. */
export async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
