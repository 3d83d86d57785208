import { isPair, mostNameWords } from '../../market/names.ts'
import { fractionAt } from './amounts.ts'
import { clipped } from './clipped.ts'
import { englishWords, noSymbols, shouted } from './english.ts'
import { speedAt } from './paces.ts'
import { isBroker, isLastOfTwo, isNumber, joins, type Piece } from './pieces.ts'
import { openingsOf } from './politeness.ts'
import type { Handler, Registry } from './registry.ts'
import { levelWords, nowWords, sidesOfPrice } from './slot-words.ts'
import { type KnowsSymbol, symbolIn } from './symbols.ts'
import { wellKnownTickers } from './tickers.ts'
import { isShouted, type Token, tokenise } from './tokens.ts'
import { takenBy } from './understand.ts'
import { fillsSlot, smallWords, wordSymbols } from './word-symbols.ts'

/** A word of a message that may be a symbol although it has another meaning. */
export interface DoubtfulWord {
  word: string
  symbol: string
  /**
   * `capital`: it is in capitals, and the market has it. `shouted`: so is the whole message. `small`: small letters, in the place
   * of a symbol. `unknown`: in the place of a symbol, but the market does not have it.
   */
  kind: 'capital' | 'shouted' | 'small' | 'unknown'
  /** It stands beside a symbol in a list of them. */
  isJoined?: boolean
}

/** One way to read a message: as a text in which a dollar sign marks what is taken for a symbol. */
export interface TextReading {
  text: string
  /** The doubtful words that this reading takes for symbols. */
  taken: DoubtfulWord[]
  /** The symbols of names in the text, as in `buy 10 palantir`. */
  named: string[]
}

/** A text with its doubtful words, and a way to take some of them for symbols. Names and pairs are marked in every reading. */
export interface Readings {
  doubtful: DoubtfulWord[]
  taking(words: DoubtfulWord[]): TextReading
}

/** Is a word a number or a part, such as `half`? */
const isAmount = (word: string | undefined) =>
  isNumber(word) || (word !== undefined && fractionAt([{ word: word.toLowerCase(), raw: word }], 0) !== undefined)

/** Finds the names, pairs and doubtful words of a text. */
export function readingsOf(registry: Registry<Handler>, text: string, knows: KnowsSymbol): Readings {
  const all = piecesOf(text)
  const names = namesIn(registry, all, knows)
  const named = names.filter(({ isCertain }) => isCertain)
  const pieces = all.filter(({ at }) => !named.some(({ from, to }) => at >= from && at < to))
  const shouts = isShouted(tokenise(text).tokens)
  const doubtful = [
    ...names.filter(({ isCertain }) => !isCertain).map((name) => ({ ...name, kind: 'small' as const })),
    ...pieces.flatMap((_, at) => doubtfulAt(registry, pieces, at, shouts, knows)),
  ]
  return {
    doubtful,
    taking: (words) => ({
      text: withMarks(text, [...named, ...doubtful.filter((one) => words.includes(one))]),
      taken: words,
      named: named.filter(({ isSpelling }) => !isSpelling).map(({ symbol }) => symbol),
    }),
  }
}

interface Mark {
  from: number
  to: number
  symbol: string
}

function withMarks(text: string, marks: Mark[]): string {
  return [...marks]
    .sort((one, other) => other.from - one.from)
    .reduce((said, { from, to, symbol }) => `${said.slice(0, from)}$${symbol}${said.slice(to)}`, text)
}

