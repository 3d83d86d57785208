import type { Agent } from '../../../agents/rules/agent.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import { stateText } from '../../wording/agents/words.ts'
import { type Command, say } from '../command.ts'
import { agentsSeen } from './agent-meant.ts'

/** Agents that the list shows. */
const mostShown = 20

export const listAgents: Command = {
  name: 'agents',
  aliases: ['my agents', 'agent list', 'list agents'],
  description: 'Your agents that trade paper by themselves',
  category: 'Agents',
  position: 501,
  effect: 'reads',
  usage: 'agents',
  example: 'agents',
  detail: `Your agents, those at work first, up to ${mostShown}: their strategy, symbols and state. \`agent N\` shows one, \`why agent N\` its last decisions.`,
  needs: 'viewer',
  account: 'looks',
  options: [],
  async run(hearing) {
    const agents = (await agentsSeen(hearing)).slice(0, mostShown)
    if (agents.length === 0)
      return say('🤖 You have no agents yet.\n💡 `agent new trend on AAPL MSFT with sma-cross` makes one, on paper')
    const columns = columnsOf(agents)
    const text = ['🤖 YOUR AGENTS, on paper', ...linesIn(columns), `💡 \`agent ${agents[0]!.id}\` shows one`].join('\n')
    return { replies: [{ text, columns }] }
  },
}

function columnsOf(agents: Agent[]): Columns {
  return {
    columns: [
      { head: 'Agent', isAmount: true },
      { head: 'Name' },
      { head: 'Strategy' },
      { head: 'Over' },
      { head: 'State' },
      { head: 'Last close' },
    ],
    rows: agents.map((agent) => [
      cell(`${agent.id}.`),
      cell(agent.name),
      cell(agent.strategy, '· '),
      cell(agent.symbols.join(', '), '· '),
      cell(stateText(agent), '· '),
      cell(agent.lastDay, '· '),
    ]),
  }
}
