import { asksFirst } from './acts.ts'
import { besideRemark, onlyAsked } from './asked-back.ts'
import { chooseReading } from './choose-reading.ts'
import type { Classification, Heard, Layer } from './classification.ts'
import { changesMoney, movesMoney } from './effect.ts'
import { englishWords, noSymbols } from './english.ts'
import { withoutGlue } from './glued.ts'
import { withoutHead } from './head.ts'
import type { IntentPredictor } from './intent-model.ts'
import { losesOf } from './losses.ts'
import { orderNumbered } from './order-numbered.ts'
import { namingText, readingsOf, type TextReading } from './readings.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import { withoutRemark } from './remark.ts'
import type { KnowsSymbol } from './slots.ts'
import { numberWords, saysAmount } from './spelled.ts'
import { type Spoken, spokenIn } from './spoken.ts'
import { standsForSymbol } from './stranger.ts'
import { asksAnother, asksSeveral, isAsked, isForAnother, talkIn } from './talk.ts'
import { aboutDesk, besideTalk, silencing, sureBesideTalk, sureOf, talkOf } from './talk-beside.ts'
import { namesOwn } from './texts.ts'
import { emptiesBySlip, isTwo, isTypedOver, isTypedWrong, sureToRepeat } from './typed-over.ts'
import { type Doubt, isWhole, takenBy, type UnderstoodCommand, understand, unwanted } from './understand.ts'
import { readNumbers } from './with-numbers.ts'
import { nameStrange, wantsOut, withSlots } from './with-slots.ts'

export { acts, asksFirst } from './acts.ts'
export type { Classification, Heard, Layer, Meanings } from './classification.ts'
export type { IntentPredictor } from './intent-model.ts'

/** The parts that classifying needs. */
export interface Classifier<Code extends Handler = Handler> {
  registry: Registry<Code>
  knowsSymbol: KnowsSymbol
  model?: IntentPredictor
}

/** The least confidence for a model without thresholds of its own. */
const sureEnough = { read: 0.7, money: 0.6 }

/** The least confidence of a model to run a read-only command without a question. */
const sureToShow = 0.99

/** Classifies a message layer by layer. The caller checks pending questions before this and asks the LLM after it. */
export async function classify<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
): Promise<Classification<Code>> {
  const spoken = spokenIn(text)
  const heard = hearSpoken(classifier, spoken)
  return heard.decided ?? classifyFurther(classifier, spoken.text, heard.partly, spoken.hasGap)
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
  const whole = hearGrammar(classifier, text, { isTyped })
  if (isCaption && whole.decided?.understood?.registered.command.effect === 'reads') return {}
  const heard = whole.decided || isTyped ? whole : { ...whole, ...hearRequest(classifier, text) }
  if (!heard.decided && !isTyped) Object.assign(heard, hearApart(classifier, text))
  const { decided } = heard
  if (decided?.verdict !== 'acts') return heard
  const { registered, given } = decided.understood!
  // A name may be written in quotation marks: `use "swing"`.
  const isOfQuotes =
    hasQuotes && movesMoney(registered) && !registered.command.options.some(({ type }) => type === 'text')
  if (!(hasGap || isOfQuotes) || asksFirst(registered, given)) return heard
  return { decided: { ...decided, verdict: 'confirms' } }
}

/**
 * Classifies a text that the grammar did not decide: the whole, or else the request before its remark. `hasGap`: a part of it was
 * only shown, which may have been its verb, so that the rest is no order.
 */
