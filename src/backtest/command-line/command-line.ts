import { Refusal } from '../../base/refusal.ts'
import { symbolOf } from '../../market/symbol.ts'
import { dayOf, isNotThat, splitFlags } from '../../strategies/command-line/usage/flags.ts'
import { UsageError } from '../../strategies/command-line/usage/usage-error.ts'
import { rangeOf, readParameters } from '../../strategies/runs/parameters.ts'
import type { BacktestStrategy } from '../engine/port.ts'
import type { NumberSetting } from '../settings.ts'
import { backtestStrategies, backtestStrategyNamed } from '../strategies/list.ts'
import { type OwnFlag, ownFlags } from './flags.ts'

/** A command line that asks for a run. */
export interface WantedRun {
  strategy: BacktestStrategy
  parameters: Record<string, unknown>
  symbols: string[]
  bars?: string
  from?: string
  to?: string
  numbers: Record<NumberSetting, number>
  check: boolean
  trades: boolean
  json: boolean
}

/** The wish of a command line: help, the list of strategies, or a run. */
export type Wanted = { kind: 'help'; strategy?: BacktestStrategy } | { kind: 'list' } | ({ kind: 'run' } & WantedRun)

/** The most symbols of one run. */
const mostSymbols = 2000

/** Reads the words after `npm run -s backtest --`. Throws `UsageError` with a sentence that names the flag and its range. */
export function readCommandLine(args: readonly string[]): Wanted {
  const { flags, words } = splitFlags(args, ownFlags, backtestStrategies.flatMap(parameterNames), unknownFlag)
  if (flags.has('list')) return { kind: 'list' }
  if (flags.has('help') && words.length === 0) return { kind: 'help' }
  const strategy = strategyOf(words[0])
  if (flags.has('help')) return { kind: 'help', strategy }
  const [from, to] = [dayOf('from', flags.get('from')), dayOf('to', flags.get('to'))]
  if (from !== undefined && to !== undefined && to < from) throw new UsageError(`--to ${to} is before --from ${from}.`)
  return {
    kind: 'run',
    strategy,
    parameters: parametersOf(strategy, flags),
    symbols: symbolsOf(words.slice(1)),
    bars: flags.get('bars'),
    ...{ from, to },
    numbers: numbersOf(flags),
    ...{ check: flags.has('check'), trades: flags.has('trades'), json: flags.has('json') },
  }
}

/** The names of a strategy's parameters as flags: `min-score`. */
export const parameterNames = ({ parameters }: BacktestStrategy): string[] =>
  Object.keys(parameters.shape).map((name) => name.replaceAll('_', '-'))

const unknownFlag = (typed: string) => `There is no flag ${typed}. --help lists them.`

function strategyOf(name: string | undefined): BacktestStrategy {
  const all = backtestStrategies.map((one) => one.name).join(', ')
  if (name === undefined) throw new UsageError(`Name a strategy, of ${all}, and a symbol.`)
  const strategy = backtestStrategyNamed(name)
  if (!strategy) throw new UsageError(`There is no strategy ${name}. There are ${all}.`)
  return strategy
}

function symbolsOf(words: readonly string[]): string[] {
  if (words.length === 0) throw new UsageError('Name a symbol, or several.')
  const symbols = words.flatMap((word) => word.split(',')).filter(Boolean)
  const read = symbols.map((word) => {
    const symbol = symbolOf(word)
    if (!symbol) throw new UsageError(`“${word}” is not a symbol.`)
    return symbol
  })
  const once = [...new Set(read)]
  if (once.length > mostSymbols) throw new UsageError(`A run takes at most ${mostSymbols} symbols.`)
  return once
}

function parametersOf(strategy: BacktestStrategy, flags: ReadonlyMap<string, string>): Record<string, unknown> {
  const own = parameterNames(strategy)
  const given: Record<string, unknown> = {}
  for (const [name, value] of flags) {
    if (name in ownFlags) continue
    if (!own.includes(name)) throw new UsageError(`${strategy.name} has no parameter --${name}.`)
    given[name] = value
  }
  const read = readParameters(strategy, given)
  if (read instanceof Refusal) {
    const { field, sentence } = read
    if (field === undefined) throw new UsageError(sentence.replace(' Nothing was started.', ''))
    const flag = field.replaceAll('_', '-')
    throw new UsageError(`--${flag} takes ${rangeOf(strategy, field)}. ${isNotThat(String(given[flag] ?? ''))}`)
  }
  return read
}

function numbersOf(flags: ReadonlyMap<string, string>): Record<NumberSetting, number> {
  const read = Object.entries(ownFlags as Record<string, OwnFlag>).flatMap(([name, { number }]) => {
    if (!number) return []
    const text = flags.get(name)
    if (text === undefined) return [[name, number.usual] as const]
    const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= number.least && value <= number.most)) {
      throw new UsageError(`--${name} takes a number from ${number.least} to ${number.most}. ${isNotThat(text)}`)
    }
    return [[name, value] as const]
  })
  return Object.fromEntries(read) as Record<NumberSetting, number>
}
