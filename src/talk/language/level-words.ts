import { amountAt } from './amounts.ts'
import type { ReadsTime } from './given.ts'
import { levelJoints, levelWords } from './slot-words.ts'
import type { Token } from './tokens.ts'

/** A stop or a target beside a command: a price in dollars, or a percentage with its sign. */
export interface SaidLevel {
  name: 'stop' | 'target'
  value: string
  /** The limit of a stop-limit order: `stop limit 240 239`. */
  limit?: string
  used: number
  isUnsure?: boolean
}

/** Reads the level that begins at a word: `stop .58`, `target at 40%`, `stop in 85`. */
export function levelAt(tokens: Token[], at: number, readsTime?: ReadsTime): SaidLevel | undefined {
  const word = (index: number) => tokens[index]?.word ?? ''
  const isTaking = /^takes?$/.test(word(at)) && /^(profits?|gains?)$/.test(word(at + 1))
  // `stop profit 250` is a target in the English of some.
  const isProfit = isTaking || (word(at) === 'stop' && /^(profits?|gain)$/.test(word(at + 1)))
  const name = isProfit ? 'target' : levelWords.get(word(at) as never)
  if (!name) return undefined
  const words = tokens.slice(at, at + 12).map((token) => token.word)
  let next = at + (isProfit ? 2 : 1)
  const isStopLimit = name === 'stop' && /^(limit|lmt)$/.test(word(next))
  if (isStopLimit) next += 1
  // `stop in 5 minutes` is a time.
  // `loss limit 7.80`; but `stop limit` is an order of its own.
  if (/^(loss|profit)$/.test(word(at)) && word(next) === 'limit') next += 1
  while (next < at + 5 && levelJoints.has(word(next)) && !readsTime?.(words, next - at)) next += 1
  const amount = next < tokens.length ? amountAt(tokens, next) : undefined
  if (!amount || amount.kind === 'size') return undefined
  const value = amount.kind === 'percent' ? `${amount.value}%` : amount.value
  const used = next - at + amount.used
  const said = { name, value, used, ...(amount.isUnsure && { isUnsure: true }) }
  if (!isStopLimit) return said
  // The number directly behind the stop is the limit, and never a quantity.
  const limit = at + used < tokens.length ? amountAt(tokens, at + used) : undefined
  if (!limit || limit.kind === 'size' || limit.kind === 'percent') return undefined
  return { ...said, limit: limit.value, used: used + limit.used }
}

/** Puts levels that stand behind their numbers before them: `118 stop 130 target` becomes `stop 118 target 130`. */
export function levelsFirst(tokens: Token[]): Token[] {
  const isLevel = (index: number) => levelWords.has(tokens[index]?.word as never)
  const isNumber = (index: number) => tokens[index] !== undefined && amountAt(tokens, index)?.used === 1
  const isPair = (at: number) =>
    !isLevel(at - 1) &&
    [1, 3].every((ahead) => isLevel(at + ahead)) &&
    [0, 2].every((ahead) => isNumber(at + ahead)) &&
    !isNumber(at + 4)
  const at = tokens.findIndex((_, index) => index + 3 < tokens.length && isPair(index))
  if (at < 0) return tokens
  const [one, other, another, last] = tokens.slice(at) as [Token, Token, Token, Token]
  return [...tokens.slice(0, at), other, one, last, another, ...tokens.slice(at + 4)]
}
