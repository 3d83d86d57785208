import type { Contract } from '../../api/contract/index.ts'
import type { AnswerOf, SentOf } from '../../api/contract/row.ts'
import type { Problem } from '../../api/contract/shapes.ts'
import { type PathName, paths } from './paths.ts'

/** An answer of the desk that is a refusal: nothing was done, or what was not done is in `message`. */
export class Refused extends Error {
  readonly code: string
  readonly hint: string | null
  readonly status: number
  /** The wrong part of the request: `body.parameters.min_score`. */
  readonly field?: string
  /** Its other wrong parts. */
  readonly also: NonNullable<Problem['also']>
  constructor(status: number, { code, message, hint, field, also = [] }: Problem) {
    super(message)
    this.field = field
    this.also = also
    this.status = status
    this.code = code
    this.hint = hint
  }
}

/** The desk did not answer. Whether an act was done is not known: its key makes it safe to send again. */
export class Unreachable extends Error {}

/**
 * The input of a request. A request that can be about an account has to name one: without it the desk takes the member's
 * first account, which may not be the one that is shown.
 */
type Sent<Name extends PathName> = Partial<SentOf<Contract[Name]>> &
  (SentOf<Contract[Name]> extends { query: { account?: unknown } }
    ? { query: { account: number | undefined } }
    : { query?: object })

/** A request that takes longer, in milliseconds, counts as unanswered. */
const patienceMs = 15_000

/**
 * Calls a route of the API. `key` is the idempotency key of an act: the same key twice does one thing. Throws `Refused` or
 * `Unreachable`.
 */
export async function call<Name extends PathName>(
  name: Name,
  ...[sent, key]: object extends Sent<Name> ? [sent?: Sent<Name>, key?: string] : [sent: Sent<Name>, key?: string]
): Promise<AnswerOf<Contract[Name]>> {
  const [method = 'GET', path = ''] = paths[name].split(' ')
  const { params, query, body } = (sent ?? {}) as Record<string, Record<string, unknown> | undefined>
  const there = path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(String(params?.[part])))
  const asked = new URLSearchParams()
  for (const [part, value] of Object.entries(query ?? {})) if (value !== undefined) asked.set(part, String(value))
  const response = await fetch(asked.size > 0 ? `${there}?${asked}` : there, {
    method,
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(key && { 'idempotency-key': key }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw new Unreachable('The desk did not answer.', { cause })
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok && answer !== undefined) return answer as AnswerOf<Contract[Name]>
  if (isProblem(answer)) throw new Refused(response.status, answer)
  throw new Unreachable(`The desk answered ${response.status} without a word.`)
}

const isProblem = (answer: unknown): answer is Problem =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'message' in answer

/** A new idempotency key. A page on plain HTTP has no `randomUUID`. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