export async function classifyFurther<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
  partly?: UnderstoodCommand<Code>,
  hasGap = false,
): Promise<Classification<Code>> {
  if (isForAnother(text)) return nothing
  if (hasGap) {
    const around = await classifyFurther(classifier, text, partly)
    return around.understood && changesMoney(around.understood.registered) ? nothing : around
  }
  const typed = await classifyWhole(classifier, text, partly)
  const apart = typed.verdict === 'nothing' ? withoutGlue(classifier.registry, text, classifier.knowsSymbol) : undefined
  const whole =
    apart === undefined
      ? typed
      : onlyAsked(await classifyWhole(classifier, apart, hearGrammar(classifier, apart).partly))
  if (whole.verdict !== 'nothing') return whole
  const request = withoutRemark(text)
  // Without a mark before the remark, only the grammar finds the request: `volume dead its august`.
  const before = request === undefined || text[request.length] === ' ' ? undefined : await alone(classifier, request)
  const behind = before ? undefined : withoutHead(text, classifier.knowsSymbol)
  return before ?? (behind === undefined ? undefined : await alone(classifier, behind, sureBesideTalk)) ?? whole
}

/** Classifies a request that stands beside a remark; undefined when it is none, or when a model is less sure of it than `least`. */
async function alone<Code extends Handler>(
  classifier: Classifier<Code>,
  request: string,
  least = 0,
): Promise<Classification<Code> | undefined> {
  const { decided, partly } = hearGrammar(classifier, request)
  const found = decided ?? (await classifyWhole(classifier, request, partly))
  const isOne = found.verdict === 'acts' || found.verdict === 'confirms'
  return isOne && found.confidence >= least ? besideRemark(found) : undefined
}

/** Reads a text whose words are written apart with the grammar. It was not understood as typed. */
function hearApart<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const apart = withoutGlue(classifier.registry, text, classifier.knowsSymbol)
  if (apart === undefined || isForAnother(text)) return {}
  const { decided } = hearGrammar(classifier, apart)
  return decided ? { decided: onlyAsked(decided) } : {}
}

/** Reads the request before a remark with the grammar. */
function hearRequest<Code extends Handler>(classifier: Classifier<Code>, text: string): Heard<Code> {
  const request = isForAnother(text) ? undefined : withoutRemark(text)
  const { decided } = request === undefined ? {} : hearGrammar(classifier, request)
  return decided?.verdict === 'acts' || decided?.verdict === 'confirms' ? { decided: besideRemark(decided) } : {}
}

/** Words and marks between two commands. */
const joined = /[,;.!] +\S|\b(and|then|plus|also|or)\b|[+&]/i

