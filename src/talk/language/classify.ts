import type { CommandOption } from '../chat/door.ts'
import { numberWords } from './amounts.ts'
import { changesMoney, movesMoney } from './effect.ts'
import { englishWords, noSymbols } from './english.ts'
import { wouldLose } from './omissions.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import { settle } from './settle.ts'
import { type Given, type KnowsSymbol, readSlots, type Slots } from './slots.ts'
import { looksLikeSymbol } from './symbols.ts'
import { asksAnother, isForAnother, type Talk, talkIn } from './talk.ts'
import { timeAt } from './time.ts'
import { tokenise } from './tokens.ts'
import { type Doubt, isWhole, takenBy, type Understood, understand, unwanted } from './understand.ts'
import { slips } from './words.ts'

/** Who understood a message: the first that answers wins. */
export type Layer = 'indicator' | 'command' | 'model' | 'llm' | 'none'

/** What a model of sentences makes of a text. */
export interface Predicts {
  predict(text: string): Promise<{ command: string; confidence: number }>
  /** What is less sure than this is nothing: for what is only shown, and for what changes money. */
  thresholds?: { read: number; money: number }
}

/** What classifying needs. */
export interface Classifier<Code extends Handler = Handler> {
  registry: Registry<Code>
  knowsSymbol: KnowsSymbol
  model?: Predicts
}

/** What a message was taken for. */
export interface Classified<Code extends Handler = Handler> {
  layer: Layer
  /** Absent when it was taken for nothing. */
  understood?: Understood<Code>
  /** From 0 to 1. */
  confidence: number
  /** `acts`: it goes to the command. `confirms`: it is repeated back as a question. `refuses`: it is a command with something that it has no room for. `nothing`. */
  verdict: 'acts' | 'confirms' | 'refuses' | 'nothing'
}

/** Without thresholds of its own a model has to be this sure. */
const sureEnough = { read: 0.7, money: 0.6 }

/** So sure a model has to be before what it read is shown without a question. */
const sureToShow = 0.99

/** Takes a message for a command, layer by layer; the pending question was looked at before, and the LLM is asked after. */
export async function classify<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
): Promise<Classified<Code>> {
  const heard = hearGrammar(classifier, text)
  return heard.decided ?? classifyFurther(classifier, text, heard.partly)
}

/** What the grammar makes of a text: what it decides, or the command that it understood in part. */
export function hearGrammar<Code extends Handler>(
  { registry, knowsSymbol }: Classifier<Code>,
  text: string,
): { decided?: Classified<Code>; partly?: Understood<Code> } {
  if (isForAnother(text)) return {}
  const understood = understand(registry, text, knowsSymbol)
  const decided = understood && (byGrammar(understood, text) ?? byHomograph(understood, text, knowsSymbol))
  return decided ? { decided } : { partly: understood }
}

/** What is made of a text that the grammar did not decide. */
export async function classifyFurther<Code extends Handler>(
  classifier: Classifier<Code>,
  text: string,
  partly?: Understood<Code>,
): Promise<Classified<Code>> {
  if (isForAnother(text)) return nothing
  // A number that nothing was made of may be the size of an order: nobody guesses that away.
  if (partly?.leftover.some((word) => /\d/.test(word) || numberWords.has(word))) return nothing
  const predicted = await byModel(classifier, text, partly)
  // What is asked about has to be all that was said.
  if (predicted && losesOf(predicted.understood!, text, partly)) return nothing
  if (!predicted) return partly && !classifier.model ? inPart(partly, text) : nothing
  const { registered } = predicted.understood!
  // `close all the windows`: what is done to a thing that is no symbol of anything is nothing to the desk.
  const guessed = partly?.doubts.includes('guess') ? (partly.given.symbol ?? '') : ''
  const strange = guessed.length > 5 || (englishWords.has(guessed.toLowerCase()) && !text.includes(guessed))
  const isTalk = partly?.doubts.includes('homograph') && partly.leftover.length > 1
  // `sell low`: a symbol that nobody trades here and a word of every day is a word.
  const isWord = partly?.doubts.includes('homograph') && !classifier.knowsSymbol(partly.given.symbol ?? '')
  if ((strange || isTalk || isWord) && changesMoney(registered)) return nothing
  if (strange && partly?.registered.name !== registered.name) return { ...predicted, layer: layerOf(registered) }
  // Two that agree: the grammar named it, and its slots are better than those of the whole text.
  if (partly && registered.name === partly.registered.name)
    return {
      ...predicted,
      layer: layerOf(registered),
      understood: partly,
      // Words that say little, or that were left over, are shown nothing on without a question.
      verdict: isVague(partly) ? 'confirms' : predicted.verdict,
    }
  return predicted
}

