import { daySaid, spanOf } from '../../backtest/runs/parameters.ts'
import { type RunnableBacktest, runnableBacktests } from '../../backtest/runs/runnable.ts'
import { englishWords } from './english.ts'
import { numberIn, slips } from './words.ts'

/** The words behind `backtest`, as far as they were understood. */
export interface BacktestWords {
  strategy?: RunnableBacktest
  /** The values of parameters as typed, by the names of the strategy's schema; a list of symbols has spaces between them. */
  parameters: Record<string, string>
  /** A parameter that has two values. */
  doubled?: string
  unread: string[]
}

const fillers = new Set(
  'on of in the my with for over please pls and a an me run strategy using at is bars days data from to between only again'.split(
    ' ',
  ),
)

/** Other words for parameters. They count only where the strategy has the parameter. */
const otherNames: Record<string, string> = {
  capital: 'cash',
  money: 'cash',
  commissions: 'commission',
  fees: 'fee',
  stoploss: 'stop',
  sl: 'stop',
  takeprofit: 'target',
  tp: 'target',
  trailing: 'trail',
  trailingstop: 'trail',
  slip: 'slippage',
  since: 'from',
  after: 'from',
  until: 'to',
  till: 'to',
  through: 'to',
  symbols: 'tickers',
  symbol: 'tickers',
  ticker: 'tickers',
}

/** A word without the signs that people write in one: `max_order`, `--max-order` and `Max Order` are one. */
const bare = (text: string) => text.toLowerCase().replace(/[-_\s]+/g, '')

const date = String.raw`(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?`
const range = new RegExp(`^(${date})\\.{2,3}(${date})?$`)
const years = /^((?:19|20)\d\d)-((?:19|20)\d\d)$/
const single = new RegExp(`^${date}$`)

/**
 * Reads the words behind `backtest`: a strategy, symbols, days and parameters in any order. `isSymbol` tells whether a word is traded;
 * small words of every day count as symbols only with a `$`.
 */
export function backtestFrom(text: string, isSymbol: (word: string) => boolean): BacktestWords {
  const words = text
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/([a-z_])\s*[=:]\s*(?=\S)/gi, '$1 ')
    .replace(/(\d)\s*(?:\.{2,3}|…|–|—)\s*(?=\d|\s|$)/g, '$1..')
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^--?(?=[a-z])/i, ''))
    .filter(Boolean)
  const named = strategyIn(words)
  const read: BacktestWords = { ...(named && { strategy: named.strategy }), parameters: {}, unread: [] }
  const rest = named ? words.toSpliced(named.at, named.count) : words
  for (let at = 0; at < rest.length; ) at += readAt(read, rest, at, isSymbol)
  return read
}

/** Reads what begins at a word, and returns the number of its words. */
function readAt(read: BacktestWords, words: string[], at: number, isSymbol: (word: string) => boolean): number {
  const [word, next = '', afterNext = ''] = words.slice(at, at + 3) as [string, string?, string?]
  const said = word.toLowerCase()
  const days = range.exec(said) ?? years.exec(said)
  if (days) return put(read, 'from', days[1]!) && put(read, 'to', days[2]) && 1
  if (single.test(said)) {
    if (['to', '-', 'until'].includes(next.toLowerCase()) && single.test(afterNext))
      return put(read, 'from', said) && put(read, 'to', afterNext) && 3
    return put(read, 'from', said) && put(read, 'to', said) && 1
  }
  const ago = spanAt(said, next, afterNext)
  if (ago) return put(read, 'from', ago.value) && ago.used
  const parameter = parameterIn(read.strategy, words, at)
  if (parameter) return readParameter(read, parameter, words, at)
  const choice = choiceOf(read.strategy, said)
  if (choice !== undefined && read.parameters[choice] === undefined) return put(read, choice, said) && 1
  const symbol = word.replace(/^\$/, '').toUpperCase()
  const isWord = englishWords.has(said) || fillers.has(said)
  if (isSymbol(symbol) && (word.startsWith('$') || !isWord))
    read.parameters.tickers = [read.parameters.tickers, symbol].filter(Boolean).join(' ')
  else if (!fillers.has(said)) read.unread.push(word)
  return 1
}

/** Notes a value of a parameter; true, so that calls can be joined. */
function put(read: BacktestWords, name: string, value: string | undefined): true {
  if (value === undefined) return true
  if (read.parameters[name] !== undefined && read.parameters[name] !== value) read.doubled ??= name
  read.parameters[name] = value
  return true
}

