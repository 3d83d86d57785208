import { besideRemark, onlyAsked } from './asked-back.ts'
import { askedLoosely } from './asked-loosely.ts'
import { besideClauses, besideSentences } from './beside-clauses.ts'
import { inPart, layerOf, saysLittle } from './by-grammar.ts'
import type { Classification } from './classification.ts'
import { changesMoney, movesMoney } from './effect.ts'
import { englishWords, noSymbols } from './english.ts'
import { withoutGlue } from './glued.ts'
import { withoutHead } from './head.ts'
import { type Classifier, hearGrammar, hearPlainly, hearSpoken } from './hear.ts'
import { loosened } from './loose-turns.ts'
import { losesOf } from './losses.ts'
import { namingText } from './readings.ts'
import type { Handler } from './registry.ts'
import { withoutRemark } from './remark.ts'
import { numberWords, saysAmount } from './spelled.ts'
import { spokenIn } from './spoken.ts'
import { standsForSymbol } from './stranger.ts'
import { asksAnother, asksSeveral, isAsked, isForAnother, talkIn } from './talk.ts'
import { aboutDesk, besideTalk, silencing, sureBesideTalk, sureOf, talkOf } from './talk-beside.ts'
import { emptiesBySlip, isTwo, isTypedOver, isTypedWrong, sureToRepeat } from './typed-over.ts'
import { maySaySymbol, takenBy, type UnderstoodCommand, unwanted } from './understand.ts'
import { readNumbers } from './with-numbers.ts'
import { nameStrange, wantsOut, withSlots } from './with-slots.ts'

export { acts, asksFirst } from './acts.ts'
export type { Classification, Heard, Layer, Meanings } from './classification.ts'
export { type Classifier, hearGrammar, hearSpoken } from './hear.ts'
export type { IntentPredictor } from './intent-model.ts'

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
  const loose = loosened(text)
  if (loose !== undefined) {
    const read = await classifyFurther(classifier, loose, hearGrammar(classifier, loose).partly)
    if (read.verdict !== 'nothing') return (await asTyped(classifier, text, read, partly)) ?? askedLoosely(text, read)
  }
  const sentence = besideSentences(classifier, text, (part) => hearPlainly(classifier, part).decided)
  if (sentence) return sentence
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
  return (
    before ??
    (behind === undefined ? undefined : await alone(classifier, behind, sureBesideTalk)) ??
    // The clauses of a text with a loose turn were looked at in plainer words.
    (loose === undefined
      ? await besideClauses(classifier, text, (part) => alone(classifier, part, sureBesideTalk))
      : undefined) ??
    whole
  )
}

/** A request to show something that a model understands as it was typed, as in plainer words; undefined for every other one. */
async function asTyped<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
  { understood }: Classification<Code>,
  partly?: UnderstoodCommand<Code>,
): Promise<Classification<Code> | undefined> {
  if (!understood || changesMoney(understood.registered)) return undefined
  const typed = await classifyWhole(classifier, text, partly)
  const found = typed.understood
  const isSame =
    found?.registered === understood.registered &&
    found.given.symbol === understood.given.symbol &&
    found.given.symbols === understood.given.symbols
  return isSame && typed.verdict === 'acts' ? typed : undefined
}

/** Classifies a request that stands beside a remark; undefined when it is none, or when a model is less sure of it than `least`. */
async function alone<Code extends Handler>(
  classifier: Classifier<Code>,
  request: string,
  least = 0,
): Promise<Classification<Code> | undefined> {
  const { decided, partly } = hearPlainly(classifier, request)
  const found = decided ?? (await classifyWhole(classifier, request, partly))
  const isOne = found.verdict === 'acts' || found.verdict === 'confirms'
  return isOne && found.confidence >= least ? besideRemark(found) : undefined
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
      understood: withOthers(partly, predicted.understood!),
      // Vague or leftover words always need a confirmation.
      verdict: isVague(partly) ? 'confirms' : predicted.verdict,
    }
  // What the typed command left over is not hidden behind the command that the model names: `close bynd at lunch`.
  if (partly && moves && typed === partly.registered)
    return { ...predicted, understood: { ...predicted.understood!, leftover: partly.leftover } }
  return predicted
}

/**
 * The grammar's slots with what only the model's command names: the symbol of a command about text (`turn the nvidia alerts back on`),
 * and the side of an order for later (`schedule a purchase`).
 */
function withOthers<Code extends Handler>(
  partly: UnderstoodCommand<Code>,
  { given: { symbol, side } }: UnderstoodCommand<Code>,
): UnderstoodCommand<Code> {
  const { name } = partly.registered
  const given = { ...partly.given }
  if (symbol !== undefined && maySaySymbol.has(name) && given.symbols === undefined) given.symbol ??= symbol
  if (side !== undefined && name === 'schedule') given.side ??= side
  return { ...partly, given }
}

const isVague = (partly: UnderstoodCommand) =>
  partly.leftover.length > 1 ||
  partly.leftover.includes('is') ||
  partly.doubts.includes('thin') ||
  unwanted(partly).length > 0 ||
  ((partly.given.symbol ?? partly.given.symbols) === undefined && partly.leftover.some((word) => !noSymbols.has(word)))

const nothing = { layer: 'none' as const, confidence: 0, verdict: 'nothing' as const }

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
    ((talk === 'negated' || (talk === 'saying' && /\bstop (it|that)\b/i.test(text))) &&
      registered.name === 'cancel scaleout') ||
    (talk === 'past' && registered.name === 'undo')
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
