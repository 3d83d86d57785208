import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import { beginRequest, keepAnswer } from '../../trading/access/rows/requests.ts'
import { hearOnce, noteOutcome } from '../../trading/accounts/rows/audit.ts'
import { conversationOf, type Speaker } from '../../trading/accounts/rows/members.ts'
import { isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import type { RouteName } from '../contract/index.ts'
import type { Row } from '../contract/row.ts'
import { pathOf } from '../http/router.ts'
import { originOf, placeOf } from '../sessions/caller.ts'
import type { ActContext, AnyHandler, Context } from './context.ts'
import type { Input } from './input.ts'
import { problemOf, statusOf } from './problem.ts'

/** The answer to an act, and whether an earlier attempt gave it. */
export interface Carried {
  status: number
  answer: object
  headers?: Record<string, string>
}

/**
 * Carries an act out, once for its `Idempotency-Key`: the same key gets the answer of the first time, also after a restart, and the audit
 * has one row. An attempt that was cut short is taken up under the same id, from which the ids of its orders are made.
 */
export async function carryOut(
  context: Context,
  { name, row, handler, input }: { name: RouteName; row: Row; handler: AnyHandler; input: Input },
): Promise<Carried> {
  const { parts, caller, request, accountId } = context
  const { db, clock } = parts
  const { memberId } = caller
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) return refused(keyMissing())
  const wanted = [row.method, pathOf(request), accountId, input.body]
  const fingerprint = createHash('sha256').update(JSON.stringify(wanted)).digest()
  const ofKey = createHash('sha256').update(`${memberId} ${key}`).digest('hex').slice(0, 24)
  const inboundId = `${originOf(caller)}:${ofKey}`
  const begun = await beginRequest(db, { memberId, key, fingerprint, inboundId }, clock.now())
  if (begun.kind === 'another') return refused(keyReused())
  if (begun.kind === 'under way') return { ...refused(underWay()), headers: { 'retry-after': '1' } }
  if (begun.kind === 'answered') return { ...begun, headers: { 'idempotent-replayed': 'true' } }
  const conversationId = await conversationOf(db, placeOf(context))
  const acting: ActContext = { ...context, inboundId: begun.inboundId, conversationId }
  // A sentence is heard, and noted, as in chat.
  const mayAct = name === 'say' || (await hearAct(acting, row, input))
  const done = mayAct ? await attempt(acting, name, handler, input) : actedBefore
  if (done === undefined) return refused(halfDone())
  await keepAnswer(db, { memberId, key }, done)
  return done
}

/** Notes an act in the audit. False when it was acted on before: its process died before it could answer. */
async function hearAct(acting: ActContext, row: Row, input: Input): Promise<boolean> {
  const { parts, inboundId, request } = acting
  const text = textOf(row, request.url, input)
  const isNew = await hearOnce(parts.db, inboundId, speakerOf(acting), text, parts.clock.now())
  return isNew || mayGoOn(parts.db, inboundId)
}

/** Carries it out and notes the outcome; undefined when it is unknown how far it came. */
async function attempt(
  { parts, inboundId, ...context }: ActContext,
  name: RouteName,
  handler: AnyHandler,
  input: Input,
): Promise<Carried | undefined> {
  const { db, clock, log } = parts
  const note = async (result: Parameters<typeof noteOutcome>[2]) => {
    if (name !== 'say') await noteOutcome(db, inboundId, result, clock.now())
  }
  try {
    const result = await handler({ parts, inboundId, ...context } as never, input)
    if (result instanceof Refusal) {
      await note({ outcome: 'refused', command: name, code: result.code, reason: result.text })
      return refused(result)
    }
    await note({ outcome: 'done', command: name })
    return { status: 200, answer: result as object }
  } catch (cause) {
    if (isOrderedAlready(cause)) return actedBefore
    const reason = cause instanceof Error ? cause.message : String(cause)
    log.error({ err: cause, inbound: inboundId }, 'an act of the API could not be carried out to its end')
    await note({ outcome: 'failed', command: name, reason }).catch(() => {})
    return undefined
  }
}

/** May an act be tried again whose first attempt was heard? Not when it was acted on. */
async function mayGoOn(db: Db, inboundId: string): Promise<boolean> {
  const { rows } = await sql<{ goes_on: boolean }>`
    select coalesce(outcome = 'failed', finished_at is null) as goes_on from audit where inbound_id = ${inboundId}`.execute(
    db,
  )
  return rows[0]?.goes_on ?? true
}

/** The caller as the audit and the acts know speakers: in their own conversation, in the account of the request. */
export function speakerOf({ caller, accountId, conversationId }: ActContext): Speaker {
  const { memberId, name, role, timeZone } = caller
  return { memberId, name, role, accountId, keepsAccount: true, conversationId, ...(timeZone && { timeZone }) }
}

/** A request in the audit: its path and what was sent. */
function textOf({ method }: Row, url: string | undefined, { body }: Input): string {
  const sent = JSON.stringify(body)
  return `[${method} ${url}]${sent === '{}' ? '' : ` ${sent}`}`
}

/** A full queue has room again when a run has ended, which takes about as long, in seconds. */
const fullQueueSeconds = 30

const refused = (refusal: Refusal): Carried => ({
  status: statusOf(refusal),
  answer: problemOf(refusal),
  ...(refusal.code === 'QUEUE_FULL' && { headers: { 'retry-after': String(fullQueueSeconds) } }),
})

/** The answer when the act was committed, and its process died before it could answer. */
const actedBefore: Carried = {
  status: 200,
  answer: {
    said: [
      '✓ That was done already, before the desk could answer.\n💡 Look at the positions, the orders and the tasks',
    ],
    scaleout: null,
    replies: [],
  },
}

function keyMissing(): Refusal {
  const sentence =
    'A request that changes something needs an `Idempotency-Key`: 1 to 200 visible characters, another one for each thing. Nothing was done.'
  return new Refusal('KEY_MISSING', sentence, 'Send a random UUID; send the same one again to ask for the same thing')
}

/** The refusal when it is unknown how far an act came. Its key may be used again, and orders nothing twice. */
function halfDone(): Refusal {
  const sentence =
    'The desk could not finish that: it may be done, in part, or not at all. The desk goes on by itself with the part that it had begun.'
  return new Refusal(
    'DESK_AWAY',
    sentence,
    'Look at the positions and tasks; after 30 s the same request with the same key is safe',
  )
}

const keyReused = () =>
  new Refusal(
    'KEY_REUSED',
    'This `Idempotency-Key` was used for another request. Nothing was done.',
    'Use another one for another thing',
  )

const underWay = () =>
  new Refusal(
    'STILL_UNDER_WAY',
    'The same request is being carried out.',
    'Send it again in a moment: it gets the same answer',
  )
