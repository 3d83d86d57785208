import { nyse } from '../../market/calendar.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { AgentParts } from '../parts.ts'
import { agentsAtWork } from '../rows/agents.ts'
import { agentsWithOpen } from '../rows/decisions.ts'
import { noteAnswer, noteFailure } from '../rows/standing.ts'
import type { Agent } from '../rules/agent.ts'
import { failuresLook } from '../rules/checks/state.ts'
import { paperLimits } from '../rules/limits.ts'
import { agentBars } from './bars.ts'
import { hasNoHours } from './due.ts'
import { haltBy } from './halt.ts'

/** Real milliseconds between two looks at the bars of an agent whose day should have ended: a provider is asked no more often. */
const askedEveryMs = 60_000
const madeUpEveryMs = 500

/** Looks of several workers within so many real milliseconds are one. */
const failedWithinMs = 30_000

/** The looks of one process, so that it asks for no bars in vain. */
export interface Looked {
  /** The place of a recording, or the moment of the last look by `performance.now()`. */
  places: Map<number, string>
  moments: Map<number, number>
}

export const nothingLooked = (): Looked => ({ places: new Map(), moments: new Map() })

/**
 * Puts on the clock what agents have to do: a backtest to play, a day that has ended, a decision that is not carried out. The job of the
 * same agent and day is the same job. A look for which nothing is known (`looked` is new) asks for everything, as a sweep does.
 */
export async function lookAfterAgents(parts: AgentParts, looked: Looked): Promise<void> {
  const [atWork, open] = await Promise.all([agentsAtWork(parts.db), agentsWithOpen(parts.db)])
  for (const agent of atWork) if (agent.state === 'backtest') await parts.queues.agent(agent.id, 'backtest')
  for (const id of open) await parts.queues.agent(id, 'orders')
  for (const agent of atWork) {
    if (agent.state !== 'paper' || !isDue(parts, agent, looked)) continue
    const bars = await agentBars(parts, agent, 1).catch(async (cause) => {
      parts.log.warn({ err: cause, agent: agent.id }, 'an agent has no bars now')
      await failed(parts, agent)
      return undefined
    })
    if (bars && agent.failures > 0) await noteAnswer(parts.db, agent.id)
    if (bars && bars.day > agent.lastDay!) await parts.queues.agent(agent.id, bars.day)
  }
}

/** The market did not answer. So many failures in a row halt the agent. */
async function failed(parts: AgentParts, agent: Agent): Promise<void> {
  const at = parts.clock.now()
  const isHalted = await parts.db.transaction().execute(async (trx) => {
    const failures = await noteFailure(trx, agent.id, at, failedWithinMs)
    const halting = failuresLook({ facts: { failures }, limits: paperLimits })
    if (halting.passes) return false
    return haltBy(trx, parts, agent, { ...halting, code: 'API_FAILING' }, at)
  })
  if (isHalted) await wakeReplies(parts, [agent.conversationId])
}

/** May the market have a new day for the agent? */
function isDue(parts: AgentParts, { id, lastDay }: Agent, { places, moments }: Looked): boolean {
  const replays = parts.market.replays?.() ?? []
  if (replays.length > 0) {
    const place = replays.map(({ bar }) => bar).join()
    if (places.get(id) === place) return false
    places.set(id, place)
    return true
  }
  const now = performance.now()
  const everyMs = hasNoHours(parts) ? madeUpEveryMs : askedEveryMs
  if (now - (moments.get(id) ?? Number.NEGATIVE_INFINITY) < everyMs) return false
  const last = nyse.lastSession(parts.clock.now())
  const isOver = last.close <= parts.clock.now()
  if (!hasNoHours(parts) && lastDay! >= (isOver ? last.day : nyse.lastSession(new Date(last.open.getTime() - 1)).day))
    return false
  moments.set(id, now)
  return true
}
