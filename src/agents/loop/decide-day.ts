import { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import { type Worth, worthOf } from '../../trading/accounts/worth.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { unrealizedPnl } from '../../trading/positions/rules/position.ts'
import { type Decided, decide, type Seen } from '../decisions/decide.ts'
import type { AgentNotice } from '../notices.ts'
import type { AgentParts } from '../parts.ts'
import { agentById, lockAgent, noteDay } from '../rows/agents.ts'
import { decisionsAbout, keepDecisions, refuseLate } from '../rows/decisions.ts'
import { isOwnPosition, madeBy } from '../rows/own-positions.ts'
import { broughtInto, noteBases } from '../rows/standing.ts'
import type { Agent, Decision } from '../rules/agent.ts'
import { lossFacts } from '../rules/bases.ts'
import { haltsOf, type Reason } from '../rules/checks/state.ts'
import { paperLimits } from '../rules/limits.ts'
import { planOf } from '../rules/plan.ts'
import { type AgentStrategy, agentStrategyOf } from '../strategies.ts'
import { type AgentBars, agentBars, warmupOf } from './bars.ts'
import { isWhole } from './due.ts'
import { haltBy } from './halt.ts'

/**
 * Decides after the close of the newest finished day, once, whatever process does it and however often. Days before it that no process
 * was there for are kept as missed. A paused agent misses its days, too.
 */
export async function decideDay(parts: AgentParts, agentId: number): Promise<void> {
  const { db } = parts
  const agent = await agentById(db, agentId)
  if (agent?.state !== 'paper') return
  const found = await agentStrategyOf(parts, agent.strategy, agent.lastDay)
  const strategy = found instanceof Refusal ? undefined : found
  const kept = new Map(
    await Promise.all(
      agent.symbols.map(async (symbol) => [symbol, await decisionsAbout(db, agentId, symbol)] as const),
    ),
  )
  const since = Math.max(...[...kept.values()].map(({ length }) => length))
  const warmup = strategy ? warmupOf(strategy.strategy, agent.parameters) : 0
  const bars = await agentBars(parts, agent, warmup + since + spareBars, strategy?.strategy)
  if (!bars || bars.day <= agent.lastDay! || !isWhole(parts, agent, bars)) return
  const { day } = bars
  const look = await lookAt(parts, agent, bars)
  const missed = missedDays(agent, bars)
  const rule = await agentStrategyOf(parts, agent.strategy, day)
  const decided = agent.symbols.map((symbol) => {
    const before = [
      ...kept.get(symbol)!,
      ...missed.map((one) => missedOn(one, symbol, look, 'MISSED', parts.clock.now())),
    ]
    return decisionOn({ agent, symbol, day, bars, look, rule, before, at: parts.clock.now() })
  })
  const decisions = decided.map(({ decision }) => decision)
  const conversation = await db.transaction().execute(async (trx) => {
    const locked = await lockAgent(trx, agentId)
    // Another worker was faster, or a member stopped or paused it meanwhile: then the next look sees it.
    if (locked?.state !== 'paper' || locked.lastDay !== agent.lastDay) return undefined
    if ((locked.pausedAt === undefined) !== (agent.pausedAt === undefined)) return undefined
    const at = parts.clock.now()
    const gone = missed.flatMap((one) => agent.symbols.map((symbol) => missedOn(one, symbol, look, 'MISSED', at)))
    await keepDecisions(trx, agentId, [...gone, ...decisions])
    await refuseLate(trx, agentId, day, at)
    await noteDay(trx, agentId, day)
    const halting = await lossesOf(trx, locked, look, missed.length === 0)
    if (agent.pausedAt) return undefined
    const notice: AgentNotice = {
      kind: 'agent.day',
      ...{ agent, day, decisions, missed, equity: look.equity },
      ...(await madeBy(trx, agentId)),
      dayBefore: equityBefore([...kept.values()]),
      differences: decided.flatMap(({ decision: { symbol }, difference }) =>
        difference ? [{ symbol, ...difference }] : [],
      ),
    }
    const to = { conversationId: agent.conversationId, accountId: agent.accountId, at }
    await queueNotice<AgentNotice>(trx, parts, to, notice, 'outbox')
    if (halting) await haltBy(trx, parts, agent, halting, at)
    return agent.conversationId
  })
  if (conversation !== undefined) await wakeReplies(parts, [conversation])
}

/**
 * Notes the equity from which the losses of the next day count. Returns the loss that halts the agent, if there is one: that of the day,
 * when it saw the close before, and the fall from the peak.
 */
async function lossesOf(trx: Trx, agent: Agent, { equity }: Look, sawLast: boolean): Promise<Reason | undefined> {
  const brought = await broughtInto(trx, agent.accountId)
  const facts = lossFacts(sawLast ? agent : { ...agent, opening: undefined }, { equity, brought })
  await noteBases(trx, agent.id, { peak: facts.peak, opening: equity, brought })
  return haltsOf(facts, paperLimits)[0]
}

/** Further bars, for a calendar that has days which a symbol has not. */
const spareBars = 10

/** The account at the close: its equity with the agent's symbols at their closes, and the positions in these. */
interface Look {
  equity: Big
  held: Map<string, { quantity: Big; isOwn: boolean }>
  closes: Map<string, Big>
}

async function lookAt(parts: AgentParts, agent: Agent, { bySymbol, day }: AgentBars): Promise<Look> {
  const worth = await worthOf(parts, agent.accountId)
  const closes = new Map<string, Big>()
  for (const [symbol, { days, close }] of bySymbol)
    if (days.at(-1) === day) closes.set(symbol, new Big(String(close.at(-1))))
  const held = new Map<string, { quantity: Big; isOwn: boolean }>()
  for (const { position } of worth.marked)
    if (agent.symbols.includes(position.symbol))
      held.set(position.symbol, {
        quantity: position.signedQuantity,
        isOwn: await isOwnPosition(parts.db, agent.id, position.id),
      })
  return { equity: equityAtCloses(worth, closes), held, closes }
}

/** The equity in dollars, to the cent: a decision does not hang on how far the next day has come when it is made. */
function equityAtCloses({ equity, marked }: Worth, closes: ReadonlyMap<string, Big>): Big {
  return marked
    .reduce((sum, { position, unrealized }) => {
      const close = closes.get(position.symbol)
      if (!close) return sum
      return sum.minus(unrealized ?? 0).plus(unrealizedPnl(position, close))
    }, equity)
    .round(2)
}

/** The finished days behind the last one that was decided after, before the newest. */
function missedDays({ lastDay = '' }: Agent, { bySymbol, day }: AgentBars): string[] {
  const days = new Set([...bySymbol.values()].flatMap((bars) => bars.days.filter((one) => one > lastDay && one < day)))
  return [...days].sort()
}

/** A day after which the strategy was not asked: it saw the account as it is now, which is all that is known of it. */
function missedOn(day: string, symbol: string, { equity, held }: Look, code: string, decidedAt: Date): Decision {
  const quantity = held.get(symbol)?.quantity ?? new Big(0)
  return { day, symbol, state: 'missed', code, quantity, equity, numbers: {}, checks: [], decidedAt }
}

interface Asked {
  agent: Agent
  symbol: string
  day: string
  bars: AgentBars
  look: Look
  rule: AgentStrategy | Refusal
  before: Decision[]
  at: Date
}

/** The decision about a symbol, and the first earlier one that would be another now. */
function decisionOn({ agent, symbol, day, bars, look, rule, before, at }: Asked): {
  decision: Decision
  difference?: Decided['difference']
} {
  const held = look.held.get(symbol)
  const quantity = held?.quantity ?? new Big(0)
  const close = look.closes.get(symbol)
  const seen = { day, symbol, quantity, equity: look.equity, ...(close && { close }), decidedAt: at }
  const unasked = { ...seen, numbers: {}, checks: [] }
  if (agent.pausedAt) return { decision: { ...unasked, state: 'missed', code: 'PAUSED' } }
  if (!close) return { decision: { ...unasked, state: 'missed', code: 'NO_BARS' } }
  const refuse = (code: string, because: string) => ({
    decision: {
      ...unasked,
      state: 'rejected' as const,
      code,
      because,
      checks: [{ code, passes: false, text: because }],
    },
  })
  if (rule instanceof Refusal) return refuse(rule.code, rule.sentence)
  if (held && !held.isOwn) return refuse('NOT_ITS_POSITION', notIts(symbol))
  const { strategy, modelHash, onlyExits } = rule
  const columns: Columns = bars.bySymbol.get(symbol)!
  const input = { strategy, parameters: agent.parameters, bars: columns, ...(bars.market && { market: bars.market }) }
  const made = decide(input, [...before.map(seenOf), seenOf(unasked as unknown as Decision)])
  if (!made)
    return refuse('TOO_FEW_BARS', `The market has ${columns.days.length} daily bars of ${symbol}, too few to decide`)
  const { wishes, numbers, featuresHash, difference } = made
  const told = { ...seen, wishes, numbers, featuresHash, ...(modelHash && { modelHash }) }
  const plan = planOf(wishes, {
    ...{ quantity: quantity.toNumber(), equity: look.equity.toNumber() },
    ...{ close: close.toNumber(), size: agent.size.toNumber() },
  })
  const end = { ...(difference && { difference }) }
  if (typeof plan === 'string')
    return { decision: { ...told, state: 'rejected', code: 'UNFIT_WISH', because: plan, checks: [] }, ...end }
  if (!plan) return { decision: { ...told, state: 'none', checks: [] }, ...end }
  if (!plan.enter || !onlyExits) return { decision: { ...told, plan, state: 'wanted', checks: [] }, ...end }
  const { code, because } = onlyExits
  const checks = [{ code, passes: false, text: because }]
  if (!plan.exit) return { decision: { ...told, state: 'rejected', code, because, checks }, ...end }
  return { decision: { ...told, plan: { exit: plan.exit }, state: 'wanted', checks }, ...end }
}

/** The words about a position that somebody else has opened, or added to. */
export const notIts = (symbol: string): string =>
  `The position in ${symbol} is not its own: somebody else has opened it or added to it, so it is left alone`

const seenOf = ({ day, quantity, equity, close, wishes }: Decision): Seen => ({
  ...{ day, quantity: quantity.toNumber(), equity: equity.toNumber() },
  ...(close && { close: close.toNumber() }),
  ...(wishes && { wishes }),
})

/** The equity at the close before, as the last rows have it. */
function equityBefore(kept: Decision[][]): Big | undefined {
  return kept.flatMap((rows) => rows.slice(-1)).sort((a, b) => (a.day < b.day ? 1 : -1))[0]?.equity
}