/** Would something that was said of an order be lost if what is understood were asked about? */
function losesOf({ registered }: Understood, text: string, partly?: Understood): boolean {
  if (!movesMoney(registered)) return false
  const isSame = partly?.registered.name === registered.name
  return (
    wouldLose(text, registered.name) ||
    (isSame && (partly!.leftover.includes('if') || unwanted(partly!).some((name) => weighty.has(name))))
  )
}

const isVague = (partly: Understood) =>
  partly.leftover.length > 1 ||
  partly.leftover.includes('is') ||
  partly.doubts.includes('thin') ||
  unwanted(partly).length > 0 ||
  ((partly.given.symbol ?? partly.given.symbols) === undefined && partly.leftover.some((word) => !noSymbols.has(word)))

const nothing = { layer: 'none' as const, confidence: 0, verdict: 'nothing' as const }

/** Of what category an indicator is in the database. */
const layerOf = ({ category }: RegisteredCommand): Layer => (category === 'Indicators' ? 'indicator' : 'command')

/** With these, something else has to say the same before it counts. */
const saysLittle: ReadonlySet<Doubt> = new Set(['thin', 'homograph', 'guess', 'text'])

/** What the grammar alone can decide; undefined where words are left over or say too little. */
function byGrammar<Code extends Handler>(understood: Understood<Code>, text: string): Classified<Code> | undefined {
  const { registered, leftover, doubts } = understood
  const layer = layerOf(registered)
  const money = changesMoney(registered)
  // `watch out amd` has only words that have a meaning.
  if (!money && talkIn(text) === 'saying') return undefined
  if (isWhole(understood)) return { layer, understood, confidence: 1, verdict: 'acts' }
  if (leftover.length > 0 || doubts.some((doubt) => saysLittle.has(doubt))) return undefined
  if (unwanted(understood).length > 0 && doubts.includes('reordered')) return undefined
  // `cancel my 2pm` is no order.
  if (registered.name === 'cancel' && unwanted(understood).some((name) => name === 'time')) return undefined
  if (unwanted(understood).length > 0)
    return money
      ? { layer, understood, confidence: 0.9, verdict: 'refuses' }
      : { layer, understood, confidence: 0.9, verdict: 'acts' }
  if (doubts.includes('asked'))
    return talkIn(text) ? undefined : { layer, understood, confidence: 0.8, verdict: 'confirms' }
  // A slip is forgiven where nothing is done by it: what is only shown, and what asks anyway.
  const isHarmless = !money || asksFirst(registered, understood.given)
  return { layer, understood, confidence: 0.8, verdict: isHarmless ? 'acts' : 'confirms' }
}

const orders = new Set(['close', 'sell', 'buy', 'scaleout'])

/** `close coin at mkt`: a symbol that is traded and a word of every day, right behind an order, is asked about. */
function byHomograph<Code extends Handler>(
  understood: Understood<Code>,
  text: string,
  knows: KnowsSymbol,
): Classified<Code> | undefined {
  const { registered, given, leftover, doubts } = understood
  const isOnly = leftover.length === 0 && doubts.length === 1 && doubts[0] === 'homograph'
  if (!isOnly || !orders.has(registered.name) || !given.symbol || !knows(given.symbol) || talkIn(text)) return undefined
  return { layer: layerOf(registered), understood, confidence: 0.8, verdict: 'confirms' }
}

/** Without a model: a command with words that mean nothing is refused with a reason when it names something. */
function inPart<Code extends Handler>(understood: Understood<Code>, text: string): Classified<Code> {
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
  partly?: Understood<Code>,
): Promise<Classified<Code> | undefined> {
  if (!model || text.length > 500) return undefined
  const { command, confidence } = await model.predict(text)
  const registered = command === 'none' ? undefined : registry.byName(command.replaceAll('-', ' '))
  if (!registered) return undefined
  const isKept = changesMoney(registered)
  const money = movesMoney(registered)
  const least = model.thresholds ?? sureEnough
  // Where the grammar read the same beginning, it needs less.
  const agrees =
    partly !== undefined &&
    partly.registered.name === registered.name &&
    partly.leftover.length <= 2 &&
    !partly.doubts.some((doubt) => saysLittle.has(doubt))
  if (confidence < (money ? least.money : least.read) - (agrees ? 0.15 : 0)) return undefined
  const talk = talkOf(text, confidence)
  if (money ? isAsked(text) : asksAnother(text) && !aboutDesk.has(registered.name)) return undefined
  if (talk && (money || talk === 'saying' || talk === 'joke')) return undefined
  const { understood, isLossy, strange } = withSlots(registry, registered, text, knowsSymbol)
  if (strange) nameStrange(understood, strange)
  // `load up 3 trucks`: of something that is no symbol.
  const isSame = partly?.registered.name === registered.name
  if (strange && !isSame && ['buy', 'long', 'short'].includes(registered.name) && !takesSymbolIn(understood))
    return undefined
  if (money && isLossy && !agrees) return undefined
  const isSure = confidence >= sureToShow && !talk
  return { layer: 'model', understood, confidence, verdict: isKept || !isSure ? 'confirms' : 'acts' }
}

