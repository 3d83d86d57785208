import { parseArgs } from 'node:util'
import { Refusal } from '../../base/refusal.ts'
import { symbolOf } from '../../market/symbol.ts'
import { UsageError } from '../../strategies/command-line/usage/usage-error.ts'
import { rangeOf, readParameters } from '../../strategies/runs/parameters.ts'
import type { BacktestStrategy } from '../engine/port.ts'
import { backtestStrategies, backtestStrategyNamed } from '../strategies/list.ts'
import { type NumberFlag, type OwnFlag, ownFlags } from './flags.ts'

/** A command line that asks for a run. */
export interface WantedRun {
  strategy: BacktestStrategy
  parameters: Record<string, unknown>
  symbols: string[]
  bars?: string
  from?: string
  to?: string
  numbers: Record<NumberFlag, number>
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
  const { flags, words } = split(args)
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

/** The names of a strategy's parameters; each is a flag. */
export const parameterNames = ({ parameters }: BacktestStrategy): string[] => Object.keys(parameters.shape)

function split(args: readonly string[]): { flags: Map<string, string>; words: string[] } {
  const ofStrategies = backtestStrategies.flatMap(parameterNames)
  const takesValue = (name: string) => !(name in ownFlags) || 'value' in ownFlags[name as keyof typeof ownFlags]
  const names = [...new Set([...Object.keys(ownFlags), ...ofStrategies])]
  const { tokens } = parseArgs({
    args: args.map((arg) => (arg === '-h' ? '--help' : arg)),
    options: Object.fromEntries(
      names.map((name) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
    ),
    ...{ strict: false, allowPositionals: true, tokens: true },
  })
  const flags = new Map<string, string>()
  const words: string[] = []
  for (const token of tokens ?? []) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (!names.includes(name)) throw new UsageError(`There is no flag ${token.rawName}. --help lists them.`)
    if (takesValue(name) && (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--')))) {
      throw new UsageError(`--${name} needs a value.`)
    }
    if (!takesValue(name) && value !== undefined) throw new UsageError(`--${name} takes no value.`)
    if (flags.has(name) && takesValue(name)) throw new UsageError(`--${name} is given twice. Give one value.`)
    flags.set(name, value ?? '')
  }
  return { flags, words }
}

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
    const { field = '' } = read
    throw new UsageError(`--${field} takes ${rangeOf(strategy, field)}. ${not(String(given[field] ?? ''))}`)
  }
  const refused = strategy.refuses?.(read)
  if (refused !== undefined) throw new UsageError(refused)
  return read
}

function numbersOf(flags: ReadonlyMap<string, string>): Record<NumberFlag, number> {
  const read = Object.entries(ownFlags as Record<string, OwnFlag>).flatMap(([name, { number }]) => {
    if (!number) return []
    const text = flags.get(name)
    if (text === undefined) return [[name, number.usual] as const]
    const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= number.least && value <= number.most)) {
      throw new UsageError(`--${name} takes a number from ${number.least} to ${number.most}. ${not(text)}`)
    }
    return [[name, value] as const]
  })
  return Object.fromEntries(read) as Record<NumberFlag, number>
}

function dayOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
  if (!isDay) throw new UsageError(`--${flag} takes a day such as 2014-01-10. ${not(text)}`)
  return text
}

const not = (value: string) => `“${value}” is not that.`
