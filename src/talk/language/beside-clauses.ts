import { besideRemark, onlyAsked } from './asked-back.ts'
import type { Classification } from './classification.ts'
import { changesMoney, movesMoney } from './effect.ts'
import { namingText } from './readings.ts'
import type { Handler, Registry } from './registry.ts'
import { type Among, requestsAmong, requestsBesideSentences } from './request-among.ts'
import { readSlots, type Slots } from './slots.ts'
import type { KnowsSymbol } from './symbols.ts'
import { talkIn } from './talk.ts'
import { takenBy } from './understand.ts'

/**
 * Finds the request among the clauses of a message that was not understood as a whole: the longest part that `read` understands. Its
 * order is repeated back with the other clauses, which were left out. Undefined when there is none, or when the other clauses name
 * several symbols and the request names none.
 */
export async function besideClauses<Code extends Handler>(
  { registry, knowsSymbol }: { registry: Registry<Code>; knowsSymbol: KnowsSymbol },
  text: string,
  read: (request: string) => Promise<Classification<Code> | undefined>,
): Promise<Classification<Code> | undefined> {
  const slotsOf = (clause: string) => readSlots(namingText(registry, clause, knowsSymbol), knowsSymbol)
  for (const among of [...requestsBesideSentences(text, slotsOf), ...requestsAmong(text, slotsOf)]) {
    const talk = talkIn(among.request)
    // A question about what was done is no talk: `could you list the fills i've had lately`.
    const mayBe = talk === undefined || (talk === 'past' && asks.test(among.request))
    const found = mayBe ? await read(among.request) : undefined
    if (talk !== undefined && found && changesMoney(found.understood!.registered)) continue
    const named = found && withSymbol(found, among, slotsOf)
    if (named && saysEnough(named, among)) return onlyAsked(named)
  }
  return undefined
}

/**
 * Finds the sentence of a message that `read` understands as an order with all that it says, where the sentences around it say nothing.
 * Their words would else be taken for its slots: `buy 100 amd at the open? i'll be fast asleep`.
 */
export function besideSentences<Code extends Handler>(
  { registry, knowsSymbol }: { registry: Registry<Code>; knowsSymbol: KnowsSymbol },
  text: string,
  read: (request: string) => Classification<Code> | undefined,
): Classification<Code> | undefined {
  const slotsOf = (clause: string) => readSlots(namingText(registry, clause, knowsSymbol), knowsSymbol)
  for (const among of requestsBesideSentences(text, slotsOf)) {
    const found = talkIn(among.request) === undefined ? read(among.request) : undefined
    const isOne = found && (found.verdict === 'acts' || found.verdict === 'confirms')
    const named = isOne ? withSymbol(found, among, slotsOf) : undefined
    if (named && saysEnough(named, among)) return besideRemark(onlyAsked(named))
  }
  return undefined
}

/** Gives a request without a symbol the one that the clauses around it name: `i've lost faith in plug. could you shut the position?` */
function withSymbol<Code extends Handler>(
  found: Classification<Code>,
  { around }: Among,
  slotsOf: (clause: string) => Slots,
): Classification<Code> | undefined {
  const { registered, given, leftover, doubts } = found.understood!
  const isMoney = changesMoney(registered)
  const left = isMoney ? [...leftover, ...around] : leftover
  const understood = { registered, given, leftover: left, doubts }
  const takes = takenBy(registered)
  if (!takes.has('symbol') || (given.symbol ?? given.symbols) !== undefined) return { ...found, understood }
  const symbols = new Set(
    around.flatMap((clause) => {
      const said = slotsOf(clause)
      const isNamed = said.certainty === 'homograph' && behindWord(clause, said.given.symbol)
      const isCertain = said.certainty === 'known' || said.certainty === 'marked' || isNamed
      return isCertain ? (said.given.symbols ?? said.given.symbol ?? '').split(' ').filter(Boolean) : []
    }),
  )
  const [only, more] = symbols
  if (more !== undefined) return isMoney ? undefined : { ...found, understood }
  return { ...found, understood: only ? { ...understood, given: { ...given, symbol: only } } : understood }
}

/** Does a symbol that is also a word stand behind a word that leads to one: `i've lost faith in plug`? */
const behindWord = (clause: string, symbol = '') =>
  /^[A-Z]{2,6}$/.test(symbol) && new RegExp(`\\b(?:in|of|with|about|my|on) \\$?${symbol}\\b`, 'i').test(clause)

/** The beginning of a request to show, tell or set something. */
const asks =
  /^(?:show|give|list|tell me|send|pull|bring|draw|plot|watch|follow|add|take|put|drop|remove|mute|silence|what|how much|how many|which|can (?:i|you)|could (?:i|you)|would you|please|pls|i want|i need|i'd like|let me|where|when does|is the market|are we|do (?:i|we) have|is it (?:wise|smart|better|time)|why (?:did|have|has) (?:you|the))\b/i
/** The confidence of a command that the grammar or a model understood for certain. */
const surelyNamed = 0.79

/** Names an order something of its own, so that it is no word of talk? */
function saysEnough({ layer, understood, confidence }: Classification, { request }: Among): boolean {
  const { registered, given } = understood!
  if (!movesMoney(registered))
    return request.split(/\s+/).length > 1 && (asks.test(request) || (layer !== 'model' && confidence > surelyNamed))
  const { symbol, symbols, quantity, fraction, price, percent, dollars } = given
  if ((symbol ?? symbols ?? quantity ?? fraction ?? price ?? percent ?? dollars) !== undefined) return true
  return request.split(/\s+/).length > 2
}
