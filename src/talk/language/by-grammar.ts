import { asksFirst } from './acts.ts'
import type { Classification, Layer } from './classification.ts'
import { changesMoney } from './effect.ts'
import type { Handler, RegisteredCommand } from './registry.ts'
import type { KnowsSymbol } from './slots.ts'
import { talkIn } from './talk.ts'
import { type Doubt, isWhole, type UnderstoodCommand, unwanted } from './understand.ts'

/** The layer of a command. The database has indicators in a category of their own. */
export const layerOf = ({ category }: RegisteredCommand): Layer => (category === 'Indicators' ? 'indicator' : 'command')

/** Doubts that need a second source, such as the model, before the command counts. */
export const saysLittle: ReadonlySet<Doubt> = new Set(['thin', 'homograph', 'guess', 'text'])

/** Decides by the grammar alone; undefined when words are left over or say too little. */
export function byGrammar<Code extends Handler>(
  understood: UnderstoodCommand<Code>,
  text: string,
): Classification<Code> | undefined {
  const { registered, leftover, doubts } = understood
  const layer = layerOf(registered)
  const money = changesMoney(registered)
  // `watch out amd` is a saying, although all its words have a meaning.
  const talk = money || registered.command.greets ? undefined : talkIn(text)
  if (talk === 'saying' || talk === 'told') return undefined
  if (isWhole(understood)) return { layer, understood, confidence: 1, verdict: 'acts' }
  if (leftover.length > 0 || doubts.some((doubt) => saysLittle.has(doubt))) return undefined
  if (money && unwanted(understood).length > 0 && doubts.includes('reordered')) return undefined
  // `cancel my 2pm` is no order.
  if (registered.name === 'cancel' && unwanted(understood).some((name) => name === 'time')) return undefined
  // Figures for everything would be a wrong answer to `trades bynd`, and those of today to `is the market open on monday`.
  if (unwanted(understood).length > 0) return { layer, understood, confidence: 0.9, verdict: 'refuses' }
  if (doubts.includes('asked'))
    return talkIn(text) ? undefined : { layer, understood, confidence: 0.8, verdict: 'confirms' }
  // A typing error is accepted if the command only shows something or asks first.
  const isHarmless = !money || asksFirst(registered, understood.given)
  return { layer, understood, confidence: 0.8, verdict: isHarmless ? 'acts' : 'confirms' }
}

const orders = new Set(['close', 'sell', 'buy', 'scaleout'])

/** Confirms an order with a traded symbol that is also an everyday word: `close coin at mkt`. */
export function byHomograph<Code extends Handler>(
  understood: UnderstoodCommand<Code>,
  text: string,
  knows: KnowsSymbol,
): Classification<Code> | undefined {
  const { registered, given, leftover, doubts } = understood
  const isOnly = leftover.length === 0 && doubts.length === 1 && doubts[0] === 'homograph'
  if (!isOnly || !orders.has(registered.name) || !given.symbol || !knows(given.symbol) || talkIn(text)) return undefined
  return { layer: layerOf(registered), understood, confidence: 0.8, verdict: 'confirms' }
}

const nothing = { layer: 'none' as const, confidence: 0, verdict: 'nothing' as const }

/** Decides about a partly understood command without a model. It is refused with a reason only if it names something. */
export function inPart<Code extends Handler>(understood: UnderstoodCommand<Code>, text: string): Classification<Code> {
  const { registered, given, leftover, doubts } = understood
  const layer = layerOf(registered)
  const names = Object.keys(given).filter((name) => name !== 'rest')
  if (talkIn(text) || doubts.some((doubt) => saysLittle.has(doubt) && doubt !== 'guess')) return nothing
  if (leftover.length > 2 || (names.length === 0 && leftover.length > 1)) return nothing
  if (!changesMoney(registered))
    return names.length > 0 ? { layer, understood, confidence: 0.6, verdict: 'acts' } : nothing
  return { layer, understood, confidence: 0.5, verdict: 'refuses' }
}
