import type { Big } from '../../base/amounts.ts'
import type { Choice } from '../../talk/chat/reply.ts'
import { headings, type WatchEvent, watchText } from '../../trading/events/rules/watch-event.ts'
import type { Decision } from './decisions.ts'
import type { GuardianAction } from './guardian-rules.ts'

const keycaps = ['1️⃣', '2️⃣', '3️⃣', '4️⃣']

/** One thing that a member can choose. */
export interface Offer {
  action: GuardianAction
  /** `TRAIL 2%` */
  label: string
}

/** A share of one in percent, short: `2%`, `2.5%`. */
export function shortPercent(share: Big): string {
  return `${share.times(100).round(2).toFixed()}%`
}

type Proposed = Pick<Decision, 'action' | 'amount' | 'trail'>

/** What is offered: always EXIT and HOLD, TRAIL where a stop can trail, and TRIM when it is proposed. */
export function offersOf({ action, amount, trail }: Proposed): Offer[] {
  const offers: Offer[] = [{ action: 'EXIT', label: 'EXIT now' }]
  if (action === 'TRIM' && amount) offers.push({ action, label: `TRIM ${shortPercent(amount)}` })
  if (trail) offers.push({ action: 'TRAIL_STOP', label: `TRAIL ${shortPercent(trail)}` })
  return [...offers, { action: 'HOLD', label: 'HOLD' }]
}

/** The offers as choices of a question. */
export function choicesOf(offers: Offer[]): Choice[] {
  return offers.map(({ action, label }) => ({ value: action, label }))
}

const asks: Record<GuardianAction, string> = { EXIT: 'get out?', TRAIL_STOP: 'tighten?', TRIM: 'trim?', HOLD: 'hold?' }

/** The question: `Guardian: tighten? 1️⃣ EXIT now  2️⃣ TRAIL 2%  3️⃣ HOLD`. */
export function questionLine(proposed: Proposed): string {
  const offers = offersOf(proposed).map(({ label }, index) => `${keycaps[index]} ${label}`)
  return `Guardian: ${asks[proposed.action]} ${offers.join('  ')}`
}

type Voice = Pick<Decision, 'source' | 'fallbackBecause' | 'confidence' | 'reasoning'>

/** Who says why: `💭 Guardian (rules: the model did not answer within 30 s): …`, or how sure the model is. */
export function reasoningLine(voice: Voice): string {
  return `💭 Guardian (${sourceText(voice)}): ${voice.reasoning}`
}

/** Where a decision came from: `rules: the model did not answer within 30 s`, `70% sure`. */
export function sourceText({ source, fallbackBecause, confidence }: Omit<Voice, 'reasoning'>): string {
  if (source === 'rules') return fallbackBecause ? `rules: ${fallbackBecause}` : 'rules'
  return confidence ? `${shortPercent(confidence.round(2))} sure` : 'model'
}

/** The event as the channel hears it: its heading and what was seen. */
export function eventLines(event: WatchEvent, symbol: string): string {
  return `${headings[event.type]} — ${symbol}\n${watchText(event)}`
}

/** What an action with its amount is called: `TRAIL 2%`. */
export function actionText({ action, amount }: { action: GuardianAction; amount?: Big }): string {
  const share = amount ? ` ${shortPercent(amount)}` : ''
  return { HOLD: 'HOLD', EXIT: 'EXIT', TRIM: `TRIM${share}`, TRAIL_STOP: `TRAIL${share}` }[action]
}

const longestReasoning = 300

/** What a model said, as one line that cannot look like anything else: no control characters, marks of direction or links. */
export function plainReasoning(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, '(link)')
    .trim()
  return line.length > longestReasoning ? `${line.slice(0, longestReasoning - 1).trimEnd()}…` : line
}
