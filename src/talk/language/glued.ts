import { fractionAt } from './amounts.ts'
import { clipped } from './clipped.ts'
import { speedAt } from './paces.ts'
import type { Handler, Registry } from './registry.ts'
import type { KnowsSymbol } from './symbols.ts'

/** The words, numbers and signs of a piece such as `buy100amd` or `251.5lmt`. */
const parts = /[<>]=?|@|\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:%|k(?![a-z]))?|[a-z]+/gi
const isNumber = (part: string) => /^\$?\.?\d/.test(part)

/** Words of orders that are no command. */
const joints = new Set(
  `lmt limit mkt market sl tp pt tgt stop target at by to if for of on x sh shs shares pcs pieces bid ask long short entry avg
  above below over under trail trailing`.split(/\s+/),
)
/** Units and halves of the day belong to their number: `15m`, `330p`, `63c`. */
const ofNumbers = /^(a|p|am|pm|h|hr|hrs|m|mo|min|mins|s|sec|secs|d|w|y|c|k|x|st|nd|rd|th|pct|percent|cents?|usd|uhr)$/i
/** A longer piece or text is not split. */
const longestPiece = 24
const longestText = 500

/**
 * Writes apart what people write in one word: `buy 500sofi 8.10lmt` is `buy 500 sofi 8.10 lmt`. It splits letters from digits
 * where both have a meaning. Undefined when nothing is split. It is for texts that are not understood as they are typed.
 */
export function withoutGlue(registry: Registry<Handler>, text: string, knows: KnowsSymbol): string | undefined {
  if (text.length > longestText) return undefined
  const said = text.trim()
  const apart = said.replace(/[^\s;:/]+/g, (piece, at: number) => splitOf(registry, piece, knows, at === 0) ?? piece)
  return apart === said ? undefined : apart
}

function splitOf(registry: Registry<Handler>, piece: string, knows: KnowsSymbol, isFirst: boolean): string | undefined {
  if (piece.length > longestPiece || !/[a-z]/i.test(piece) || !/\d/.test(piece)) return undefined
  const bare = piece.replace(/[.,!?]{1,3}$/, '')
  const found = bare.match(parts) ?? []
  if (found.join('') !== bare || isOneWord(bare, knows)) return undefined
  const words = found.filter((part) => /^[a-z]/i.test(part))
  const numbers = found.filter(isNumber)
  // A word with several numbers is a name or a version: `3x2`, `f22raptor4`.
  if (words.length === 0 || numbers.length === 0 || numbers.length > 2) return undefined
  if (!words.every((word) => hasMeaning(registry, word, knows))) return undefined
  // A symbol at the beginning may have the price behind it that somebody hopes for: `amd300 by june`.
  const [first = ''] = found
  if (isFirst && knows(first.toUpperCase()) && registry.lookUp([first.toLowerCase()]) === undefined) return undefined
  return found.join(' ') + piece.slice(bare.length)
}

/** Is a piece a symbol, a name, or a word with a meaning of its own: `b4`, `c3ai`? */
function isOneWord(piece: string, knows: KnowsSymbol): boolean {
  const word = piece.toLowerCase()
  return clipped.has(word) || knows(word.toUpperCase()) || knows.named?.(word) !== undefined
}

function hasMeaning(registry: Registry<Handler>, part: string, knows: KnowsSymbol): boolean {
  const word = part.toLowerCase()
  if (word.length < 2 || ofNumbers.test(word)) return false
  return (
    joints.has(word) ||
    knows(word.toUpperCase()) ||
    knows.named?.(word) !== undefined ||
    registry.lookUp([word]) !== undefined ||
    speedAt([word], 0) !== undefined ||
    fractionAt([{ word, raw: part }], 0) !== undefined
  )
}
