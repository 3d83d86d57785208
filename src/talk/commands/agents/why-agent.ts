import { lastDecisions } from '../../../agents/rows/decisions.ts'
import type { Decision } from '../../../agents/rules/agent.ts'
import { Big } from '../../../base/amounts.ts'
import { momentText, priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { plain } from '../../language/words.ts'
import { agentName, decisionText, wishesText } from '../../wording/agents/words.ts'
import { reasonText } from '../../wording/not-traded.ts'
import { type Command, say } from '../command.ts'
import { agentMeant, whichAgent } from './agent-meant.ts'

/** Decisions of the reply, and numbers of each. */
const [shown, numbersShown] = [5, 8]

export const whyAgent: Command = {
  name: 'why agent',
  aliases: [],
  description: 'The last decisions of an agent, and why',
  category: 'Agents',
  position: 503,
  effect: 'reads',
  usage: 'why agent N',
  example: 'why agent 3',
  detail: `The last ${shown} decisions of an agent, taken and rejected: what it saw, its numbers, the checks, the prices, and the hashes of the bars and of the model that it decided by.`,
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'which', type: 'text', description: '3' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    const [, digits] = /^#?(\d{1,9})$/.exec(said) ?? []
    if (digits === undefined) return whichAgent(said, 'why agent 3')
    const agent = await agentMeant(hearing, Number(digits))
    if (agent instanceof Refusal) return agent
    const { db } = hearing.parts
    const ofNote = await lastDecisions(db, agent.id, shown, true)
    const decisions = ofNote.length > 0 ? ofNote : await lastDecisions(db, agent.id, shown)
    if (decisions.length === 0) return say(`🤖 ${agentName(agent)} has decided nothing yet.`)
    const texts = decisions.map((one) => textOf(one, hearing.speaker.timeZone))
    return say([`🤖 WHY — ${agentName(agent)}`, ...texts].join('\n\n'))
  },
}

/** The checks before an entry: each that fails with its figure, and how many pass. */
function entryLines({ entry, symbol }: Decision): string[] {
  if (!entry) return []
  const failing = entry.checks.filter(({ passes }) => !passes)
  const passing = entry.checks.length - failing.length
  return [
    ...failing.map((check) => `✗ ${check.code} — ${reasonText(check)}`),
    `✓ ${failing.length > 0 ? `The other ${passing}` : `All ${passing}`} checks before the entry passed`,
    ...(entry.ordered.lt(entry.wanted) && entry.ordered.gt(0)
      ? [`Largest that fits: ${quantityText(entry.ordered)} of ${quantityText(entry.wanted)} ${symbol}`]
      : []),
  ]
}

function textOf(decision: Decision, zone: string | undefined): string {
  const { day, symbol, wishes, numbers, checks, prices, close, featuresHash, modelHash, decidedAt } = decision
  const shownNumbers = Object.entries(numbers).slice(0, numbersShown)
  const more = Object.keys(numbers).length - shownNumbers.length
  const hashes = [
    ...(featuresHash === undefined ? [] : [`bars ${featuresHash.slice(0, 12)}`]),
    ...(modelHash === undefined ? [] : [`model ${modelHash.slice(0, 12)}`]),
  ]
  return [
    `${symbol} · close of ${day}${close ? ` ${priceText(close)}` : ''} · decided ${momentText(decidedAt, zone)}`,
    decisionText(decision),
    ...(wishes ? [`Wished: ${wishesText(wishes)}`] : []),
    ...(shownNumbers.length > 0
      ? [
          `Saw: ${shownNumbers.map(([name, value]) => `${name} ${value.toFixed(3)}`).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        ]
      : []),
    ...checks.flatMap(({ passes, text }) => (text === undefined ? [] : [`${passes ? '✓' : '✗'} ${text}`])),
    ...entryLines(decision),
    ...(prices ? [`Prices: bid ${priceText(new Big(prices.bid))}, ask ${priceText(new Big(prices.ask))}`] : []),
    ...(hashes.length > 0 ? [`Hashes: ${hashes.join(', ')}`] : []),
  ].join('\n')
}
