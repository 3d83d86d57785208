import { clipped } from './clipped.ts'
import type { KnowsSymbol } from './symbols.ts'
import { smallWords } from './word-symbols.ts'

/** A piece of the text: a word without the marks around it. */
export interface Piece {
  bare: string
  at: number
  word: string
}

/** Is a word a number in digits? */
export const isNumber = (word: string | undefined) => word !== undefined && /^[@$+-]*[\d.,]*\d[\d.,]*[km%]?$/.test(word)
/** Is a word the broker of something that was done there, as in `1000 bynd at 0.71 over on schwab` and `188.5 at schwab`? */
export function isBroker(pieces: Piece[], at: number): boolean {
  const [before, ahead] = [pieces[at - 1]?.word ?? '', pieces[at - 2]?.word]
  if (!brokers.has(pieces[at]!.word)) return false
  return (
    /^(thru|through|via)$/.test(before) || (/^(at|on|with|in)$/.test(before) && (ahead === 'over' || isNumber(ahead)))
  )
}

const brokers = new Set(['schwab', 'robinhood', 'sofi', 'coinbase', 'ibkr', 'fidelity', 'etrade', 'webull'])

/** Words between the symbols of a list: `snap n dis`. */
export const joins = new Set(['and', 'n'])

/** Is a clipped word the second symbol of two behind a command: `close snap n dis`? */
export function isLastOfTwo(pieces: Piece[], at: number, knows: KnowsSymbol): boolean {
  const first = pieces[at - 2]
  return (
    clipped.has(pieces[at]!.word) &&
    joins.has(pieces[at - 1]?.word ?? '') &&
    first !== undefined &&
    at > 2 &&
    knows(first.bare.toUpperCase()) &&
    !smallWords.has(first.word)
  )
}
