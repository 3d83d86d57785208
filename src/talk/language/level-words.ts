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
  let isUnsure = false
  while (
    next < at + 5 &&
    (levelJoints.has(word(next)) || unsureJoints.has(word(next))) &&
    !readsTime?.(words, next - at)
  ) {
    // `stop with 108`, `stop by 110`
    isUnsure ||= unsureJoints.has(word(next))
    next += 1
  }
  const amount = next < tokens.length ? amountAt(tokens, next) : undefined
  if (!amount || amount.kind === 'size') return undefined
  const value = amount.kind === 'percent' ? `${amount.value}%` : amount.value
  const used = next - at + amount.used
  const said = { name, value, used, ...((amount.isUnsure || isUnsure) && { isUnsure: true }) }
  if (!isStopLimit) return said
  // The number directly behind the stop is the limit, and never a quantity.
  const limit = at + used < tokens.length ? amountAt(tokens, at + used) : undefined
  if (!limit || limit.kind === 'size' || limit.kind === 'percent') return undefined
  return { ...said, limit: limit.value, used: used + limit.used }
}

/** Words of learners between a level and its number, which may mean something else, too. */
const unsureJoints = new Set(['with', 'by'])

/** Words between a number and the level behind it, and behind that level: `0.52 for the stop`, `0.55 stop on the downside`. */
const between = new Set(['for', 'as', 'the', 'a', 'my', 'is'])
const sides = new Set('on the downside upside bottom top up'.split(' '))
const around = new Set([...sides, 'and', 'with', '&'])

/**
 * Puts two levels that stand behind their numbers before them: `118 stop 130 target` and `118 for stop, 130 for target` become
 * `stop 118 target 130`.
 */
export function levelsFirst(tokens: Token[]): Token[] {
  const isLevel = (index: number) => levelWords.has(tokens[index]?.word as never)
  const isNumber = (index: number) => tokens[index] !== undefined && amountAt(tokens, index)?.used === 1
  const skip = (index: number, words: Set<string>) => {
    let next = index
    while (next < index + 4 && words.has(tokens[next]?.word ?? '')) next += 1
    return next
  }
  for (let at = 0; at + 3 < tokens.length; at++) {
    if (!isNumber(at) || isLevel(at - 1)) continue
    const level = skip(at + 1, between)
    const number = skip(level + 1, around)
    const other = skip(number + 1, between)
    if (!isLevel(level) || !isNumber(number) || !isLevel(other)) continue
    const end = skip(other + 1, sides)
    if (isNumber(other + 1) || isNumber(end)) continue
    const four = [level, at, other, number].map((index) => tokens[index]!)
    return [...tokens.slice(0, at), ...four, ...tokens.slice(end)]
  }
  return tokens
}
