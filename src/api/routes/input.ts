import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { Refusal } from '../../base/refusal.ts'
import type { Row } from '../contract/row.ts'

/** The parsed values of a request. */
export interface Input {
  params: object
  query: object
  body: object
}

/** Parses the values of a request by the schemas of its route. */
export function readInput(
  row: Row,
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  raw: { params: Record<string, string>; body: Buffer },
): Input | Refusal {
  const asked = new URL(request.url ?? '', 'http://desk').searchParams
  const names = [...asked.keys()]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return bad(`query.${twice.slice(0, 40)}: is there twice`)
  const sent = row.body === undefined ? {} : bodyOf(request, raw.body)
  if (sent instanceof Refusal) return sent
  const params = read('path', row.params, raw.params)
  if (params instanceof Refusal) return params
  const query = read('query', row.query, Object.fromEntries(asked))
  if (query instanceof Refusal) return query
  const body = read('body', row.body, sent)
  if (body instanceof Refusal) return body
  return { params, query, body }
}

function bodyOf({ headers }: Pick<IncomingMessage, 'headers'>, body: Buffer): unknown {
  if (body.length === 0) return {}
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? ''))
    return bad('body: its content-type must be application/json')
  try {
    return JSON.parse(body.toString('utf8'), withoutTraps)
  } catch {
    return bad('body: is no JSON')
  }
}

/** A key that would change what all objects have is left out. */
function withoutTraps(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

function read(where: string, schema: z.ZodType | undefined, given: unknown): object | Refusal {
  if (schema === undefined) {
    const [name] = Object.keys(given as object)
    return name === undefined ? {} : bad(`${where}.${name.slice(0, 40)}: is not known here`)
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data as object
  const [issue] = parsed.error.issues
  const field = [where, ...issue!.path.map(String)].join('.').slice(0, 80)
  return bad(`${field}: ${issue!.message.slice(0, 200)}`, field)
}

function bad(what: string, field = what.slice(0, what.indexOf(':'))): Refusal {
  const sentence = `The request is not understood: ${what}. Nothing was done.`
  return new Refusal('BAD_REQUEST', sentence, 'See /api/docs', { field })
}
