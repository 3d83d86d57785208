import { amountAt } from './amounts.ts'
import { noSymbols } from './english.ts'
import type { Slots } from './given.ts'
import { longWords } from './long-words.ts'
import { fillers, symbolLeads, timeLeads } from './slot-words.ts'
import { looksLikeSymbol } from './symbols.ts'
import { type Token, tokenise } from './tokens.ts'

type Stranger = Slots['strange']

/** Short names of figures, in capitals and in small letters. */
const ofFigures = new Set(['mtm', 'ltp', 'atr', 'rsi', 'macd', 'vwap', 'rvol'])

/**
 * Returns the word at an index if it is in the place of a symbol (at the beginning, behind `of`, beside a number) and is a better
 * candidate than the one before; otherwise returns the one before.
 */
export function strangerAt(tokens: Token[], at: number, shouts: boolean, before: Stranger): Stranger {
  const { word, raw } = tokens[at]!
  if (!/^[a-z][a-z0-9]{1,9}([.-][a-z0-9]{1,4})?$/.test(word) || noSymbols.has(word) || ofFigures.has(word))
    return before
  const isCapital = !shouts && raw === raw.toUpperCase()
  let ahead = at - 1
  while (ahead >= 0 && fillers.has(tokens[ahead]!.word)) ahead -= 1
  const lead = tokens[ahead]?.word ?? ''
  const isNumber = (index: number) => tokens[index] !== undefined && amountAt(tokens, index) !== undefined
  const isPlace = isCapital
    ? !timeLeads.has(lead)
    : ahead < 0 || symbolLeads.has(lead) || isNumber(ahead) || isNumber(at + 1)
  const found = { word, isCapital, isLed: ahead === at - 1 && ['of', 'on', 'in'].includes(lead) }
  return isPlace && weightOf(found) > weightOf(before) ? found : before
}

const weightOf = (stranger: Stranger) => (stranger ? 1 + Number(stranger.isCapital) * 2 + Number(stranger.isLed) : 0)

/** A pair such as `sol/usd`. */
const pair = /^[a-z]{2,10}\/[a-z]{2,10}$/

/** Does one of the unknown words of a text look like a symbol and stand where one stands, as in `ten of my plontir`? */
export function standsForSymbol(text: string, unknown: string[]): boolean {
  const { tokens } = tokenise(text)
  return tokens.some(({ word }, at) => {
    if (!unknown.includes(word) || longWords.has(word) || !(looksLikeSymbol(word) || pair.test(word))) return false
    let ahead = at - 1
    while (ahead >= 0 && fillers.has(tokens[ahead]!.word)) ahead -= 1
    return ahead >= 0 && (symbolLeads.has(tokens[ahead]!.word) || amountAt(tokens, ahead) !== undefined)
  })
}
