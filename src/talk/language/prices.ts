import { type Amount, amountAt } from './amounts.ts'
import { priceJoints, priceWords } from './slot-words.ts'
import type { Token } from './tokens.ts'

/** An amount with the number of all words from its leading word on. */
export interface Led {
  amount: Amount
  used: number
}

/** Reads a price with its leading word: `@ .63`, `at 63c`, `limit 1.05`, `limit at 1.05`, `price 24.15`. */
export function priceAt(tokens: Token[], at: number): Led | undefined {
  if (!priceWords.has(tokens[at]!.word)) return undefined
  let next = at + 1
  while (next < at + 4 && priceJoints.has(tokens[next]?.word ?? '')) next += 1
  // `got filled, 120 nvda at 121`: the clause behind the comma begins with the size.
  if (tokens[next]?.isApart && /^(filled|paid)$/.test(tokens[at]!.word)) return undefined
  const amount = next < tokens.length ? amountAt(tokens, next) : undefined
  if (!amount || amount.kind === 'percent' || amount.kind === 'size') return undefined
  const lead = tokens.slice(at, next).map(({ word }) => word)
  // `the price of 2`, `the limit of order 2`: the number is that of an order.
  if (/^price of$|\bof .*order$/.test(lead.join(' '))) return undefined
  // A plain whole number behind `for` may be a size: `for 500 shares`.
  if (lead[0] === 'for' && amount.kind === 'plain' && !amount.value.includes('.')) return undefined
  return { amount, used: next - at + amount.used }
}
