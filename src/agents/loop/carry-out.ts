import { Big } from '../../base/amounts.ts'
import type { Quote } from '../../market/market.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import { exitPosition } from '../../trading/orders/exit.ts'
import { findOrder } from '../../trading/orders/rows/orders.ts'
import { isLive } from '../../trading/orders/rules/order-lifecycle.ts'
import { takenFrom } from '../../trading/orders/taken-from.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { openPosition } from '../../trading/positions/rows/positions.ts'
import { closingSide } from '../../trading/positions/rules/position.ts'
import { isUnfinished } from '../../trading/protection/rows/unfinished-exits.ts'
import type { AgentNotice } from '../notices.ts'
import type { AgentParts } from '../parts.ts'
import { agentById } from '../rows/agents.ts'
import { beginPlacing, type Ended, endDecision, entryOf, openDecisions, waitAgain } from '../rows/decisions.ts'
import { isOwnPosition } from '../rows/own-positions.ts'
import { type Agent, cutBy, type Decision, type DecisionCheck, orderIdOf, type Plan } from '../rules/agent.ts'
import { notIts } from './decide-day.ts'
import { opensIn } from './due.ts'
import { enter } from './enter.ts'
import { isLate, type Leg, legOf, sentAtLast, tell, tooLate, type Waiting } from './legs.ts'

/** Real milliseconds until an exit under way is looked at again. */
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
  // It waits until the venue gives the protection of the position back; the order path ends it, or sends it.
  if (await isUnfinished(db, clientOrderId)) return { working: true }
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
  if (!order && (await isUnfinished(db, clientOrderId))) return { working: true }
  // Without an order it was refused; with one, another process was faster.
  if (done && !order) return legOf(done)
  return order && isLive(order) ? { working: true } : { ordered: true }
}

const checkOf = (what: string, leg: Leg): DecisionCheck =>
  'ordered' in leg
    ? { code: 'GATE', passes: true, text: `The ${what} passed the gate of the desk` }
    : { code: leg.code, passes: false, ...(leg.because !== undefined && { text: leg.because }) }

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
  const told = await parts.db.transaction().execute(async (trx) => {
    const at = parts.clock.now()
    const entry = await entryOf(trx, agent.id, decision)
    const cut = refused ? undefined : cutBy(entry)
    const ended: Ended = {
      ...(refused ? { state: isGone ? 'none' : 'rejected', ...refused } : { state: 'taken' }),
      ...{ checks, ...(cut && { code: cut.code }) },
      ...(quote && { prices: { bid: quote.bid.toFixed(), ask: quote.ask.toFixed(), last: quote.last.toFixed() } }),
    }
    if (!(await endDecision(trx, agent.id, decision, ended, at)) || isGone || (!refused && !cut)) return false
    const told = { agent, decision: { ...decision, ...(entry && { entry }) } }
    const notice: AgentNotice = refused
      ? { kind: 'agent.rejected', ...told, ...refused }
      : { kind: 'agent.cut', ...told }
    const to = { conversationId: agent.conversationId, accountId: agent.accountId, at }
    await queueNotice<AgentNotice>(trx, parts, to, notice, 'outbox')
    return true
  })
  if (told) await wakeReplies(parts, [agent.conversationId])
}