async function classifyWhole<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
  partly?: UnderstoodCommand<Code>,
): Promise<Classification<Code>> {
  // A number that was not understood may be the size of an order, so it is never ignored.
  const isDouble = partly !== undefined && isTwo(classifier.registry, text, partly)
  // `my position: long 25 amd at 230` is one command, if the model is sure of the order and nothing joins a second one.
  const mayBeOne = isDouble && !movesMoney(partly.registered) && !joined.test(text)
  const refused = () => ({
    layer: layerOf(partly!.registered),
    understood: partly!,
    confidence: 0.5,
    verdict: 'refuses' as const,
  })
  if (isDouble && !mayBeOne) return refused()
  const isVagueWord = partly?.doubts.includes('thin')
  const hasUnread = !isVagueWord && partly?.leftover.some(saysAmount) === true
  if (partly?.leftover.some((word) => numberWords.has(word))) return nothing
  const predicted = await byModel(classifier, text, partly)
  if (mayBeOne && !(predicted && predicted.confidence >= sureToRepeat && movesMoney(predicted.understood!.registered)))
    return refused()
  const typed = classifier.registry.match(text)?.registered
  if (predicted && typed && isTypedOver(text, typed, predicted.understood!, predicted.confidence, partly))
    return nothing
  // The model's command may have a place for the number, as `schedule` has for a time.
  const isOther = predicted !== undefined && predicted.understood!.registered.name !== partly?.registered.name
  if (hasUnread && !(isOther && predicted.confidence >= sureBesideTalk)) return nothing
  // A confirmation must contain everything that the message says.
  if (predicted && losesOf(predicted.understood!, text, partly)) return nothing
  const moves = predicted !== undefined && movesMoney(predicted.understood!.registered)
  if (moves && partly && isTypedWrong(classifier.registry, text, partly, predicted.confidence)) return nothing
  if (!predicted) return partly && !classifier.model ? inPart(partly, text) : nothing
  const { registered } = predicted.understood!
  // `close all the windows`: a command about a thing that is no symbol is not for the desk.
  const guessed = partly?.doubts.includes('guess') ? (partly.given.symbol ?? '') : ''
  const strange = guessed.length > 5 || (englishWords.has(guessed.toLowerCase()) && !text.includes(guessed))
  const isSure = predicted.confidence >= sureBesideTalk && takesSymbolIn(predicted.understood!)
  const isTalk = partly?.doubts.includes('homograph') && partly.leftover.length > 1 && !isSure
  // `sell low`: an everyday word counts as a word if the market has no such symbol.
  const isWord = partly?.doubts.includes('homograph') && !classifier.knowsSymbol(partly.given.symbol ?? '')
  if ((strange || isTalk || isWord) && changesMoney(registered)) return nothing
  if (strange && partly?.registered.name !== registered.name) return { ...predicted, layer: layerOf(registered) }
  // The grammar and the model agree. The grammar's slots are better than those of the whole text.
  if (partly && registered.name === partly.registered.name)
    return {
      ...predicted,
      layer: layerOf(registered),
      understood: partly,
      // Vague or leftover words always need a confirmation.
      verdict: isVague(partly) ? 'confirms' : predicted.verdict,
    }
  // What the typed command left over is not hidden behind the command that the model names: `close bynd at lunch`.
  if (partly && moves && typed === partly.registered)
    return { ...predicted, understood: { ...predicted.understood!, leftover: partly.leftover } }
  return predicted
}

const isVague = (partly: UnderstoodCommand) =>
  partly.leftover.length > 1 ||
  partly.leftover.includes('is') ||
  partly.doubts.includes('thin') ||
  unwanted(partly).length > 0 ||
  ((partly.given.symbol ?? partly.given.symbols) === undefined && partly.leftover.some((word) => !noSymbols.has(word)))

const nothing = { layer: 'none' as const, confidence: 0, verdict: 'nothing' as const }

/** The layer of a command. The database has indicators in a category of their own. */
const layerOf = ({ category }: RegisteredCommand): Layer => (category === 'Indicators' ? 'indicator' : 'command')

/** Doubts that need a second source, such as the model, before the command counts. */
const saysLittle: ReadonlySet<Doubt> = new Set(['thin', 'homograph', 'guess', 'text'])

