import { amountAt, fractionAt } from './amounts.ts'
import { timeAt } from './time.ts'
import type { Token } from './tokens.ts'

/** Orders as a phone writes them by ear: `by five hundred amd`, `cell half of it`, `clothes all of my positions`. */
const byEar = new Map([
  ['by', 'buy'],
  ['cell', 'sell'],
  ['clothes', 'close'],
])

/**
 * The words with the order that a word means by its sound; undefined when it means none. The word is at an index, and the one
 * behind it at another. `by` and `cell` need an amount behind them, and `by 3pm` is a time.
 */
export function meantByEar(tokens: Token[], at?: number, behind?: number): Token[] | undefined {
  if (at === undefined || behind === undefined) return undefined
  const meant = byEar.get(tokens[at]!.word)
  const words = tokens.slice(at, at + 6).map(({ word }) => word)
  if (meant === undefined || timeAt(words, 0)) return undefined
  const isAmount = amountAt(tokens, behind) !== undefined || fractionAt(tokens, behind) !== undefined
  if (meant !== 'close' && !isAmount && tokens[behind]!.word !== 'me') return undefined
  return tokens.toSpliced(at, 1, { word: meant, raw: meant })
}
