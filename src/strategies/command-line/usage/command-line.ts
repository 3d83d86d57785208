import { closest, distance } from 'fastest-levenshtein'
import { Refusal } from '../../../base/refusal.ts'
import { rangeOf, readParameters } from '../../runs/parameters.ts'
import { strategies, strategyNamed } from '../../screeners/list.ts'
import type { Strategy } from '../../screeners/strategy.ts'
import { dayOf, isNotThat, splitFlags } from './flags.ts'
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
  const parameters = strategies.flatMap(parameterNames).map((name) => flagOf(name).slice(2))
  const { flags, words } = splitFlags(args, ownFlags, parameters, unknownFlag)
  if (flags.has('list')) return { kind: 'list' }
  if (flags.has('help') && words.length === 0) return { kind: 'help' }
  const strategy = strategyOf(words)
  if (flags.has('help')) return { kind: 'help', strategy }
  if (flags.has('json') && flags.has('csv')) throw new UsageError('Only one of --json and --csv can be had.')
  const universes = ['universe', 'universe-source', 'tickers']
    .filter((name) => flags.has(name))
    .map((name) => `--${name}`)
  if (universes.length > 1) throw new UsageError(`Only one of ${universes.join(' and ')} can be had.`)
  const progress = flags.get('progress')
  if (progress !== undefined && progress !== 'json')
    throw new UsageError(`--progress takes json. ${isNotThat(progress)}`)
  return {
    kind: 'screen',
    strategy,
    parameters: parametersOf(strategy, flags),
    universe: flags.get('universe'),
    bars: flags.get('bars'),
    asOf: dayOf('as-of', flags.get('as-of')),
    top: countOf(flags.get('top')),
    format: flags.has('json') ? 'json' : flags.has('csv') ? 'csv' : 'table',
    progress: progress ?? 'bar',
  }
}

/** The flag of a parameter: `--min-score` of `min_score`. */
export const flagOf = (parameter: string): string => `--${parameter.replaceAll('_', '-')}`

/** The names of a strategy's parameters. */
export const parameterNames = ({ parameters }: Pick<Strategy, 'parameters'>): string[] => Object.keys(parameters.shape)

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
  throw new UsageError(`${flagOf(field)} takes ${rangeOf(strategy, field)}. ${isNotThat(String(given[field] ?? ''))}`)
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--top takes a whole number of at least 1. ${isNotThat(text)}`)
  return Number(text)
}