function piecesOf(text: string): Piece[] {
  return [...text.matchAll(/[^\s,;]+/g)].map(({ 0: piece, index }) => {
    const [before = ''] = /^["'([{*_~`]+/.exec(piece) ?? []
    const bare = piece.slice(before.length).replace(/(['’]s)?[\])}"'!?:.*_~`]*$/, '')
    return { bare, at: index + before.length, word: bare.toLowerCase() }
  })
}

/** A name in the text, between two places. */
interface Name extends Mark {
  word: string
  /** Its words have no other meaning. */
  isCertain: boolean
  /** It is a pair in another spelling, and no name. */
  isSpelling: boolean
}

function namesIn(registry: Registry<Handler>, pieces: Piece[], knows: KnowsSymbol): Name[] {
  const names: Name[] = []
  for (let at = 0; at < pieces.length; at++) {
    const name = nameAt(registry, pieces, at, knows)
    if (!name) continue
    names.push(name.found)
    at += name.used - 1
  }
  return names
}

function nameAt(registry: Registry<Handler>, pieces: Piece[], at: number, knows: KnowsSymbol) {
  const isWord = ({ bare }: Piece) => /^[a-z][a-z0-9&.'’/-]*$/i.test(bare)
  for (let used = Math.min(mostNameWords, pieces.length - at); used > 0; used--) {
    const some = pieces.slice(at, at + used)
    const [first, last] = [some[0]!, some.at(-1)!]
    if (!some.every(isWord) || (used === 1 && knows(first.bare.toUpperCase()))) continue
    const words = some.map(({ word }) => word).join(' ')
    const isSpelling = used === 1 && isPair(words)
    // `short 120 coin thru schwab`: the broker is no symbol.
    if (used === 1 && isBroker(pieces, at)) continue
    const symbol = knows.named?.(words) ?? (isSpelling ? words.toUpperCase() : undefined)
    if (symbol === undefined) continue
    const isCertain = isSpelling || apart.has(words) || !some.every(({ word }) => hasMeaning(registry, word))
    if (!isCertain && !isPlace(registry, pieces, at, at + used)) continue
    return {
      used,
      found: { word: words, symbol, isCertain, isSpelling, from: first.at, to: last.at + last.bare.length },
    }
  }
  return misspelt(registry, pieces[at]!, knows)
}

/** A name with a typing error, if the word has no meaning of its own and is none of a command. */
function misspelt(registry: Registry<Handler>, { bare, word, at }: Piece, knows: KnowsSymbol) {
  if (!/^[a-z]{5,}$/.test(word) || knows(bare.toUpperCase()) || hasMeaning(registry, word)) return undefined
  const symbol = knows.near?.(word)
  if (symbol === undefined || registry.slipOf([word])) return undefined
  return { used: 1, found: { word, symbol, isCertain: true, isSpelling: false, from: at, to: at + bare.length } }
}

/** Names of one word that people and their phones write in two words with other meanings. */
const apart = new Set(['game stop', 'coin base', 'so fi', 'robin hood', 'face book', 'pay pal', 'sound hound'])

/** Has a word a meaning of its own: in English, for traders, or as a command? */
const hasMeaning = (registry: Registry<Handler>, word: string) =>
  englishWords.has(word) || shouted.has(word) || noSymbols.has(word) || registry.lookUp([word]) !== undefined

function doubtfulAt(
  registry: Registry<Handler>,
  pieces: Piece[],
  at: number,
  shouts: boolean,
  knows: KnowsSymbol,
): (DoubtfulWord & Mark)[] {
  const { bare, word, at: from } = pieces[at]!
  if (!/^[a-z]{1,5}([.-][a-z]{1,2})?$/i.test(bare)) return []
  if (/^(am|pm)$/.test(word) && isNumber(pieces[at - 1]?.bare)) return [] // a time
  // `my stop is too low, 12.1 now`
  if (bare === word && pieces[at - 1]?.word === 'too') return []
  if (bare !== word && isBroker(pieces, at)) return []
  const symbol = bare.toUpperCase()
  const isCapital = bare === symbol && !shouts
  const next = pieces[at + 1]
  // `a third`, `a hundred`: an article has its noun behind it.
  const joined = isJoined(pieces, at, knows) || isBesideSymbol(registry, pieces, at, knows)
  const place =
    joined ||
    isClippedSymbol(registry, pieces, at) ||
    (isPlace(registry, pieces, at, at + 1) &&
      (word !== 'a' ||
        next === undefined ||
        (isNumber(next.bare) && !next.bare.endsWith('%') && !ofPercent.test(pieces[at + 2]?.word ?? ''))))
  const kind = () => {
    if (!knows(symbol)) return isUnknown(registry, pieces, at, { place, isCapital }) ? 'unknown' : undefined
    if (isCapital) return 'capital'
    if (smallWords.has(word) || (word === 'a' && !place)) return undefined
    if (shouts) return 'shouted'
    if (at === 0 && registry.lookUp([word])) return undefined // `so 10 amd` is a scaleout
    return place ? 'small' : undefined
  }
  const found = kind()
  return found
    ? [{ word: bare, symbol, kind: found, from, to: from + bare.length, ...(joined && { isJoined: true }) }]
    : []
}

const ofPercent = /^(%|percent|pct|trail|trailing|stop|hour|hours|minute|minutes|min|day|dollar|cent|buck)s?$/

/** Is a word between a command and a symbol, as in `quote coin mara` and `px on coin mara`? */
function isBesideSymbol(registry: Registry<Handler>, pieces: Piece[], at: number, knows: KnowsSymbol): boolean {
  const next = pieces[at + 1]
  if (!next || at + 2 !== pieces.length || fillsSlot(pieces[at]!.word)) return false
  const before = /^(on|of|for)$/.test(pieces[at - 1]?.word ?? '') ? at - 1 : at
  if (!endsCommand(registry, pieces, at, 1) && !endsCommand(registry, pieces, before, 1)) return false
  return isTicker(next, knows)
}

/** Is a word a symbol without another meaning? */
const isTicker = ({ bare, word }: Piece, knows: KnowsSymbol) =>
  bare.length > 1 && (knows(bare.toUpperCase()) || wellKnownTickers.has(word)) && !englishWords.has(word)

/** Is a word that people clip a symbol behind a command or before a level, as in `close dis if it touches 95` and `dis stop 89`? */
function isClippedSymbol(registry: Registry<Handler>, pieces: Piece[], at: number): boolean {
  const { word } = pieces[at]!
  if (!clipped.has(word)) return false
  const next = pieces[at + 1]?.word
  if (at === 0) return next !== undefined && (levelWords.has(next as never) || registry.lookUp([next]) !== undefined)
  const before = pieces[at - 1]!.word
  if (/^(if|when|once)$/.test(before))
    return /^(hits|touches|reaches|breaks|gets|goes|is|drops|falls|trades|tags|sees|prints|crosses|under|over|below|above|at|[<>@].*)$/.test(
      next ?? '',
    )
  // `change tgt to 101.5 on dis`, `sell 1/3 my dis`
  if (
    next === undefined &&
    /^(on|of|in|for|my)$/.test(before) &&
    pieces.slice(0, at - 1).some((piece) => isAmount(piece.word))
  )
    return true
  const behind = at > 1 && /^(my|the)$/.test(before) ? at - 1 : at
  const isBehind = endsCommand(registry, pieces, behind, 1) || (behind === 1 && listing.has(pieces[0]!.word))
  return isBehind && (next === undefined || behindSymbol.test(next) || isNumber(next) || /^\d/.test(next))
}

const listing = new Set(['add', 'watch', 'drop', 'remove', 'rm'])
const behindSymbol =
  /^(if|when|once|at|on|before|by|to|from|off|slow|fast|smart|stop|target|mkt|market|rn|pls|please|fully|@.*)$/

/** Is a word joined to a symbol without another meaning, as in `the price of coin and mara`? */
function isJoined(pieces: Piece[], at: number, knows: KnowsSymbol): boolean {
  return (
    [-1, 1].some((side) => {
      const other = pieces[at + 2 * side]
      return joins.has(pieces[at + side]?.word ?? '') && other && isTicker(other, knows)
    }) || isLastOfTwo(pieces, at, knows)
  )
}

/** Is a word in the place of a symbol one, although the market does not have it? In capitals, more places are those of symbols. */
function isUnknown(
  registry: Registry<Handler>,
  pieces: Piece[],
  at: number,
  { place, isCapital }: { place: boolean; isCapital: boolean },
): boolean {
  const [before, next] = [pieces[at - 1]?.word ?? '', pieces[at + 1]]
  const symbol = pieces[at]!.bare.toUpperCase()
  if (!isCapital) return symbol === 'A' && place
  // `I want to be in cash`
  if (symbol === 'I' && /^[a-z]/.test(next?.bare ?? '')) return false
  if (symbol.length > 1 && !wordSymbols.has(symbol)) return false
  if ((symbol.length === 1 && place) || ofSymbols.has(before)) return true
  const words = pieces.slice(at, at + mostCommandWords + 1).map(({ word }) => word)
  const isFirst = at === 0 && openingsOf(words).length === 1
  if (isFirst && registry.lookUp(words.slice(1))) return true
  if (!endsCommand(registry, pieces, at, 1)) return false
  if (symbol.length === 1 || isAmount(next?.bare)) return true
  const isPace = next !== undefined && speedAt([next.word], 0) !== undefined
  if (next && (isPace || sidesOfPrice.has(next.word as never))) return symbol !== 'ALL'
  // `close ON friday`, `watch OUT`
  return !smallWords.has(symbol.toLowerCase()) && !takesWord(registry, pieces, at)
}

/** The most words of a command: `what would you do with`. */
const mostCommandWords = 6

/** Words before a symbol, as in `half of A`. */
const ofSymbols = new Set(['of', 'on', 'my'])

/** Does the command before a word take what the word says: `close NOW`, `scaleout FAST`, `sell ALL`? */
function takesWord(registry: Registry<Handler>, pieces: Piece[], at: number): boolean {
  const { word } = pieces[at]!
  const slot = speedAt([word], 0) ? 'speed' : word === 'all' ? 'fraction' : nowWords.has(word) ? 'now' : undefined
  if (slot === undefined) return false
  for (let count = Math.min(mostCommandWords, at); count > 0; count--) {
    const found = registry.lookUp(pieces.slice(at - count, at).map((piece) => piece.word))
    if (found?.count !== count) continue
    const isShown = slot === 'now' && found.registered.command.needs === 'viewer' // `quote NOW`
    return !isShown && takenBy(found.registered).has(slot)
  }
  return false
}

/**
 * Do the pieces stand where a symbol stands? That is between a command and a number, or beside a number or at the end behind a
 * command if the word fills no slot.
 */
function isPlace(registry: Registry<Handler>, pieces: Piece[], from: number, to: number): boolean {
  // `do` ends a command in `what should i do`.
  if (endsCommand(registry, pieces, to, 2)) return false
  const isBehindCommand = endsCommand(registry, pieces, from, 1)
  const isBeforeNumber = isAmount(pieces[to]?.bare)
  if (isBehindCommand && isBeforeNumber) return true
  if (pieces.slice(from, to).some(({ word }) => fillsSlot(word))) return false
  return (isBehindCommand && to === pieces.length) || isBeforeNumber || isAmount(pieces[from - 1]?.bare)
}

/** Does a command of at least so many words end before a piece? */
function endsCommand(registry: Registry<Handler>, pieces: Piece[], end: number, fewest: number): boolean {
  for (let count = fewest; count <= Math.min(mostCommandWords, end); count++) {
    const words = pieces.slice(end - count, end).map(({ word }) => word)
    if (registry.lookUp(words)?.count === count) return true
  }
  return false
}

/**
 * The text in which the symbols are marked that it names by a name, or else by the one word in capitals that the market has. A
 * model that knows no symbols reads the slots from it. `isOpen`: another word of it may be a symbol.
 */
export function tellingOf(
  registry: Registry<Handler>,
  text: string,
  knows: KnowsSymbol,
): { text: string; isOpen: boolean } {
  const { doubtful, taking } = readingsOf(registry, text, knows)
  const plain = taking([])
  const [only, more] = doubtful.filter(({ kind }) => kind === 'capital' || kind === 'unknown')
  // `work me out of UBER and DIS`
  if (plain.text !== text && only?.isJoined && !more) return { text: taking([only]).text, isOpen: false }
  if (plain.text !== text) return { text: plain.text, isOpen: false }
  if (only && !more) return { text: taking([only]).text, isOpen: false }
  // `coin n mara quotes`
  const listed = doubtful.filter((one) => one.kind === 'small' && one.isJoined)
  if (listed.length > 0 && !only) return { text: taking(listed).text, isOpen: false }
  // `tack on 90 dis`: the one word in the place of a symbol is it, if no other word is.
  const [small, another] = doubtful.filter(({ kind }) => kind === 'small')
  const hasOwn = () => tokenise(text).tokens.some((token) => isCertainly(token, knows))
  if (small && !another && !only && !fillsSlot(small.word) && !hasOwn())
    return { text: taking([small]).text, isOpen: false }
  return { text, isOpen: doubtful.some(({ word, kind }) => kind !== 'shouted' && !fillsSlot(word.toLowerCase())) }
}

function isCertainly(token: Token, knows: KnowsSymbol): boolean {
  const found = symbolIn(token, knows, false)
  return found !== undefined && found.certainty !== 'homograph'
}

/** The text with its names and pairs as symbols, as a model learned to read them. */
export const namingText = (registry: Registry<Handler>, text: string, knows: KnowsSymbol): string =>
  readingsOf(registry, text, knows).taking([]).text
