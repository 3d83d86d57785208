import { strategies } from '../../strategies/screeners/list.ts'
import type { Strategy } from '../../strategies/screeners/strategy.ts'
import { englishWords } from './english.ts'
import { type Recurrence, recurrenceIn } from './recurrence.ts'
import { slips } from './words.ts'

/** The words behind `screen` or `sweep`, as far as they were understood. */
export interface ScreenWords {
  strategy?: Strategy
  /** The words in the place of a strategy that name none: a template's name, or a slip. */
  name?: string
  /** The values of parameters as typed, by the names of the strategy's schema; a list of symbols has spaces between them. */
  parameters: Record<string, string>
  priority?: 'low' | 'normal' | 'high'
  /** A direct message when it ends, and a mail. */
  notify?: true
  email?: true
  recurrence?: Recurrence
  /** A parameter that has two values. */
  doubled?: string
  /** Two universes, as typed. */
  universes?: [string, string]
  /** The step of a range: `60..80 by 5`. */
  step?: string
  unread: string[]
}

const fillers = new Set(
  'on of in the my with for over please pls and all stocks symbols now at to a an me list set using where is only'.split(
    ' ',
  ),
)

/** Ways to write the sources of a universe. `file` takes a name. */
const sources: Record<string, string> = {
  sp500: 'sp500',
  's&p500': 'sp500',
  's&p': 'sp500',
  spx: 'sp500',
  watchlist: 'watchlist',
  watchlists: 'watchlist',
  watched: 'watchlist',
  positions: 'positions',
  holdings: 'positions',
  portfolio: 'positions',
  market: 'market',
  everything: 'market',
  file: 'file',
}

/** Other words for parameters. They count only for strategies that have the parameter. */
const otherNames: Record<string, string> = {
  universe: 'universe_source',
  source: 'universe_source',
  symbol: 'tickers',
  symbols: 'tickers',
  ticker: 'tickers',
  workers: 'max_workers',
  score: 'min_score',
  volume: 'min_volume_multiple',
}

const priorities = ['low', 'normal', 'high'] as const

/** A word without the signs that people write in one: `min_score`, `min-score` and `--Min Score` are one. */
const bare = (text: string) => text.toLowerCase().replace(/[-_\s]+/g, '')

/** The names of a strategy's parameters, in the order of its form. */
export const parameterNames = (strategy: Strategy): string[] => Object.keys(strategy.parameters.shape)

/** The strategy of these words; undefined when they name none. */
export function strategySaid(strategies: readonly Strategy[], words: string): Strategy | undefined {
  const said = bare(words)
  const isMeant = (name: string) => said !== '' && (bare(name) === said || `${bare(name)}s` === said)
  return strategies.find(({ name, aliases }) => [name, ...aliases].some(isMeant))
}

/** The strategy whose name is a typing error away from these words; undefined when none is, or when several are. */
export function strategyNear(strategies: readonly Strategy[], words: string): Strategy | undefined {
  const said = bare(words)
  const near = strategies.filter(({ name, aliases }) => [name, ...aliases].some((one) => isNear(said, bare(one))))
  return near.length === 1 ? near[0] : undefined
}

const isNear = (said: string, meant: string) =>
  said.length > 3 && said !== meant && slips(said, meant) <= (meant.length < 6 ? 1 : 2)

/**
 * Reads the words behind `screen`, in lower case: a strategy or a template's name, a universe, parameters in any order, and a
 * repetition. `isSymbol` tells whether a word is traded.
 */
export function screenFrom(
  strategies: readonly Strategy[],
  text: string,
  isSymbol: (word: string) => boolean,
): ScreenWords {
  const words = text
    .replace(/([a-z_])\s*[=:]\s*(?=\S)/g, '$1 ')
    .replace(/\bs&p 500\b|\bsp 500\b/g, 'sp500')
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^--?(?=[a-z])/, ''))
    .filter((word) => word !== '')
  const again = recurrenceIn(words)
  const said = again ? words.slice(0, again.at) : words
  const named = strategyIn(strategies, said)
  const isOfScreen = (word: string) => word in sources || fillers.has(word) || isParameter(strategies, said)
  const isNamed = named !== undefined || said[0] === undefined || isOfScreen(said[0])
  const name = isNamed ? undefined : said[0]
  const read: ScreenWords = {
    ...(named ? { strategy: named.strategy } : name !== undefined && { name }),
    parameters: {},
    ...(again?.recurrence && { recurrence: again.recurrence }),
    unread: [],
  }
  const rest = named ? said.toSpliced(named.at, named.count) : isNamed ? said : said.slice(1)
  readParameters(read, [...rest, ...(again?.behind ?? [])], isSymbol)
  read.unread.push(...(again?.unread ?? []))
  return read
}

