import { asksFirst } from './acts.ts'
import { besideRemark, onlyAsked } from './asked-back.ts'
import { askedLoosely } from './asked-loosely.ts'
import { withHours } from './bare-hours.ts'
import { byGrammar, byHomograph } from './by-grammar.ts'
import { chooseReading } from './choose-reading.ts'
import type { Heard } from './classification.ts'
import { contradictionIn } from './contradictions.ts'
import { movesMoney } from './effect.ts'
import { withoutGlue } from './glued.ts'
import type { IntentPredictor } from './intent-model.ts'
import { loosened } from './loose-turns.ts'
import { orderNumbered } from './order-numbered.ts'
import { readingsOf, type TextReading } from './readings.ts'
import type { Handler, Registry } from './registry.ts'
import { withoutRemark } from './remark.ts'
import type { KnowsSymbol } from './slots.ts'
import type { Spoken } from './spoken.ts'
import { isForAnother } from './talk.ts'
import { namesOwn } from './texts.ts'
import { understand } from './understand.ts'

/** The parts that classifying needs. */
export interface Classifier<Code extends Handler = Handler> {
  registry: Registry<Code>
  knowsSymbol: KnowsSymbol
  model?: IntentPredictor
}

/** Reads a text with the grammar, in each way that its words allow. `isTyped`: it has the options of a platform's command. */
export function hearGrammar<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
  { isTyped = false } = {},
): Heard<Code> {
  if (isForAnother(text)) return {}
  if (isTyped) return hearReading(classifier, { text, taken: [], named: [] })
  const { registry, knowsSymbol } = classifier
  const numbered = orderNumbered(registry, text)
  if (numbered) return { decided: numbered }
  // `token new att trade`, `use delta`: a name that people give to things of theirs is no symbol.
  if (namesOwn(registry, text)) return hearReading(classifier, { text, taken: [], named: [] })
  return chooseReading(readingsOf(registry, text, knowsSymbol), (reading) => hearReading(classifier, reading))
}

/** Reads a text in one way. */
function hearReading<Code extends Handler>(
  { registry, knowsSymbol }: Classifier<Code>,
  { text, taken, named }: TextReading,
): Heard<Code> {
  const understood = understand(registry, text, knowsSymbol)
  if (!understood) return {}
  const { symbol, symbols = symbol } = understood.given
  const doubtful = [...named, ...taken.flatMap((one) => (one.kind === 'small' ? [one.symbol] : []))]
  if (symbols?.split(' ').some((one) => doubtful.includes(one))) understood.doubts.push('named')
  const contradiction = contradictionIn(text, understood.registered.name)
  if (contradiction !== undefined) understood.leftover.push(contradiction)
  const decided = byGrammar(understood, text) ?? byHomograph(understood, text, knowsSymbol)
  return decided ? { decided } : { partly: understood }
}

/**
 * Reads what a person says with the grammar. Beside words that were left out or stand in quotation marks, a command is repeated
 * back and not carried out.
 */
export function hearSpoken<Code extends Handler>(
  classifier: Classifier<Code>,
  { text, hasGap, hasQuotes, isTyped, isCaption }: Spoken,
): Heard<Code> {
  const timed = isTyped ? {} : hearTimed(classifier, text)
  const whole = timed.decided ? timed : hearGrammar(classifier, text, { isTyped })
  if (isCaption && whole.decided?.understood?.registered.command.effect === 'reads') return {}
  const heard = whole.decided || isTyped ? whole : { ...whole, ...hearRequest(classifier, text) }
  if (!heard.decided && !isTyped) Object.assign(heard, hearApart(classifier, text))
  // `tighten up the amd stop` and `shout if nio breaks 7.5` have no typing error, if plainer words say something else.
  const isSlip = heard.decided?.understood?.doubts.includes('slip') === true
  if ((isSlip || (heard.decided?.verdict ?? 'refuses') === 'refuses') && !isTyped) {
    const { decided = heard.decided } = hearLoosely(classifier, text)
    if (isSlip && decided?.verdict === 'refuses' && loosened(text) !== undefined) return { partly: decided.understood! }
    if (decided) Object.assign(heard, { decided })
  }
  const { decided } = heard
  if (decided?.verdict !== 'acts') return heard
  const { registered, given } = decided.understood!
  // A name may be written in quotation marks: `use "swing"`.
  const isOfQuotes =
    hasQuotes && movesMoney(registered) && !registered.command.options.some(({ type }) => type === 'text')
  if (!(hasGap || isOfQuotes) || asksFirst(registered, given)) return heard
  return { decided: { ...decided, verdict: 'confirms' } }
}

/** Reads a text whose words are written apart with the grammar. It was not understood as typed. */
function hearApart<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const apart = withoutGlue(classifier.registry, text, classifier.knowsSymbol)
  if (apart === undefined || isForAnother(text)) return {}
  const { decided } = hearGrammar(classifier, apart)
  return decided ? { decided: onlyAsked(decided) } : {}
}

/** Reads a text with the grammar, and if it does not understand it, once more in plainer words; such an order is asked about. */
export function hearPlainly<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const heard = hearGrammar(classifier, text)
  return heard.decided ? heard : { ...heard, ...hearLoosely(classifier, text) }
}

/** Reads a text with the grammar in plainer words than its writer used. */
function hearLoosely<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const loose = loosened(text)
  if (loose === undefined || isForAnother(text)) return {}
  const decided = hearGrammar(classifier, loose).decided ?? hearRequest(classifier, loose).decided
  return decided?.verdict === 'acts' || decided?.verdict === 'confirms' ? { decided: askedLoosely(text, decided) } : {}
}

/** Reads an hour without a mark at the beginning of an order for later, which is no price: `at 2 buy 400 uber`. */
function hearTimed<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const timed = withHours(text)
  if (timed === undefined || isForAnother(text)) return {}
  const { decided } = hearGrammar(classifier, timed)
  return decided?.understood?.registered.name === 'schedule' ? { decided: onlyAsked(decided) } : {}
}

/** Reads the request before a remark with the grammar. */
function hearRequest<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const request = isForAnother(text) ? undefined : withoutRemark(text)
  const { decided } = request === undefined ? {} : hearGrammar(classifier, request)
  return decided?.verdict === 'acts' || decided?.verdict === 'confirms' ? { decided: besideRemark(decided) } : {}
}
