import { type AgentChange, type ChangedAgent, changeAgent } from '../../../agents/change-agent.ts'
import { lastDecisions } from '../../../agents/rows/decisions.ts'
import { isOwnPosition, madeBy } from '../../../agents/rows/own-positions.ts'
import type { Agent } from '../../../agents/rules/agent.ts'
import { momentText, profitText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { markedPositions } from '../../../trading/positions/marked.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { plain } from '../../language/words.ts'
import { backtestText } from '../../wording/agents/agents.ts'
import { agentName, decisionText, stateText, termsText } from '../../wording/agents/words.ts'
import { reasonText } from '../../wording/not-traded.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { agentMeant, isOwner, whichAgent } from './agent-meant.ts'
import { listAgents } from './agents.ts'

const changes: Record<string, AgentChange> = {
  ...{ pause: 'pause', rest: 'pause', resume: 'resume', 'go on': 'resume', stop: 'stop', end: 'stop' },
}

export const oneAgent: Command = {
  name: 'agent',
  aliases: [],
  description: 'Show an agent, or pause, resume or stop it',
  category: 'Agents',
  position: 502,
  effect: 'governs',
  exits: 'always',
  usage: 'agent N [pause | resume | stop]',
  example: 'agent 3 pause',
  detail:
    'Shows an agent: its strategy, its backtest, what it holds and has made, and its last decisions. Paused it decides nothing, and the days are kept as missed; what it holds stays, with its stops and targets, and `resume` lets it go on with the next close. An agent that a check has halted is resumed by an owner of the desk alone. Stopped it never goes on. Its positions stay open until you close them.',
  needs: 'trader',
  account: 'changes',
  options: [{ name: 'which', type: 'text', description: '3, 3 pause, 3 stop' }],
  asks: () => false,
  async run(hearing, slots) {
    const said = plain(slots.words.rest ?? '')
    const [, digits, change] = /^#?(\d{1,9})(?: (.+))?$/.exec(said) ?? []
    if (digits === undefined)
      return said === '' || said === 'list' ? listAgents.run(hearing, slots) : whichAgent(said, 'agent 3')
    const wanted = change === undefined ? undefined : changes[change]
    const agent = await agentMeant(hearing, Number(digits), wanted === 'resume')
    if (agent instanceof Refusal) return agent
    if (change === undefined) return show(hearing, agent)
    if (!wanted) return whichAgent(change, `agent ${digits} pause`)
    const changed = await changeAgent(hearing.parts, agent.id, wanted, isOwner(hearing))
    return changed instanceof Refusal ? changed : say(changedText(changed, wanted))
  },
}

function changedText({ agent, isNew, open }: ChangedAgent, change: AgentChange): string {
  const name = agentName(agent)
  const already = isNew ? '' : ' already'
  const stays = open.map((position) => positionText(position))
  const held =
    stays.length > 0 ? [`Stays open with its stops and targets: ${stays.join(', ')}. \`close SYMBOL\` closes it`] : []
  switch (change) {
    case 'pause':
      return [
        `⏸️ ${name} is paused${already}: it decides nothing and opens nothing.`,
        ...held,
        `💡 \`agent ${agent.id} resume\` lets it go on`,
      ].join('\n')
    case 'resume':
      return isNew ? `▶️ ${name} goes on after the next close.` : `▶️ ${name} was not paused.`
    case 'stop':
      return [`🛑 ${name} is stopped${already}, and does not go on.`, ...held].join('\n')
  }
}

/** Decisions that are shown. */
const shown = 5

async function show({ parts, speaker }: Hearing, agent: Agent): Promise<Outcome> {
  const [{ realized, orders }, decisions, marked] = await Promise.all([
    madeBy(parts.db, agent.id),
    lastDecisions(parts.db, agent.id, shown, true),
    markedPositions(parts, agent.accountId),
  ])
  const own: string[] = []
  for (const { position, unrealized } of marked)
    if (agent.symbols.includes(position.symbol) && (await isOwnPosition(parts.db, agent.id, position.id)))
      own.push([positionText(position), ...(unrealized ? [`P&L ${profitText(unrealized)}`] : [])].join(' · '))
  const lines = [
    `🤖 ${agentName(agent)} · ${stateText(agent)}`,
    termsText(agent),
    `Made ${momentText(agent.madeAt, speaker.timeZone)}${agent.lastDay === undefined ? '' : ` · last close ${agent.lastDay}`}`,
    ...(agent.halt
      ? [
          `🛑 Halted ${momentText(agent.halt.at, speaker.timeZone)}: ${agent.halt.by.code} — ${reasonText(agent.halt.by, 'is')}. It opens nothing until an owner says \`agent ${agent.id} resume\``,
        ]
      : []),
    ...(agent.because === undefined ? [] : [`⚠️ ${agent.because}`]),
    ...(agent.backtest ? [backtestText(agent.backtest)] : []),
    `${orders} ${orders === 1 ? 'order' : 'orders'} filled · ${profitText(realized)} realized`,
    ...own,
    ...decisions.map((one) => `${one.day} ${one.symbol}: ${decisionText(one)}`),
    `💡 \`why agent ${agent.id}\` shows its decisions in full`,
  ]
  return say(lines.join('\n'))
}
