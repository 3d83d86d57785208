import { amountAt } from './amounts.ts'
import { levelJoints, levelWords } from './slot-words.ts'
import type { Token } from './tokens.ts'

/** A stop or a target beside a command: a price in dollars, or a percentage with its sign. */
export interface SaidLevel {
  name: 'stop' | 'target'
  value: string
  used: number
}

/** Reads the level that begins at a word: `stop .58`, `target at 40%`, `stop loss of .58`. */
export function levelAt(tokens: Token[], at: number): SaidLevel | undefined {
  const word = (index: number) => tokens[index]?.word ?? ''
  const isProfit = /^takes?$/.test(word(at)) && /^profits?$/.test(word(at + 1))
  const name = isProfit ? 'target' : levelWords.get(word(at) as never)
  if (!name) return undefined
  let next = at + (isProfit ? 2 : 1)
  while (next < at + 5 && levelJoints.has(word(next))) next += 1
  const amount = next < tokens.length ? amountAt(tokens, next) : undefined
  if (!amount || amount.kind === 'size') return undefined
  const value = amount.kind === 'percent' ? `${amount.value}%` : amount.value
  return { name, value, used: next - at + amount.used }
}
