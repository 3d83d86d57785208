import { parseArgs } from 'node:util'
import { closest, distance } from 'fastest-levenshtein'
import { Refusal } from '../../../base/refusal.ts'
import { rangeOf, readParameters } from '../../runs/parameters.ts'
import { strategies, strategyNamed } from '../../screeners/list.ts'
import type { Strategy } from '../../screeners/strategy.ts'
import { ownFlags } from './own-flags.ts'
import { UsageError } from './usage-error.ts'

/** A command line that asks for a screen. */
export interface WantedScreen {
  strategy: Strategy
  /** As its schema has read them. */
  parameters: Record<string, unknown>
  /** `market`, `sp500`, `file:NAME` or a path, as it was typed; undefined without one. */
  universe?: string
  bars?: string
  asOf?: string
  top?: number
  format: 'table' | 'json' | 'csv'
  progress: 'bar' | 'json'
}

/** The wish of a command line: help, the list of strategies, or a screen. */
export type Wanted = { kind: 'help'; strategy?: Strategy } | { kind: 'list' } | ({ kind: 'screen' } & WantedScreen)

/** A word with more wrong letters is not taken for a slip. */
const mostSlips = 3

/** Reads the words after `npm run -s screen --`. Throws `UsageError` with a sentence that names the flag and its range. */
export function readCommandLine(args: readonly string[]): Wanted {
  const { flags, words } = split(args)
  if (flags.has('list')) return { kind: 'list' }
  if (flags.has('help') && words.length === 0) return { kind: 'help' }
  const strategy = strategyOf(words)
  if (flags.has('help')) return { kind: 'help', strategy }
  if (flags.has('json') && flags.has('csv')) throw new UsageError('Only one of --json and --csv can be had.')
  const progress = flags.get('progress')
  if (progress !== undefined && progress !== 'json') throw new UsageError(`--progress takes json. ${not(progress)}`)
  return {
    kind: 'screen',
    strategy,
    parameters: parametersOf(strategy, flags),
    universe: flags.get('universe'),
    bars: flags.get('bars'),
    asOf: dayOf(flags.get('as-of')),
    top: countOf(flags.get('top')),
    format: flags.has('json') ? 'json' : flags.has('csv') ? 'csv' : 'table',
    progress: progress ?? 'bar',
  }
}

/** The flag of a parameter: `--min-score` of `min_score`. */
export const flagOf = (parameter: string): string => `--${parameter.replaceAll('_', '-')}`

/** The names of a strategy's parameters. */
export const parameterNames = ({ parameters }: Pick<Strategy, 'parameters'>): string[] => Object.keys(parameters.shape)

function split(args: readonly string[]): { flags: Map<string, string>; words: string[] } {
  const ofStrategies = strategies.flatMap(parameterNames).map((name) => flagOf(name).slice(2))
  const takesValue = (name: string) => !(name in ownFlags) || 'value' in ownFlags[name as keyof typeof ownFlags]
  const names = [...new Set([...Object.keys(ownFlags), ...ofStrategies])]
  const options = Object.fromEntries(
    names.map((name) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
  )
  const { tokens } = parseArgs({
    args: args.map((arg) => (arg === '-h' ? '--help' : arg)),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const flags = new Map<string, string>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (!names.includes(name)) throw new UsageError(unknownFlag(token.rawName, names))
    if (takesValue(name) && (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--')))) {
      throw new UsageError(`--${name} needs a value.`)
    }
    if (!takesValue(name) && value !== undefined) throw new UsageError(`--${name} takes no value.`)
    if (flags.has(name) && takesValue(name)) throw new UsageError(`--${name} is given twice. Give one value.`)
    flags.set(name, value ?? '')
  }
  return { flags, words }
}

function unknownFlag(typed: string, names: readonly string[]): string {
  const flags = names.map((name) => `--${name}`)
  return `There is no flag ${typed}. ${meant(typed, flags) ?? '--help lists them.'}`
}

/** The word that was probably meant, as a sentence; undefined when none is near. */
function meant(typed: string, words: readonly string[]): string | undefined {
  const near = closest(typed, words)
  return distance(typed, near) <= mostSlips ? `Is ${near} meant?` : undefined
}

function strategyOf([name, ...more]: readonly string[]): Strategy {
  const all = strategies.map((one) => one.name).join(', ')
  const names = strategies.flatMap((one) => [one.name, ...one.aliases])
  if (name === undefined) throw new UsageError(`Name a strategy, of ${all}.`)
  if (more.length > 0)
    throw new UsageError(`Only one strategy can be named: ${[name, ...more].join(', ')} are too many.`)
  const strategy = strategyNamed(name)
  if (!strategy)
    throw new UsageError(`There is no strategy ${name}. ${meant(name, names) ?? `--list shows them: ${all}.`}`)
  return strategy
}

function parametersOf(strategy: Strategy, flags: ReadonlyMap<string, string>): Record<string, unknown> {
  const own = new Set(parameterNames(strategy).map((name) => flagOf(name).slice(2)))
  const given: Record<string, unknown> = {}
  for (const [name, value] of flags) {
    if (name in ownFlags) continue
    if (!own.has(name)) throw new UsageError(`${strategy.name} has no parameter --${name}.`)
    given[name.replaceAll('-', '_')] = value
  }
  const read = readParameters(strategy, given)
  if (!(read instanceof Refusal)) return read
  const { field } = read
  if (field === undefined) throw new UsageError(read.sentence)
  throw new UsageError(`${flagOf(field)} takes ${rangeOf(strategy, field)}. ${not(String(given[field] ?? ''))}`)
}

function dayOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
  if (!isDay) throw new UsageError(`--as-of takes a day such as 2014-01-10. ${not(text)}`)
  return text
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--top takes a whole number of at least 1. ${not(text)}`)
  return Number(text)
}

const not = (value: string) => `“${value}” is not that.`
