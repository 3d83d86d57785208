import { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Quote } from '../../market/market.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import { queueReply, releaseRow } from '../../trading/events/rows/replies.ts'
import type { QueuedNotice } from '../../trading/notice.ts'
import { enterPosition } from '../../trading/orders/enter.ts'
import { exitPosition } from '../../trading/orders/exit.ts'
import { type AnyOrder, findOrder, isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import { isLive } from '../../trading/orders/rules/order-lifecycle.ts'
import { sendPlaced } from '../../trading/orders/send-placed.ts'
import { takenFrom } from '../../trading/orders/taken-from.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { openPosition } from '../../trading/positions/rows/positions.ts'
import { closingSide } from '../../trading/positions/rules/position.ts'
import type { EntryLevel } from '../../trading/protection/rows/entry-levels.ts'
import type { AgentNotice } from '../notices.ts'
import type { AgentParts } from '../parts.ts'
import { agentById } from '../rows/agents.ts'
import { beginPlacing, type Ended, endDecision, openDecisions, waitAgain } from '../rows/decisions.ts'
import { isOwnPosition } from '../rows/own-positions.ts'
import { type Agent, type Decision, type DecisionCheck, orderIdOf, type Plan } from '../rules/agent.ts'
import { notIts } from './decide-day.ts'
import { opensIn } from './due.ts'

/** Refusals that pass by themselves; the order is tried again until the next day has ended. */
const passing = new Set<string>(['NO_FRESH_PRICE', 'MARKET_CLOSED', 'VENUE_SILENT', 'TOO_MANY_ORDERS'])
/** Real milliseconds until the next try, and until an exit under way is looked at again. */
const againMs = 5000
const exitingMs = 500
/** The longest wait for an open in one go, in milliseconds; the clock may be set meanwhile. */
const longestWaitMs = 600_000

/**
 * Carries out what an agent has decided: an exit first, and the entry when that is through, each once by its id, whatever crashes in
 * between. Returns the real milliseconds until the next try when something has to wait.
 */
export async function carryOut(parts: AgentParts, agentId: number): Promise<{ again?: number }> {
  const agent = await agentById(parts.db, agentId)
  if (!agent) return {}
  const waits: number[] = []
  for (const decision of await openDecisions(parts.db, agentId)) {
    const wait = await carryOutOne(parts, agent, decision)
    if (wait !== undefined) waits.push(wait)
  }
  return waits.length > 0 ? { again: Math.min(...waits) } : {}
}

/** A leg of a plan that has ended: its order is there, or it failed. */
type Leg = { ordered: true } | { code: string; because: string }
/** A leg that has to wait for prices, or for its venue. */
interface Waiting {
  again: number
}

async function carryOutOne(parts: AgentParts, agent: Agent, decision: Decision): Promise<number | undefined> {
  const { symbol, plan = {} } = decision
  const opens = opensIn(parts, symbol)
  if (opens > 0) return Math.min(opens, longestWaitMs)
  if (!(await beginPlacing(parts.db, agent.id, decision))) return undefined
  const quote = await parts.market.quote(symbol)
  const checks = [...decision.checks]
  const exited = plan.exit && (await exit(parts, agent, decision, plan.exit))
  if (exited && 'again' in exited) return wait(parts, agent, decision, exited.again)
  // Its exit is on its way: the decision stays as it is, and the entry comes after it.
  if (exited && 'working' in exited) return exitingMs
  if (exited) checks.push(checkOf('exit', exited))
  const isThrough = !exited || 'ordered' in exited || exited.code === 'NO_POSITION'
  const entered = plan.enter && isThrough ? await enter(parts, agent, decision, plan.enter, quote) : undefined
  if (entered && 'again' in entered) return wait(parts, agent, decision, entered.again)
  if (entered) checks.push(checkOf('entry', entered))
  await end(parts, agent, decision, isThrough && entered ? entered : exited, checks, quote)
  return undefined
}

async function wait({ db }: AgentParts, agent: Agent, decision: Decision, ms: number): Promise<number> {
  await waitAgain(db, agent.id, decision)
  return ms
}

/** Closes, or takes from, the agent's own position. */
async function exit(
  parts: AgentParts,
  agent: Agent,
  decision: Decision,
  { side, units }: NonNullable<Plan['exit']>,
): Promise<Leg | Waiting | { working: true }> {
  const { db } = parts
  const { symbol } = decision
  const clientOrderId = orderIdOf(agent.id, decision, 'exit')
  const before = await findOrder(db, clientOrderId)
  if (before) return isLive(await sentAtLast(parts, agent, before)) ? { working: true } : { ordered: true }
  if (isLate(agent, decision)) return tooLate
  const position = await openPosition(db, agent.accountId, symbol)
  if (!position || closingSide(position.signedQuantity) !== side)
    return { code: 'NO_POSITION', because: `There was no position in ${symbol} left to close` }
  if (!(await isOwnPosition(db, agent.id, position.id))) return { code: 'NOT_ITS_POSITION', because: notIts(symbol) }
  const isAll = position.signedQuantity.abs().lte(units)
  const done = await tell(parts, agent, () =>
    exitPosition(parts, {
      ...{ clientOrderId, accountId: agent.accountId, memberId: agent.memberId, conversationId: agent.conversationId },
      ...{ symbol, purpose: isAll ? ('close' as const) : ('trim' as const), isAll },
      quantity: (locked) =>
        takenFrom(locked, {
          positionId: position.id,
          quantity: isAll ? locked.signedQuantity.abs() : new Big(units),
          isAll,
        }),
    }),
  )
  const order = await findOrder(db, clientOrderId)
  // Without an order it was refused; with one, another process was faster.
  if (done && !order) return legOf(done)
  return order && isLive(order) ? { working: true } : { ordered: true }
}

/**
 * Sends an order whose process died between its row and the call. Paper takes an order of the same id once; the order path itself refuses one
 * that has become too old.
 */
async function sentAtLast(parts: AgentParts, agent: Agent, order: AnyOrder): Promise<AnyOrder> {
  if (!isLive(order) || order.venueOrderId !== undefined) return order
  await tell(parts, agent, () => sendPlaced(parts, order))
  return (await findOrder(parts.db, order.id)) ?? order
}

/** The next day has ended: nothing more is begun. */
const isLate = ({ lastDay = '' }: Agent, { day }: Decision) => day < lastDay
const tooLate = { code: 'DAY_OVER', because: 'The next day had ended before it could be carried out' }

/** Opens a position, or adds to the agent's own. */
async function enter(
  parts: AgentParts,
  agent: Agent,
  decision: Decision,
  { side, units, stopShare, targetShare }: NonNullable<Plan['enter']>,
  quote: Quote | undefined,
): Promise<Leg | Waiting> {
  const { db } = parts
  const { symbol } = decision
  const clientOrderId = orderIdOf(agent.id, decision, 'enter')
  const before = await findOrder(db, clientOrderId)
  if (before) {
    await sentAtLast(parts, agent, before)
    return { ordered: true }
  }
  if (isLate(agent, decision)) return tooLate
  if (agent.state !== 'paper' || agent.pausedAt)
    return { code: 'AGENT_STOPPED', because: 'The agent was paused or stopped before it was carried out' }
  const position = await openPosition(db, agent.accountId, symbol)
  if (position && !(await isOwnPosition(db, agent.id, position.id)))
    return { code: 'NOT_ITS_POSITION', because: notIts(symbol) }
  const price = side === 'buy' ? quote?.ask : quote?.bid
  if (!price) return { again: againMs }
  const quantity = units === undefined ? unitsFor(agent.size, decision.equity, price) : new Big(units)
  if (quantity.lte(0)) return { code: 'TOO_SMALL', because: `Its size of the equity does not pay for one ${symbol}` }
  const done = await tell(parts, agent, () =>
    enterPosition(parts, {
      ...{ clientOrderId, accountId: agent.accountId, memberId: agent.memberId, conversationId: agent.conversationId },
      ...{ symbol, side, quantity, levels: levelsOf(stopShare, targetShare) },
    }),
  )
  return done && !(await findOrder(db, clientOrderId)) ? legOf(done) : { ordered: true }
}

/** Whole units that a share of the equity pays for. */
const unitsFor = (size: Big, equity: Big, price: Big) => equity.times(size).div(price).round(0, Big.roundDown)

function levelsOf(stopShare: number | undefined, targetShare: number | undefined): EntryLevel[] {
  return [
    ...(stopShare === undefined ? [] : [{ kind: 'stop' as const, at: 'return' as const, share: shareOf(-stopShare) }]),
    ...(targetShare === undefined
      ? []
      : [{ kind: 'target' as const, at: 'return' as const, share: shareOf(targetShare) }]),
  ]
}

/** A share of the entry to a hundredth of a basis point: a stop has no more digits. */
const shareOf = (share: number) => new Big(share.toFixed(6))

const legOf = (refusal: Refusal): Leg | Waiting =>
  passing.has(refusal.code) ? { again: againMs } : { code: refusal.code, because: refusal.sentence }

const checkOf = (what: string, leg: Leg): DecisionCheck =>
  'ordered' in leg
    ? { code: 'GATE', passes: true, text: `The ${what} passed the gate of the desk` }
    : { code: leg.code, passes: false, text: leg.because }

/**
 * Places an order, and leaves what is to be said to the outbox: no door has heard anything. The refusal, if there is one; an order that
 * another process has placed meanwhile is none.
 */
async function tell(
  parts: AgentParts,
  { conversationId, accountId }: Agent,
  place: () => Promise<QueuedNotice[] | Refusal>,
): Promise<Refusal | undefined> {
  const done = await place().catch((cause: unknown) => {
    if (isOrderedAlready(cause)) return []
    throw cause
  })
  if (done instanceof Refusal) return done
  const conversations = [conversationId]
  for (const { notice, row } of done) {
    if (row !== undefined) conversations.push(...(await releaseRow(parts.db, row, true)))
    else if (notice.kind !== 'order.told_elsewhere')
      await parts.db
        .transaction()
        .execute((trx) =>
          queueReply(trx, { conversationId, accountId, at: parts.clock.now() }, parts.wording(notice), 'outbox'),
        )
  }
  await wakeReplies(parts, conversations)
  return undefined
}

/** Ends the decision, and tells a refusal in the thread, in one transaction. */
async function end(
  parts: AgentParts,
  agent: Agent,
  decision: Decision,
  leg: Leg | undefined,
  checks: DecisionCheck[],
  quote?: Quote,
): Promise<void> {
  const refused = leg && 'code' in leg ? leg : undefined
  // The position was closed by its stop, or by hand, before its exit: there is nothing to tell about.
  const isGone = refused?.code === 'NO_POSITION'
  const ended: Ended = {
    ...(refused ? { state: isGone ? 'none' : 'rejected', ...refused } : { state: 'taken' }),
    checks,
    ...(quote && { prices: { bid: quote.bid.toFixed(), ask: quote.ask.toFixed(), last: quote.last.toFixed() } }),
  }
  const told = await parts.db.transaction().execute(async (trx) => {
    const at = parts.clock.now()
    if (!(await endDecision(trx, agent.id, decision, ended, at)) || !refused || isGone) return false
    const notice: AgentNotice = { kind: 'agent.rejected', agent, decision, ...refused }
    await queueNotice<AgentNotice>(
      trx,
      parts,
      { conversationId: agent.conversationId, accountId: agent.accountId, at },
      notice,
      'outbox',
    )
    return true
  })
  if (told) await wakeReplies(parts, [agent.conversationId])
}
