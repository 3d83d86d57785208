import { playApart } from '../../backtest/runs/backtests.ts'
import type { Played, PlayTask } from '../../backtest/runs/play.ts'
import { numberSettings } from '../../backtest/settings.ts'
import { Refusal } from '../../base/refusal.ts'
import { packBars } from '../../strategies/engine/bars/packed.ts'
import { ThreadLost } from '../../strategies/engine/threads/scorers.ts'
import { worthOf } from '../../trading/accounts/worth.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { AgentNotice } from '../notices.ts'
import type { AgentParts } from '../parts.ts'
import { agentById, beginPaper as begin, noteWaits } from '../rows/agents.ts'
import type { Agent, AgentBacktest } from '../rules/agent.ts'
import { type AgentStrategy, agentStrategyOf } from '../strategies.ts'
import { agentBars } from './bars.ts'

/** Five years of days. */
const backtestBars = 1260
/** Real milliseconds until a backtest that could not be played is tried again. */
const againMs = 600_000

/**
 * Plays the backtest of an agent, keeps its figures and begins with paper, once. When the backtest cannot be played, it says why and tries
 * again later. Returns the milliseconds until then.
 */
export async function beginPaper(parts: AgentParts, agentId: number): Promise<{ again?: number }> {
  const agent = await agentById(parts.db, agentId)
  if (agent?.state !== 'backtest') return {}
  const found = await agentStrategyOf(parts, agent.strategy)
  const played = found instanceof Refusal ? found.sentence : await play(parts, agent, found)
  const at = parts.clock.now()
  const told = await parts.db.transaction().execute(async (trx) => {
    const isNew =
      typeof played === 'string'
        ? await noteWaits(trx, agentId, played, at)
        : await begin(trx, agentId, { backtest: played, lastDay: played.to }, at)
    if (!isNew) return false
    const caution = found instanceof Refusal ? undefined : found.caution
    const notice: AgentNotice =
      typeof played === 'string'
        ? { kind: 'agent.waits', agent, because: played }
        : { kind: 'agent.begins', agent, backtest: played, ...(caution !== undefined && { caution }) }
    const to = { conversationId: agent.conversationId, accountId: agent.accountId, at }
    await queueNotice<AgentNotice>(trx, parts, to, notice, 'outbox')
    return true
  })
  if (told) await wakeReplies(parts, [agent.conversationId])
  return typeof played === 'string' ? { again: againMs } : {}
}

/** The figures of the backtest over the last years, or the sentence why it cannot be played. */
async function play(parts: AgentParts, agent: Agent, { strategy }: AgentStrategy): Promise<AgentBacktest | string> {
  const bars = await agentBars(parts, agent, backtestBars)
  const missing = agent.symbols.find((symbol) => !bars?.bySymbol.has(symbol))
  if (!bars || missing !== undefined) return `${parts.runs.bars.name} has no daily bars of ${missing}.`
  const { equity } = await worthOf(parts, agent.accountId)
  const usual = Object.fromEntries(Object.entries(numberSettings).map(([name, { number }]) => [name, number.usual]))
  const task: PlayTask = {
    ...{ strategy: strategy.name, parameters: agent.parameters, symbols: agent.symbols },
    ...{ share: agent.size.toNumber(), to: bars.day },
    bars: packBars(agent.symbols.map((symbol) => bars.bySymbol.get(symbol))),
    numbers: { ...(usual as PlayTask['numbers']), ...costs, cash: Math.max(1, equity.toNumber()) },
  }
  const played = await playApart(task).catch((cause) => {
    if (!(cause instanceof ThreadLost)) throw cause
    return undefined
  })
  if (!played) return 'Its backtest took too long, or too much memory.'
  return 'refused' in played ? played.refused : figuresOf(played)
}

/** Half a spread of a basis point at each fill, as paper assumes it for recorded bars, and one of slippage. */
const costs = { spread: 1, slippage: 1 }

function figuresOf({ report }: Exclude<Played, { refused: string }>): AgentBacktest {
  const { figures, held } = report
  return {
    ...{ from: report.from, to: report.to, days: report.days, trades: figures.trades, lacking: report.lacking },
    ...{ returnPct: figures.returnPct, heldReturnPct: held.returnPct, maxDrawdownPct: figures.maxDrawdownPct },
    ...{ sharpe: figures.sharpe, winRatePct: figures.winRatePct },
  }
}
