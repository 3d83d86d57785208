import { momentText } from '../../../base/format.ts'
import { isReadable } from '../../../trading/events/rules/stored-event.ts'
import type { WatchEvent } from '../../../trading/events/rules/watch-event.ts'
import { type Decision, lastDecisions } from '../../../watch/guardian/decisions.ts'
import { headings } from '../../wording/event-headings.ts'
import { actionText, sourceText } from '../../wording/guardian.ts'
import { watchText } from '../../wording/watch-text.ts'
import { type Command, say } from '../command.ts'
import { symbolMeant } from '../symbol.ts'

/** The number of decisions in the reply. */
const shown = 5

export const showWhy: Command = {
  name: 'why',
  aliases: [],
  phrases: [
    {
      full: `why did you, why did you sell, why did you close, why did you exit, why did you do that,
        why did guardian, why was that proposed, why was sold, why did you propose that, why did that happen,
        why was that sold, why was closed, why did sell`,
      thin: 'explain that',
    },
  ],
  description: "The guardian's last decisions about a symbol, and why",
  category: 'Guardian',
  position: 260,
  effect: 'reads',
  usage: 'why [SYMBOL]',
  example: 'why BYND',
  detail: `The guardian's last ${shown} decisions about a symbol: what it saw, what it proposed and why, who decided, how long that took, and what came of it.`,
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'symbol', type: 'symbol', description: 'Which symbol' }],
  async run(hearing, slots) {
    const { parts, speaker } = hearing
    const symbol = await symbolMeant(hearing, slots)
    if (typeof symbol !== 'string') return symbol
    const decisions = await lastDecisions(parts.db, speaker.accountId, symbol, shown)
    if (decisions.length === 0) return say(`🧭 The guardian has decided nothing about ${symbol} yet.`)
    return say([`🧭 WHY — ${symbol}`, ...decisions.map((one) => decisionText(one, speaker.timeZone))].join('\n\n'))
  },
}

function decisionText(decision: Awaited<ReturnType<typeof lastDecisions>>[number], zone?: string): string {
  const event = decision.event as WatchEvent
  const took = decision.latencyMs < 1000 ? `${decision.latencyMs} ms` : `${(decision.latencyMs / 1000).toFixed(1)} s`
  const who = decision.source === 'llm' ? `${sourceText(decision)} · ${decision.model}` : sourceText(decision)
  return [
    `${momentText(decision.decidedAt, zone)} · ${headings[event.type] ?? event.type}`,
    isReadable(event) ? watchText(event) : 'What was seen cannot be read any more',
    `${actionText(decision)} (${who} · ${took}): ${decision.reasoning}`,
    `→ ${cameOf(decision)}`,
  ].join('\n')
}

function cameOf({ state, outcome, chosen: action, amount, trail }: Decision): string {
  const what = outcome ? `: ${outcome}` : ''
  const chosen =
    action &&
    actionText({ action, amount: { TRAIL_STOP: trail, TRIM: amount, EXIT: undefined, HOLD: undefined }[action] })
  switch (state) {
    case 'proposed':
      return 'asked, no answer yet'
    case 'accepted':
      return `you chose ${chosen}; under way`
    case 'acted':
      return `${chosen ? `you chose ${chosen}` : 'done by itself'}${what}`
    case 'declined':
      return `you chose ${chosen}${what}`
    case 'expired':
      return `expired${what}`
    case 'refused':
      return `${chosen ? `you chose ${chosen}; ` : ''}not done${what}`
  }
}
