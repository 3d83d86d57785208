import { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Quote } from '../../market/market.ts'
import { enterPosition } from '../../trading/orders/enter.ts'
import { findOrder } from '../../trading/orders/rows/orders.ts'
import { openPosition } from '../../trading/positions/rows/positions.ts'
import type { EntryLevel } from '../../trading/protection/rows/entry-levels.ts'
import type { AgentParts } from '../parts.ts'
import { isOwnPosition } from '../rows/own-positions.ts'
import { type Agent, type Decision, orderIdOf, type Plan } from '../rules/agent.ts'
import { agentStrategyOf } from '../strategies.ts'
import { barsToCheck, checkEntry, type ToCheck } from './check-entry.ts'
import { notIts } from './decide-day.ts'
import { againMs, isLate, isPassing, type Leg, legOf, sentAtLast, tell, tooLate, type Waiting } from './legs.ts'

/**
 * Opens a position, or adds to the agent's own, as far as the checks before an order of an agent allow: they decide under the lock of the
 * account, and the desk's own gate comes after them.
 */
export async function enter(
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
  const lot = parts.market.instrument(symbol)?.lot ?? new Big(1)
  const bars = await barsToCheck(parts, agent, symbol)
  const found = await agentStrategyOf(parts, agent.strategy, decision.day)
  const strategy = found instanceof Refusal ? undefined : found
  const toCheck: ToCheck = {
    ...{ agent, decision, order: { symbol, side, quantity, lot }, bars },
    ...{ quote: quote!, ...(stopShare !== undefined && { stopShare }), ...(strategy && { strategy }) },
  }
  let byCheck: Refusal | undefined
  const done = await tell(parts, agent, () =>
    enterPosition(parts, {
      ...{ clientOrderId, accountId: agent.accountId, memberId: agent.memberId, conversationId: agent.conversationId },
      ...{ symbol, side, quantity, levels: levelsOf(stopShare, targetShare) },
      async sized(trx, at) {
        // Another process has written it meanwhile, with its checks: what is written here ends with this transaction.
        if (await findOrder(trx, clientOrderId)) return quantity
        const sized = await checkEntry(trx, parts, toCheck, at)
        byCheck = sized instanceof Refusal ? sized : undefined
        return sized
      },
    }),
  )
  if (!done || (await findOrder(db, clientOrderId))) return { ordered: true }
  if (done === byCheck && !isPassing(done)) return { code: done.code }
  return legOf(done)
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
