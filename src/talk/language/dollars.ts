import { amountAt } from './amounts.ts'
import type { Token } from './tokens.ts'

/** An amount in dollars to trade for, in place of a number of shares. */
export interface Dollars {
  /** Plain digits. */
  value: string
  used: number
  /** The number may also be a price: `buy bynd for 500`. It counts only if the order has no other amount. */
  isUnsure?: boolean
  /** The word before it, if there is one. */
  lead?: 'for' | 'with'
}

/** Words before a number that make it a price, although dollars stand behind it. */
const ofPrice = new Set(['@', 'at', 'limit', 'lmt', 'from', 'stop', 'target', 'price'])

/** Words behind a number that make it something else than a sum: `with 200 limit`, `with 5 percent`. */
const ofOthers = new Set(
  'limit lmt stop target chunks chunk parts pieces slices percent trail trailing floor cap'.split(' '),
)
const cents = /^(c|¢|cents?)$|[\d.][c¢]/

/**
 * Reads the amount in dollars that begins at a word: `5k worth of`, `$500 of`, `2000 dollars of`, `worth $500`, `for 500`,
 * `with 500`. `isSymbol` tells whether the word at an index is certainly a symbol.
 */
export function dollarsAt(tokens: Token[], at: number, isSymbol: (at: number) => boolean): Dollars | undefined {
  const word = (index: number) => tokens[index]?.word ?? ''
  const lead = /^(worth|for|with)$/.test(word(at)) ? word(at) : ''
  let begin = lead === '' ? at : at + 1
  if (lead === 'worth' && word(begin) === 'of') begin += 1
  const amount = begin < tokens.length ? amountAt(tokens, begin) : undefined
  if (!amount || amount.kind === 'percent' || amount.kind === 'size' || ofPrice.has(word(at - 1))) return undefined
  const { value, kind } = amount
  let next = begin + amount.used
  const isWorth = word(next) === 'worth'
  if (isWorth) next += 1
  const isOf = word(next) === 'of'
  if (isWorth || lead === 'worth' || (kind === 'price' && isOf && !cents.test(word(next - 1))))
    return { value, used: next - at + (isOf ? 1 : 0) }
  // `increase with 100 more`, `short with 300 GME` and `go in with 600 tilray` say a size.
  const isSize = word(next) === 'more' || (isSymbol(next) && at > 0 && !/^(buy|buying|purchase)$/.test(word(at - 1)))
  if (lead === 'with' && kind === 'plain' && isSize) return undefined
  // What somebody buys with is money.
  if (lead === 'with') return ofOthers.has(word(next)) ? undefined : { value, used: next - at, isUnsure: true, lead }
  // `for 500` without a size is a sum; `for .64` is a price, and `for 500 AMD` is a size.
  const isSum = lead === 'for' && !value.includes('.') && !isOf && !(kind === 'plain' && isSymbol(next))
  if (isSum) return { value, used: next - at, isUnsure: true, lead: 'for' }
  const isBare = lead === '' && kind === 'price' && !value.includes('.') && isSymbol(next)
  return isBare ? { value, used: next - at, isUnsure: true } : undefined
}