/** Do the words begin with a parameter of any strategy? */
const isParameter = (strategies: readonly Strategy[], words: string[]) =>
  strategies.some((strategy) => parameterIn(parameterNames(strategy), words, 0) !== undefined)

/** Finds the strategy among the words; the longest name at the earliest place. */
function strategyIn(strategies: readonly Strategy[], words: string[]) {
  for (let at = 0; at < words.length; at++) {
    for (let count = Math.min(4, words.length - at); count > 0; count--) {
      const strategy = strategySaid(strategies, words.slice(at, at + count).join(' '))
      if (strategy) return { strategy, at, count }
    }
  }
  return undefined
}

function readParameters(read: ScreenWords, words: string[], isSymbol: (word: string) => boolean): void {
  const names = read.strategy ? parameterNames(read.strategy) : []
  const parameterAt = (at: number) => parameterIn(names, words, at)
  const said = new Set<string>()
  for (let at = 0; at < words.length; ) {
    const word = words[at]!
    const parameter = parameterAt(at)
    if (parameter) {
      if (said.has(parameter.name)) read.doubled ??= parameter.name
      said.add(parameter.name)
      at += parameter.count
      while (['of', 'is', 'to', 'at', 'from'].includes(words[at] ?? '')) at += 1
      if (parameter.name === 'tickers') {
        const first = at
        while (at < words.length && !endsTickers(names, words, at)) at += 1
        read.parameters.tickers = symbolsOf(words.slice(first, at))
      } else {
        const range = rangeAt(words, at)
        read.parameters[parameter.name] = range?.value ?? words[at] ?? ''
        if (range?.step !== undefined) read.step = range.step
        at += range?.used ?? 1
        if (parameter.name === 'file') read.parameters.universe_source ??= 'file'
        // A list without a name is asked for with the names that there are.
        if (parameter.name === 'file' && read.parameters.file === '') delete read.parameters.file
        const source = sources[read.parameters[parameter.name]!]
        if (parameter.name === 'universe_source' && source) at = useSource(read, source, words, at)
      }
      continue
    }
    at += 1
    const source = names.includes('universe_source') ? sources[word] : undefined
    const before = read.parameters.universe_source
    if (source && before !== undefined && before !== source) read.universes ??= [before, word]
    else if (source && before === undefined) at = useSource(read, source, words, at)
    else if (word === 'priority' || words[at] === 'priority') {
      const level = word === 'priority' ? words[at] : word
      const known = priorities.find((one) => one === level)
      if (known) read.priority = known
      else read.unread.push(word, ...words.slice(at, at + 1))
      at += 1
    } else if (word === 'notify' || word === 'dm') {
      while (besideNotify.has(words[at] ?? '')) at += 1
      if (word === 'notify' && mails.has(words[at] ?? '')) continue
      read.notify = true
    } else if (mails.has(word)) {
      read.email = true
      while (besideNotify.has(words[at] ?? '')) at += 1
    } else if (names.includes('tickers') && isTicker(word, isSymbol)) {
      read.parameters.tickers = [read.parameters.tickers, symbolsOf([word])].filter(Boolean).join(' ')
    } else if (!fillers.has(word)) read.unread.push(word)
  }
}

const mails = new Set(['email', 'e-mail', 'mail'])
const besideNotify = new Set('me when done it ends finished by via'.split(' '))

/** Ends a list of symbols here? A short name of a parameter without a value may be a symbol: `tickers FAST LOW`. */
function endsTickers(names: string[], words: string[], at: number): boolean {
  const word = words[at]!
  if (isOther(word)) return true
  return (
    parameterIn(names, words, at) !== undefined && (/^[\d.]/.test(words[at + 1] ?? '') || !/^[a-z]{1,5}$/.test(word))
  )
}

