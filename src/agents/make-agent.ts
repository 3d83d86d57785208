import { Refusal } from '../base/refusal.ts'
import { lockAccountRow } from '../trading/orders/rows/working-orders.ts'
import { openPositions } from '../trading/positions/rows/positions.ts'
import { announceAgent } from './loop/announce.ts'
import type { AgentParts } from './parts.ts'
import { agentOfRequest, agentsAtWork, insertAgent, isNameTaken, type NewAgent } from './rows/agents.ts'
import type { Agent } from './rules/agent.ts'
import { agentStrategyOf } from './strategies.ts'

/** The most agents of an account at work at once, and the most symbols of one. */
export const mostAgents = 20
export const mostSymbols = 20

/**
 * Makes an agent, which begins with its backtest; asked for twice by one message, it is one. Refused with `AGENT_NOT_PAPER` for an account at
 * a broker, `AGENT_SYMBOL_TAKEN` while another agent or the member holds a symbol, `AGENT_NAME`, `TOO_MANY_AGENTS`, and as `agentStrategyOf`.
 */
export async function makeAgent(parts: AgentParts, wanted: NewAgent): Promise<Agent | Refusal> {
  const { db } = parts
  const before = await agentOfRequest(db, wanted.requestId)
  if (before) return before
  const strategy = await agentStrategyOf(parts, wanted.strategy)
  if (strategy instanceof Refusal) return strategy
  const { venue } = await parts.venues.of(wanted.accountId)
  if (venue.capabilities.isLinked) return notPaper()
  const made = await db
    .transaction()
    .execute(async (trx) => {
      await lockAccountRow(trx, wanted.accountId)
      const others = await agentsAtWork(trx, wanted.accountId)
      if (others.length >= mostAgents)
        return new Refusal(
          'TOO_MANY_AGENTS',
          `The account has ${mostAgents} agents at work, and no more. Nothing was started.`,
          '`agents` lists them; `agent N stop` ends one',
        )
      const held = new Set((await openPositions(trx, wanted.accountId)).map(({ symbol }) => symbol))
      for (const symbol of wanted.symbols) {
        const other = others.find(({ symbols }) => symbols.includes(symbol))
        if (other) return taken(`Agent ${other.id} trades ${symbol} in this account already`)
        if (held.has(symbol)) return taken(`The account has a position in ${symbol}, which would not be the agent’s`)
      }
      return insertAgent(trx, wanted, parts.clock.now())
    })
    .catch((cause: unknown) => {
      if (!isNameTaken(cause)) throw cause
      return new Refusal(
        'AGENT_NAME',
        `You have an agent called ${wanted.name} already. Nothing was started.`,
        'Choose another name; `agents` lists yours',
      )
    })
  if (made instanceof Refusal) return made
  await announceAgent(parts, made.id, 'backtest')
  return made
}

/** The refusal of an account whose money is not the desk's own paper. */
export const notPaper = (): Refusal =>
  new Refusal(
    'AGENT_NOT_PAPER',
    'Agents trade paper accounts of the desk alone: the gates to an account at a broker, and to live trading, do not exist yet. Nothing was started.',
    '`account new NAME` opens a paper account',
  )

const taken = (sentence: string) =>
  new Refusal(
    'AGENT_SYMBOL_TAKEN',
    `${sentence}. Nothing was started.`,
    'Leave the symbol out, or open an account of its own with `account new NAME`',
  )