/** Decides by the grammar alone; undefined when words are left over or say too little. */
function byGrammar<Code extends Handler>(
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
function byHomograph<Code extends Handler>(
  understood: UnderstoodCommand<Code>,
  text: string,
  knows: KnowsSymbol,
): Classification<Code> | undefined {
  const { registered, given, leftover, doubts } = understood
  const isOnly = leftover.length === 0 && doubts.length === 1 && doubts[0] === 'homograph'
  if (!isOnly || !orders.has(registered.name) || !given.symbol || !knows(given.symbol) || talkIn(text)) return undefined
  return { layer: layerOf(registered), understood, confidence: 0.8, verdict: 'confirms' }
}

/** Decides about a partly understood command without a model. It is refused with a reason only if it names something. */
function inPart<Code extends Handler>(understood: UnderstoodCommand<Code>, text: string): Classification<Code> {
  const { registered, given, leftover, doubts } = understood
  const layer = layerOf(registered)
  const names = Object.keys(given).filter((name) => name !== 'rest')
  if (talkIn(text) || doubts.some((doubt) => saysLittle.has(doubt) && doubt !== 'guess')) return nothing
  if (leftover.length > 2 || (names.length === 0 && leftover.length > 1)) return nothing
  if (!changesMoney(registered))
    return names.length > 0 ? { layer, understood, confidence: 0.6, verdict: 'acts' } : nothing
  return { layer, understood, confidence: 0.5, verdict: 'refuses' }
}

async function byModel<Code extends Handler>(
  { registry, knowsSymbol, model }: Classifier<Code>,
  text: string,
  partly?: UnderstoodCommand<Code>,
): Promise<Classification<Code> | undefined> {
  if (!model || text.length > 500) return undefined
  const predicted = await model.predict(namingText(registry, text, knowsSymbol))
  const { command, confidence } = predicted.nearest ?? predicted
  const registered = command === 'none' ? undefined : registry.byName(command.replaceAll('-', ' '))
  if (!registered) return undefined
  // No garbled word alone becomes an order: `flaten`.
  if (!partly && movesMoney(registered) && !/\s/.test(text.trim())) return undefined
  const isKept = changesMoney(registered)
  const money = movesMoney(registered)
  const least = model.thresholds ?? sureEnough
  // If the grammar found the same command, less confidence is enough.
  const agrees =
    partly !== undefined &&
    partly.registered.name === registered.name &&
    partly.leftover.length <= 2 &&
    !partly.doubts.some((doubt) => saysLittle.has(doubt))
  if (confidence < (money ? least.money : least.read) - (agrees ? 0.15 : 0)) return undefined
  const talk = await talkOf(model, text, command, confidence)
  // `keep your ears open for news on amd` asks nobody.
  const isOrderedSurely = confidence >= sureToRepeat && !text.includes('?')
  if (
    money
      ? isAsked(text)
      : !isOrderedSurely && asksAnother(text) && (asksSeveral(text) || !aboutDesk.has(registered.name))
  )
    return undefined
  const isEnding =
    (talk === 'negated' && registered.name === 'cancel scaleout') || (talk === 'past' && registered.name === 'undo')
  const isHeard = talk === undefined || isEnding || confidence >= sureOf(talk, registered.name, money)
  if (!isHeard && (money || talk === 'saying' || talk === 'joke' || talk === 'told')) return undefined
  // `don't alert amd 300`: what silences the desk may be said with a negation, and nothing else.
  if (talk === 'negated' && registered.command.effect === 'sets' && !silencing.has(registered.name)) return undefined
  const found = withSlots(registry, registered, text, knowsSymbol)
  const { understood, isOpen, strange, unknown } = found
  const isLossy = !(money && (await readNumbers(model, found))) && found.isLossy
  if (strange) nameStrange(understood, strange)
  if (emptiesBySlip(registry, text, understood)) return undefined
  // A guess must not turn a sale into its opposite.
  if (['buy', 'add'].includes(registered.name) && wantsOut(text)) return undefined
  // `load up 3 trucks`: the object is no symbol.
  const isSame = partly?.registered.name === registered.name
  if (isSame && !takesSymbolIn(understood) && partly.given.symbol) understood.given.symbol = partly.given.symbol
  if (strange && !isSame && ['buy', 'long', 'short'].includes(registered.name) && !takesSymbolIn(understood))
    return undefined
  // `sell ten of my plontir`: the unknown word stands for a symbol, so the order is for no other one.
  const isForStranger = standsForSymbol(text, isSame ? partly.leftover : unknown)
  if (isForStranger && money && takenBy(registered).has('symbol') && !takesSymbolIn(understood)) return undefined
  if ((isOpen && !takesSymbolIn(understood)) || (money && isLossy && !agrees)) return undefined
  const isSure = confidence >= sureToShow && talkIn(text) === undefined
  // Beside talk the command is only asked about, and only of somebody who speaks to the desk.
  const sureness = talk ? Math.min(confidence, besideTalk) : confidence
  return { layer: 'model', understood, confidence: sureness, verdict: isKept || !isSure ? 'confirms' : 'acts' }
}

const takesSymbolIn = ({ given }: UnderstoodCommand) => (given.symbol ?? given.symbols) !== undefined
