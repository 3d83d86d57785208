import type { Big } from '../../base/amounts.ts'
import { priceText, shortPercentText } from '../../base/format.ts'
import type { WatchEvent } from '../../trading/events/rules/watch-event.ts'
import type { Decision } from '../../watch/guardian/decisions.ts'
import type { GuardianAction } from '../../watch/guardian/guardian-rules.ts'
import type { GuardianNotice } from '../../watch/guardian/notices.ts'
import { type Offer, offersOf, questionIdOf } from '../../watch/guardian/offers.ts'
import { trailOutcome } from '../../watch/guardian/outcome.ts'
import type { Question } from '../chat/reply.ts'
import { headings } from './event-headings.ts'
import { watchText } from './watch-text.ts'
import type { WordingOf } from './wording-of.ts'

export const guardianWording: WordingOf<GuardianNotice> = {
  'guardian.proposed': ({ event, decision }) => ({
    text: [eventLines(event, decision.symbol), questionLine(decision), reasoningLine(decision)].join('\n'),
    question: questionOf(decision),
  }),
  'guardian.acted': ({ event, decision }) =>
    [eventLines(event, decision.symbol), `Guardian: ${decision.outcome}`, reasoningLine(decision)].join('\n'),
  'guardian.asked': ({ decision }) => ({
    text: `${questionLine(decision)}\n${reasoningLine(decision)}`,
    question: questionOf(decision),
  }),
  'guardian.held': ({ symbol }) => `✓ HOLD. ${symbol} stays as it is.`,
  'guardian.trailed': ({ symbol, ...trail }) =>
    `✓ TRAIL ${shortPercentText(trail.share)} — ${symbol}: ${trailOutcome(trail)}`,
  'guardian.missed': ({ symbol, chosen }) =>
    `⚠️ The desk was down when you chose ${chosen} for ${symbol}, and it is too late now. Nothing was done.\n💡 Look at \`positions\` and decide again`,
  'guardian.refused': ({ refusal }) => refusal.text,
  'advice.trailed': ({ symbol, ...trail }) => `✓ HOLD AND TRAIL — ${symbol}: ${trailOutcome(trail)}`,
  'advice.held': ({ symbol, stop, share, dollars }) =>
    `✓ HOLD — ${symbol}: the stop at ${priceText(stop)} trails by ${dollars ? priceText(dollars) : shortPercentText(share)} already, and stays`,
}

const keycaps = ['1️⃣', '2️⃣', '3️⃣', '4️⃣']

type Proposed = Pick<Decision, 'action' | 'amount' | 'trail'>

function questionOf(decision: Decision): Question {
  const choices = offersOf(decision).map((offer) => ({
    value: offer.action,
    label: labelOf(offer),
    ...(offer.action === 'EXIT' && { danger: true }),
  }))
  return {
    id: questionIdOf(decision),
    name: 'choice',
    kind: 'choice',
    title: `Guardian: ${decision.symbol}`,
    choices,
  }
}

const labelOf = (offer: Offer) => (offer.action === 'EXIT' ? 'EXIT now' : actionText(offer))

/** The question: `Guardian suggests: TRAIL 2% — 1️⃣ EXIT now  2️⃣ TRAIL 2%  3️⃣ HOLD`. */
export function questionLine(proposed: Proposed): string {
  const offers = offersOf(proposed).map((offer, index) => `${keycaps[index]} ${labelOf(offer)}`)
  return `Guardian suggests: ${actionText(proposed)} — ${offers.join('  ')}`
}

type Voice = Pick<Decision, 'source' | 'fallbackBecause' | 'confidence' | 'reasoning'>

/** The guardian's reasoning with its source: `💭 Guardian (rules: the model did not answer within 30 s): …`. */
function reasoningLine(voice: Voice): string {
  return isUsual(voice) ? `💭 ${voice.reasoning}` : `💭 Guardian (${sourceText(voice)}): ${voice.reasoning}`
}

/** Are rules the usual source, because no model is configured? `guardian` says so once, and no other message repeats it. */
export function isUsual({ source, fallbackBecause }: Pick<Voice, 'source' | 'fallbackBecause'>): boolean {
  return source === 'rules' && fallbackBecause === 'no model is configured'
}

/** The source of a decision: `rules: the model did not answer within 30 s`, `70% sure`. */
export function sourceText({ source, fallbackBecause, confidence }: Omit<Voice, 'reasoning'>): string {
  if (source === 'rules') return fallbackBecause ? `rules: ${fallbackBecause}` : 'rules'
  return confidence ? `${shortPercentText(confidence.round(2))} sure` : 'model'
}

/** The event as in an alert: the heading and the details. */
function eventLines(event: WatchEvent, symbol: string): string {
  return `${headings[event.type]} — ${symbol}\n${watchText(event)}`
}

/** The name of an action with its amount: `TRAIL 2%`. */
export function actionText({ action, amount }: { action: GuardianAction; amount?: Big }): string {
  const share = amount ? ` ${shortPercentText(amount)}` : ''
  return { HOLD: 'HOLD', EXIT: 'EXIT', TRIM: `TRIM${share}`, TRAIL_STOP: `TRAIL${share}` }[action]
}
