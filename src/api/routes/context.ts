import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { AgentParts } from '../../agents/parts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { Config } from '../../config.ts'
import type { HearingDesk } from '../../talk/chat/door.ts'
import type { Place } from '../../talk/chat/place.ts'
import type { PendingQuestion } from '../../talk/questions/questions.ts'
import type { Account } from '../../trading/accounts/rows/accounts.ts'
import type { Contract, RouteName } from '../contract/index.ts'
import type { AnswerOf, InputOf, Row, Values } from '../contract/row.ts'
import type { ClientAddress } from '../http/client-address.ts'
import type { Origins } from '../http/origins.ts'
import type { Limit } from '../sessions/at-most.ts'
import type { Caller } from '../sessions/caller.ts'
import type { Input } from './input.ts'

/** The desk as the API sees it. */
export interface ApiDesk extends Pick<HearingDesk, 'hear' | 'delivered' | 'undelivered' | 'symbols'> {
  parts: AgentParts
  config: Config
  /** The open questions in a place. */
  questionsIn(place: Place): Promise<{ pending: PendingQuestion[] }>
}

/** The parts that all requests of a process share. */
export interface Ground {
  desk: ApiDesk
  origins: Origins
  addressOf: ClientAddress
  /** The name of the session's cookie. */
  cookie: () => string
  /** Failed attempts to sign in, by address. */
  loginAttempts: Limit
}

/** A request without a caller. */
export interface OpenContext extends Ground {
  parts: AgentParts
  request: IncomingMessage
}

/** A request with its caller, and the account that it is about. */
export interface Context extends OpenContext {
  caller: Caller
  /** The accounts that the caller may see: the member's, or the token's one; oldest first. */
  accounts: Account[]
  /** The account of the request; 0 while the member has none: every read with it finds nothing. */
  accountId: number
}

/** A request that changes something, once for its key. */
export interface ActContext extends Context {
  /** The id of its message, the same in every attempt: ids of orders are made from it. */
  inboundId: string
  /** The caller's own conversation. */
  conversationId: number
}

/** An answer with headers of its own. */
export class WithHeaders<Answer> {
  readonly answer: Answer
  readonly headers: Record<string, string>
  constructor(answer: Answer, headers: Record<string, string>) {
    this.answer = answer
    this.headers = headers
  }
}

type ContextOf<One> =
  One extends Row<Values, Values, Values, z.ZodType, infer Need, infer Acts>
    ? Need extends 'nobody'
      ? OpenContext
      : Acts extends true
        ? ActContext
        : Context
    : never

/** The function behind a route: its answer, or the refusal. */
export type Handler<Name extends RouteName> = (
  context: ContextOf<Contract[Name]>,
  input: InputOf<Contract[Name]>,
) => Promise<AnswerOf<Contract[Name]> | WithHeaders<AnswerOf<Contract[Name]>> | Refusal>

/** The functions behind all routes. */
export type Handlers = { [Name in RouteName]: Handler<Name> }

/** Any function behind a route, by the rows of the table. */
export type AnyHandler = (context: never, input: Input) => Promise<unknown>
