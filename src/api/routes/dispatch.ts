import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../base/refusal.ts'
import { accountsOf } from '../../trading/accounts/rows/accounts.ts'
import type { Needs, Row } from '../contract/row.ts'
import { type Answer, json } from '../http/answer.ts'
import { wrongMethod } from '../http/refusals.ts'
import { pathOf } from '../http/router.ts'
import { dataHeaders } from '../http/security-headers.ts'
import { limitOf } from '../sessions/at-most.ts'
import { type Caller, mayTrade } from '../sessions/caller.ts'
import { identify, wrongOrigin } from '../sessions/identify.ts'
import { carryOut } from './carry-out.ts'
import { type AnyHandler, type Context, type Ground, WithHeaders } from './context.ts'
import { handlers } from './handlers.ts'
import { type Input, readInput } from './input.ts'
import { notFound, problemOf, statusOf } from './problem.ts'
import { findRoute } from './table.ts'

const minuteMs = 60_000
/** Requests of a caller in a minute, in one process. Exits from a trade are never counted. */
const mostReads = 1200
const mostActs = 120

/** Makes the function that answers all requests of the API. It never throws. */
export function createDispatch(ground: Ground): (request: IncomingMessage, body: Buffer) => Promise<Answer> {
  const { parts } = ground.desk
  const reads = limitOf(mostReads, minuteMs)
  const acts = limitOf(mostActs, minuteMs)
  const identifying = {
    db: parts.db,
    now: () => parts.clock.now(),
    origins: ground.origins,
    cookie: ground.cookie,
  }

  async function answer(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const found = findRoute(request.method ?? '', pathOf(request))
    if ('methods' in found) {
      if (found.methods.length === 0) return refused(noSuchRoute())
      const methods = [...new Set(found.methods)]
      return refused(wrongMethod(methods), { allow: methods.join(', ') }, 405)
    }
    const { name, row } = found
    const handler = handlers[name] as unknown as AnyHandler
    if (row.needs === 'nobody') {
      if (!ground.origins.isSameOrigin(request)) return refused(wrongOrigin())
      const input = readInput(row, request, { params: found.params, body })
      if (input instanceof Refusal) return refused(input)
      return answered(row, await handler({ ...ground, parts, request } as never, input))
    }
    const caller = await identify(identifying, request)
    if (caller instanceof Refusal) {
      const isToken = caller.code === 'NOT_SIGNED_IN' && request.headers.authorization !== undefined
      return refused(caller, isToken ? { 'www-authenticate': 'Bearer realm="deskhand"' } : {})
    }
    const missing = lacks(caller, row.needs)
    if (missing) return refused(missing)
    const limit = row.acts ? acts : reads
    const key = caller.by.kind === 'session' ? `m${caller.memberId}` : `t${caller.by.token.id}`
    const waits = row.exits ? undefined : limit.over(key)
    if (waits !== undefined) return refused(tooMany(waits), { 'retry-after': String(waits) })
    const input = readInput(row, request, { params: found.params, body })
    if (input instanceof Refusal) return refused(input)
    const context = await contextOf(ground, request, caller, input)
    if (context instanceof Refusal) return refused(context)
    if (!row.acts) return answered(row, await handler(context as never, input))
    const done = await carryOut(context, { name, row, handler, input })
    return json(done.status, done.answer, { ...dataHeaders, ...done.headers })
  }

  return async (request, body) => {
    try {
      return await answer(request, body)
    } catch (cause) {
      parts.log.error({ err: cause, path: pathOf(request) }, 'a request of the API could not be answered')
      return refused(deskAway())
    }
  }
}

/** The context of a request: a caller, and an account of theirs. */
async function contextOf(
  ground: Ground,
  request: IncomingMessage,
  caller: Caller,
  { query }: Input,
): Promise<Context | Refusal> {
  const { parts } = ground.desk
  const all = await accountsOf(parts.db, caller.memberId)
  const { by } = caller
  const accounts = by.kind === 'session' ? all : all.filter(({ id }) => id === by.token.accountId)
  const wanted = (query as { account?: number }).account
  const account = wanted === undefined ? accounts[0] : accounts.find(({ id }) => id === wanted)
  // A token never goes on without its account, which may have been unlinked a moment ago: no account stands for the first one.
  if (!account && (wanted !== undefined || by.kind === 'token')) return notFound('such account')
  return { ...ground, parts, request, caller, accounts, accountId: account?.id ?? 0 }
}

function lacks(caller: Caller, needs: Needs): Refusal | undefined {
  if (needs === 'trades' && caller.by.kind === 'token' && !caller.by.token.trades)
    return new Refusal(
      'TOKEN_ONLY_READS',
      'This token may only read. Nothing was done.',
      'Make one with `token new NAME trade`',
    )
  if (needs === 'trades' && !mayTrade(caller))
    return new Refusal(
      'NOT_ALLOWED',
      'You are a viewer: you may look, but not trade. Nothing was done.',
      'An owner can say `role @you trader`',
    )
  if (needs === 'owner' && (caller.role !== 'owner' || caller.by.kind === 'token'))
    return new Refusal('NOT_ALLOWED', 'Only an owner may do that, and by the page. Nothing was done.')
  return undefined
}

function answered(row: Row, result: unknown): Answer {
  if (result instanceof Refusal) return refused(result)
  const [answer, headers] = result instanceof WithHeaders ? [result.answer, result.headers] : [result, {}]
  if (row.type === undefined) return json(200, answer, { ...dataHeaders, ...headers })
  return { status: 200, type: row.type, body: String(answer), headers: { ...dataHeaders, ...headers } }
}

function refused(refusal: Refusal, headers: Record<string, string> = {}, status = statusOf(refusal)): Answer {
  return json(status, problemOf(refusal), { ...dataHeaders, ...headers })
}

const noSuchRoute = () => new Refusal('NO_SUCH_ROUTE', 'The API has nothing like that here.', 'See /api/docs')

const tooMany = (seconds: number) =>
  new Refusal(
    'TOO_MANY_REQUESTS',
    `That is more than is answered in a minute. Nothing was done.`,
    `Try again in ${seconds} s; what gets you out is always heard`,
  )

/** The refusal when a server of the desk does not answer. */
export const deskAway = () =>
  new Refusal(
    'DESK_AWAY',
    'The desk could not finish that: a server of its own does not answer, or gave an error.',
    'Try again in a moment',
  )
