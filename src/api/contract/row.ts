import type { z } from 'zod'

/**
 * The least that a caller has to be. `nobody`: anyone. `reads`: a member with a session, or a token. `trades`: a member who may
 * trade, by a session or a token that may trade. `owner`: an owner by a session.
 */
export type Needs = 'nobody' | 'reads' | 'trades' | 'owner'

export type Values = z.ZodObject | undefined

/** One route of the API: the contract with programs and the page. Its handler is in `src/api/routes`. */
export interface Row<
  Params extends Values = Values,
  Query extends Values = Values,
  Body extends Values = Values,
  Answer extends z.ZodType = z.ZodType,
  Need extends Needs = Needs,
  Acts extends boolean = boolean,
> {
  method: 'GET' | 'POST' | 'DELETE'
  /** Parameters stand in braces: `/api/positions/{symbol}/close`. */
  path: string
  /** A line for the document. */
  summary: string
  needs: Need
  /** It changes something, so it takes an `Idempotency-Key`. */
  acts?: Acts
  /** It is about sessions of the page: its handler refuses a token. */
  bySession?: true
  /** It gets a member out of a trade, so no limit of requests stops it. */
  exits?: true
  params?: Params
  query?: Query
  body?: Body
  answer: Answer
  /** The media type of an answer that is no JSON; the schema is then of its text. */
  type?: string
}

/** Keeps the exact types of a row. */
export function row<
  const Answer extends z.ZodType,
  const Params extends Values = undefined,
  const Query extends Values = undefined,
  const Body extends Values = undefined,
  const Need extends Needs = Needs,
  const Acts extends boolean = false,
>(given: Row<Params, Query, Body, Answer, Need, Acts>): Row<Params, Query, Body, Answer, Need, Acts> {
  return given
}

type Given<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<never, never>
type Sent<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined

/** The parsed input of a route, as its handler gets it. */
export type InputOf<One> =
  One extends Row<infer Params, infer Query, infer Body, z.ZodType>
    ? { params: Given<Params>; query: Given<Query>; body: Given<Body> }
    : never

/** The input of a route, as a client sends it. */
export type SentOf<One> =
  One extends Row<infer Params, infer Query, infer Body, z.ZodType>
    ? { params: Sent<Params>; query: Sent<Query>; body: Sent<Body> }
    : never

/** The answer of a route. */
export type AnswerOf<One> = One extends Row<Values, Values, Values, infer Answer> ? z.output<Answer> : never