const units: Record<string, 'y' | 'm' | 'd'> = { year: 'y', yr: 'y', month: 'm', day: 'd' }

/** `last 3 years`, `past year`, `3y` as a span before the last day. */
function spanAt(word: string, next: string, afterNext: string): { value: string; used: number } | undefined {
  if (spanOf(word)) return { value: word, used: 1 }
  if (word !== 'last' && word !== 'past') return undefined
  const count = /^\d{1,4}$/.test(next) ? next : undefined
  const unit = units[(count === undefined ? next : afterNext).toLowerCase().replace(/s$/, '')]
  return unit === undefined ? undefined : { value: `${count ?? 1}${unit}`, used: count === undefined ? 2 : 3 }
}

function readParameter(
  read: BacktestWords,
  { name, count }: { name: string; count: number },
  words: string[],
  at: number,
): number {
  let used = count
  const following = () => (words[at + used] ?? '').toLowerCase()
  while (name !== 'from' && name !== 'to' && ['of', 'is', 'to', 'at'].includes(following())) used += 1
  const value = words[at + used]
  // Symbols are found by themselves; `from` and `to` alone only join words.
  if (name === 'tickers' || ((name === 'from' || name === 'to') && !isDay(following()))) return used
  put(read, name, value === undefined ? '' : numberOr(value))
  return used + 1
}

const isDay = (word: string) => daySaid(word, 'first') !== undefined || spanOf(word) !== undefined || single.test(word)

/** A number without the signs that people write beside it: `5%`, `$10,000`, `10k`, `5bp`. */
function numberOr(word: string): string {
  const number = numberIn(word.toLowerCase().replace(/(%|bps?)$/, ''))
  return number ?? word.toLowerCase()
}

const namesOf = (strategy: RunnableBacktest | undefined): string[] =>
  Object.keys((strategy ?? runnableBacktests[0]!).parameters.shape)

/** The parameter whose name begins at a word; the longest name wins. */
function parameterIn(strategy: RunnableBacktest | undefined, words: string[], at: number) {
  const names = namesOf(strategy)
  for (let count = Math.min(3, words.length - at); count > 0; count--) {
    const said = bare(words.slice(at, at + count).join(''))
    const name = names.find((one) => bare(one) === said) ?? otherNames[said]
    if (name !== undefined && names.includes(name)) return { name, count }
  }
  return undefined
}

/** The parameter of which a word is one of the choices: `long` of the direction. */
function choiceOf(strategy: RunnableBacktest | undefined, word: string): string | undefined {
  const shape = (strategy?.parameters.shape ?? {}) as Record<string, { unwrap?: () => { options?: unknown[] } }>
  return Object.keys(shape).find((name) => shape[name]?.unwrap?.().options?.includes(word))
}

/** Finds the strategy among the words; the longest name at the earliest place. */
function strategyIn(words: string[]) {
  for (let at = 0; at < words.length; at++) {
    for (let count = Math.min(4, words.length - at); count > 0; count--) {
      const strategy = strategySaid(words.slice(at, at + count).join(' '))
      if (strategy) return { strategy, at, count }
    }
  }
  return undefined
}

function strategySaid(words: string): RunnableBacktest | undefined {
  const said = bare(words)
  return runnableBacktests.find(({ name, aliases }) => [name, ...aliases].some((one) => bare(one) === said))
}

/** The unread word that is a typing error away from a strategy or a parameter, with the word that was meant; undefined when there is none. */
export function backtestSlip({ strategy, unread }: BacktestWords): { said: string; meant: string } | undefined {
  const known = strategy ? namesOf(strategy) : runnableBacktests.map(({ name }) => name)
  for (const said of unread) {
    const meant = known.find((one) => isNear(bare(said), bare(one)))
    if (meant !== undefined) return { said, meant }
  }
  return undefined
}

const isNear = (said: string, meant: string) =>
  said.length > 3 && said !== meant && slips(said, meant) <= (meant.length < 6 ? 1 : 2)

/** Is a text behind `backtest` in the form of one? Words that are none of every day may be symbols. */
export function isBacktest(text: string): boolean {
  const read = backtestFrom(text, (word) => /^[A-Z][A-Z.]{0,5}$/.test(word))
  if (read.strategy) return true
  return read.unread.length === 0 && Object.keys(read.parameters).length > 0
}
