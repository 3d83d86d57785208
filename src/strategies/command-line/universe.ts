import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '../../base/refusal.ts'
import type { BarSource } from '../engine/bar-source.ts'
import { sp500Symbols } from '../universes/sp500.ts'
import { readUniverseFile, symbolsIn } from '../universes/universe-file.ts'
import type { WantedScreen } from './usage/command-line.ts'
import { UsageError } from './usage/usage-error.ts'

/** The symbols of a screen, in order, each once. */
export interface ChosenUniverse {
  /** As the results name it: `sp500`. */
  name: string
  symbols: string[]
  /** Symbols of it without a file in the folder. */
  leftOut: number
  /** The first few of them, in a sentence: `A, B and 3 more`. */
  unknown: string
}

/** The most unknown symbols that a sentence names. */
const mostNamed = 5

/**
 * The symbols that a command line means: `--tickers`, else `--universe`, else all of the folder. Paths are relative to `cwd`, and
 * `lists` is the desk's folder of lists. Throws `UsageError`.
 */
export async function chosenUniverse(
  source: BarSource,
  { parameters, universe }: Pick<WantedScreen, 'parameters' | 'universe'>,
  { cwd, lists }: { cwd: string; lists: string },
): Promise<ChosenUniverse> {
  const tickers = parameters.tickers as string[] | undefined
  const given = universe ?? String(parameters.universe_source ?? 'market')
  if (given === 'file' && parameters.file === undefined)
    throw new UsageError('The universe file needs --file NAME, or give --universe PATH.')
  const name = tickers ? 'tickers' : given === 'file' ? `file:${parameters.file}` : given
  const known = new Set(source.symbols())
  const all = [...new Set(tickers ?? (await symbolsOf(name, known, { cwd, lists })))]
  const symbols = all.filter((symbol) => known.has(symbol)).sort()
  const unknown = all.filter((symbol) => !known.has(symbol))
  if (tickers && unknown.length > 0)
    throw new UsageError(`--tickers: ${source.name} has no bars of ${listed(unknown)}.`)
  if (all.length === 0) throw new UsageError(`--universe ${name} names no symbol.`)
  if (symbols.length === 0) {
    throw new UsageError(`--universe ${name}: ${source.name} has bars of none of its ${all.length} symbols.`)
  }
  return { name, symbols, leftOut: unknown.length, unknown: listed(unknown) }
}

async function symbolsOf(
  name: string,
  known: ReadonlySet<string>,
  { cwd, lists }: { cwd: string; lists: string },
): Promise<readonly string[]> {
  switch (name) {
    case 'market':
      return [...known]
    case 'sp500':
      return sp500Symbols
    case 'watchlist':
    case 'positions':
      throw new UsageError(`--universe ${name} is of an account: screen it in a thread of the desk.`)
  }
  if (!name.startsWith('file:')) return listAt(path.resolve(cwd, name), name)
  const list = await readUniverseFile(lists, name.slice('file:'.length))
  if (!(list instanceof Refusal)) return list
  throw new UsageError(`${plain(list.sentence)} ${plain(list.instead ?? '')}. A list elsewhere is --universe PATH.`)
}

/** Chat marks names with backticks; a terminal shows them as they are. */
const plain = (sentence: string) => sentence.replaceAll(' Nothing was started.', '').replaceAll('`', '')

async function listAt(file: string, name: string): Promise<string[]> {
  try {
    return symbolsIn(await readFile(file, 'utf8'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const because = becauseOf(code, name)
    throw new UsageError(`--universe takes market, sp500, file:NAME or the path of a list. ${because}`)
  }
}

/** Why a path is no list, by the code of the system. */
function becauseOf(code: string | undefined, name: string): string {
  if (code === 'ENOENT') return `There is no file “${name}”.`
  if (code === 'EISDIR') return `“${name}” is a folder.`
  return `“${name}” cannot be read (${code}).`
}

function listed(symbols: readonly string[]): string {
  const more = symbols.length > mostNamed ? ` and ${symbols.length - mostNamed} more` : ''
  return `${symbols.slice(0, mostNamed).join(', ')}${more}`
}