/** Talk that stands only behind what is wanted, `feed it out slowly, don't spook the book`, says nothing against it where the model is sure. */
function talkOf(text: string, confidence: number): Talk | undefined {
  const talk = talkIn(text)
  if (talk === undefined || talk === 'joke' || confidence < 0.9) return talk
  const [begin = ''] = text.split(/[,;](?=\s)|[.!](?=\s)|\s-+\s/)
  const isWhole = begin.length === text.length || begin.trim().split(/\s+/).length < 3
  return isWhole ? talk : talkIn(begin)
}

/** What one asks the desk about itself: `what can you do`, `why did you sell`. */
const aboutDesk = new Set(['help', 'why', 'advise', 'tasks'])

/** A question is no order, unless it asks the desk to do something. */
function isAsked(text: string): boolean {
  return /\?\s*$/.test(text) && !/\b(can|could|would|will|should|shall) (you|u|i|we)\b/i.test(text)
}

const takesSymbolIn = ({ given }: Understood) => (given.symbol ?? given.symbols) !== undefined

/** What nobody trades is refused as such: the symbol of the thread is another one. */
function nameStrange(
  { registered, given }: Understood,
  { word, isCapital, isLed }: NonNullable<Slots['strange']>,
): void {
  const isStranger = isCapital || (isLed && word.length <= 5 && looksLikeSymbol(word))
  if (isStranger && takenBy(registered).has('symbol') && (given.symbol ?? given.symbols) === undefined)
    given.symbol = word.toUpperCase()
}

/**
 * A command that something else than the grammar named, with the slots that the grammar finds anywhere in the text. Lossy:
 * there are numbers in it that the command has no room for.
 */
export function withSlots<Code extends Handler>(
  registry: Registry<Code>,
  named: RegisteredCommand<Code>,
  text: string,
  knowsSymbol: KnowsSymbol,
): { understood: Understood<Code>; isLossy: boolean; strange: Slots['strange'] } {
  const slots = readSlots(tokenise(text), knowsSymbol, timeAt)
  const { registered, given, leftover } = settle(registry, named, {
    ...slots,
    leftover: slots.leftover.filter((word) => /\d/.test(word)),
  })
  if (registered.name === 'schedule' && given.side === undefined) {
    const side = sideIn(text)
    if (side) given.side = side
  }
  const takes = takenBy(registered)
  const kept: Given = Object.fromEntries(Object.entries(given).filter(([name]) => takes.has(name)))
  const isLossy =
    leftover.some((word) => /\d/.test(word)) || Object.keys(given).some((name) => weighty.has(name) && !takes.has(name))
  return { understood: { registered, given: kept, leftover: [], doubts: [] }, isLossy, strange: slots.strange }
}

/** Slots that an order is not the same without. */
const weighty = new Set('quantity price percent stop target above below time deadline symbols'.split(' '))

const sides: [side: string, words: RegExp][] = [
  ['scaleout', /\bscal(e|ing) ?-?(me |it )?out|\bscaleout/i],
  ['buy', /\b(buy|grab|get me (\d|in)|pick up|purchase|add)\b/i],
  ['close', /\b(close|exit|get (me )?out|flatten|liquidate|bail)\b/i],
  ['sell', /\b(sell|dump|trim|unload|offload|reduce)\b/i],
]

/** Which order a text that is about a later one names. */
function sideIn(text: string): string | undefined {
  const begin = text.slice(0, 500)
  const said = sides.find(([, words]) => words.test(begin))?.[0]
  if (said) return said
  const first = tokenise(begin).tokens.find(({ word }) => ['buy', 'sell'].some((side) => isNear(word, side)))
  return first && (isNear(first.word, 'buy') ? 'buy' : 'sell')
}

const isNear = (word: string, meant: string) =>
  word.length > 1 && !englishWords.has(word) && word[0] === meant[0] && slips(word, meant) === 1

/** Does the command ask something first, whatever is open? */
export function asksFirst(registered: RegisteredCommand, given: Given): boolean {
  const { command } = registered
  const isSaid = ({ name, type }: CommandOption) =>
    given[name] !== undefined || (type === 'text' && given.rest !== undefined)
  if (command.asks) return command.asks(given)
  return changesMoney(registered) && command.options.some((option) => option.required === true && !isSaid(option))
}

/** Would it be carried out without a question? */
export function acts({ verdict, understood }: Classified): boolean {
  if (verdict !== 'acts' || !understood) return false
  return !asksFirst(understood.registered, understood.given) && !contradicts(understood.given)
}

/** Two amounts, or at the market and with a limit: a command refuses to choose. */
function contradicts({ quantity, fraction, now, price }: Given): boolean {
  return (quantity !== undefined && fraction !== undefined) || (now !== undefined && price !== undefined)
}
