import { changesMoney } from './effect.ts'
import type { Handler, RegisteredCommand } from './registry.ts'
import type { SettledCommand } from './settle.ts'
import type { Slots } from './slots.ts'
import { looksLikeSymbol } from './symbols.ts'
import type { Token } from './tokens.ts'
import { fillsSlot, smallWords, wordSymbols } from './word-symbols.ts'

/** The words of a pace by themselves. */
export const speedWords = new Set(['fast', 'quick', 'medium', 'slow', 'smart', 'quickly', 'slowly'])

/**
 * Makes an unknown word in the place of a symbol the symbol, so that it is refused and the thread's symbol is not used instead.
 * Returns whether there is such a word.
 */
export function nameStranger(
  { registered, given, leftover }: SettledCommand<Handler>,
  { strange }: Slots,
  words: number,
): boolean {
  const takes = registered.command.options.find((option) => option.type === 'symbol')
  if (!takes) return false
  const isNamed = (given.symbol ?? given.symbols) !== undefined
  const [only, more] = leftover
  const at = strange ? leftover.indexOf(strange.word) : -1
  const isOne = at >= 0 && (strange!.isCapital || mayBeStranger(registered, leftover, strange!.word, words))
  if (isNamed && !(isOne && takes.several && (strange!.isCapital || !changesMoney(registered)))) return false
  if (!isOne && !(only !== undefined && more === undefined && looksLikeSymbol(only))) return false
  const [word] = leftover.splice(isOne ? at : 0, 1)
  const symbol = word!.replace(/^\$/, '').toUpperCase()
  const leads = isNamed ? [...symbolPlaces, 'and'] : symbolPlaces
  if (isOne && leads.includes(leftover[at - 1] ?? '')) leftover.splice(at - 1, 1)
  if (isNamed) {
    given.symbols = `${given.symbols ?? given.symbol} ${symbol}`
    delete given.symbol
  } else given.symbol = symbol
  return true
}

/** Words before a symbol. */
const symbolPlaces = ['of', 'on', 'in', 'for']

/** May a word in lower case be an unknown symbol? It depends on the command: `quote` always takes one, but `close` may not. */
function mayBeStranger(registered: RegisteredCommand, leftover: string[], word: string, words: number): boolean {
  const { name, category } = registered
  if (['quote', 'chart', 'watch', 'unwatch'].includes(name) || category === 'Indicators') return true
  if (name === 'advise' || (!changesMoney(registered) && words > 1))
    return leftover.length <= 2 && looksLikeSymbol(word)
  const others = leftover.filter((one) => one !== word && !['of', 'on', 'in', 'for'].includes(one))
  return word.length <= 5 && others.length === 0
}

/** Does a word of the slots stand between the command and a number, where a symbol would stand: `buy now 10`? */
export function isWordForSymbol({ command }: RegisteredCommand, rest: Token[]): boolean {
  const [{ word = '' } = {}, next] = rest
  const isSymbol = wordSymbols.has(word.toUpperCase()) && fillsSlot(word) && !smallWords.has(word)
  // `scaleout fast 500`
  const isPace = speedWords.has(word) && command.options.some(({ name }) => name === 'speed')
  return isSymbol && !isPace && next !== undefined && /^[$@]?[\d.,]+k?$/.test(next.word)
}

/** A word in capitals directly behind a command that shows or watches a symbol, which is one: `quote NOW`. */
export function capitalForSymbol(
  { registered, given }: SettledCommand<Handler>,
  rest: Token[],
  shouts: boolean,
): string | undefined {
  if (changesMoney(registered) || registered.name === 'pl' || (given.symbol ?? given.symbols) !== undefined)
    return undefined
  if (shouts || !registered.command.options.some(({ type }) => type === 'symbol')) return undefined
  const { raw = '', word = '' } = rest[0] ?? {}
  return wordSymbols.has(raw) && raw.length > 1 && fillsSlot(word) ? raw : undefined
}