const isOther = (word: string) => word in sources || ['priority', 'notify', 'dm'].includes(word) || mails.has(word)

function useSource(read: ScreenWords, source: string, words: string[], at: number): number {
  read.parameters.universe_source = source
  if (source !== 'file' || words[at] === undefined) return at
  read.parameters.file = words[at]!
  return at + 1
}

/** The parameter whose name begins at a word; the longest name wins. */
function parameterIn(names: string[], words: string[], at: number): { name: string; count: number } | undefined {
  for (let count = Math.min(4, words.length - at); count > 0; count--) {
    const said = bare(words.slice(at, at + count).join(''))
    const name = names.find((one) => bare(one) === said) ?? (count === 1 ? otherNames[said] : undefined)
    if (name !== undefined && names.includes(name)) return { name, count }
  }
  return undefined
}

/** Reads `60..80`, `60-80`, `60 to 80`, each with a `by 5` behind it, as `60..80`. */
function rangeAt(words: string[], at: number): { value: string; step?: string; used: number } | undefined {
  const number = String.raw`\d*\.?\d+`
  const joined = new RegExp(`^(${number})(?:\\.{2,3}|-|–|…)(${number})$`).exec(words[at] ?? '')
  const isApart =
    /^\d*\.?\d+$/.test(words[at] ?? '') && words[at + 1] === 'to' && /^\d*\.?\d+$/.test(words[at + 2] ?? '')
  if (!joined && !isApart) return undefined
  const value = joined ? `${joined[1]}..${joined[2]}` : `${words[at]}..${words[at + 2]}`
  const used = joined ? 1 : 3
  const isStepped = ['by', 'step', 'steps'].includes(words[at + used] ?? '') && words[at + used + 1] !== undefined
  return isStepped ? { value, step: words[at + used + 1]!, used: used + 2 } : { value, used }
}

/** Small words of every day are no symbols here: `screen breakout now`. */
const isTicker = (word: string, isSymbol: (word: string) => boolean) =>
  isSymbol(word.replace(/^\$/, '').toUpperCase()) && (word.startsWith('$') || !englishWords.has(word))

const symbolsOf = (words: string[]) =>
  words
    .filter((word) => word !== 'and')
    .map((word) => word.replace(/^\$/, '').toUpperCase())
    .join(' ')

/**
 * The unread word that is a typing error away from a parameter or a universe, with the word that was meant; undefined when there is
 * none.
 */
export function slipIn({ strategy, unread }: ScreenWords): { said: string; meant: string } | undefined {
  if (!strategy) return undefined
  const known = [...parameterNames(strategy), 'watchlist', 'positions', 'market', 'sp500', 'priority']
  for (const said of unread) {
    const meant = known.find((one) => isNear(bare(said), bare(one)))
    if (meant !== undefined) return { said, meant }
  }
  return undefined
}

/** Is a text behind `screen` in the form of one? Symbols stand behind `tickers`; a single other word may be a template's name. */
export function isScreen(text: string): boolean {
  if (/^(queue|schedules?( (list|(off|end|cancel)( (\d{1,6}|all))?))?)$/.test(text)) return true
  const read = screenFrom(strategies, text, () => false)
  if (read.strategy) return read.unread.length === 0
  const { name = '' } = read
  // A template may be of any strategy.
  const asNamed = strategies.map((strategy) => screenFrom([{ ...strategy, name, aliases: [] }], text, () => false))
  return templateName.test(name) && asNamed.some(({ unread }) => unread.length === 0)
}

/** The name in the place of a strategy behind `screen`, which may be that of a template; undefined when a strategy is named, or nothing. */
export function templateIn(text: string): string | undefined {
  if (/^(queue|schedules?( .*)?)$/.test(text)) return undefined
  return screenFrom(strategies, text, () => false).name
}

/** Is a text behind `sweep` in the form of one: a strategy, and a parameter with a range or a list of values? */
export function isSweep(text: string): boolean {
  const { strategy, parameters, unread } = screenFrom(strategies, text, () => false)
  const isRange = Object.values(parameters).some((value) => value.includes('..'))
  return strategy !== undefined && unread.length === 0 && isRange
}

/** The form of a template's name. */
export const templateName = /^[a-z][a-z0-9_-]{0,39}$/
