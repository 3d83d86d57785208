import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { BarSource } from '../engine/bar-source.ts'
import { sp500Symbols } from './sp500.ts'
import { readUniverseFile } from './universe-file.ts'

/** The symbols that a run goes over, in a fixed order, each once; and how many of its universe the market does not know. */
export interface Universe {
  symbols: string[]
  leftOut: number
  /** The first few of those. */
  unknown: string[]
}

/** The parameters that name a universe, and the account that it is of. */
export interface WantedUniverse {
  accountId?: number
  parameters: Record<string, unknown>
}

/** The most symbols of a run. */
export const mostSymbols = 5000
/** The most unknown symbols that are named. */
const mostNamed = 5

/** The parts that know symbols. */
export interface UniverseParts {
  db: Db
  runs: { bars: Pick<BarSource, 'symbols' | 'name'>; universes: string }
}

/**
 * The symbols that parameters mean: `tickers`, or those of `universe_source`. `lenient`: tickers that the market does not know are left
 * out, as those of a list are; else they are refused.
 */
export async function universeOf(
  { db, runs }: UniverseParts,
  { accountId, parameters }: WantedUniverse,
  { lenient = false } = {},
): Promise<Universe | Refusal> {
  const known = new Set(runs.bars.symbols())
  if (known.size === 0) return noBars(runs.bars.name)
  const tickers = parameters.tickers as string[] | undefined
  const source = String(parameters.universe_source ?? 'market')
  const wanted = tickers ?? (await symbolsOf(db, source, { accountId, parameters }, known, runs.universes))
  if (wanted instanceof Refusal) return wanted
  const all = [...new Set(wanted)]
  const symbols = all.filter((symbol) => known.has(symbol)).sort()
  const unknown = all.filter((symbol) => !known.has(symbol))
  const leftOut = unknown.length
  if (tickers && leftOut > 0 && !lenient) return unknownSymbols(unknown, runs.bars.name)
  if (symbols.length === 0) return emptyUniverse(tickers ? 'tickers' : source, unknown, runs.bars.name)
  if (symbols.length > mostSymbols) return tooManySymbols(symbols.length)
  return { symbols, leftOut, unknown: unknown.slice(0, mostNamed).map(oneWord) }
}

async function symbolsOf(
  db: Db,
  source: string,
  { accountId, parameters }: WantedUniverse,
  known: ReadonlySet<string>,
  folder: string,
): Promise<string[] | Refusal> {
  switch (source) {
    case 'watchlist':
      return accountId === undefined ? [] : watched(db, accountId)
    case 'positions':
      return accountId === undefined ? [] : held(db, accountId)
    case 'file':
      return readUniverseFile(folder, parameters.file as string | undefined)
    case 'sp500':
      return [...sp500Symbols]
    default:
      return [...known]
  }
}

/** The symbols that an account follows by `watch`, in any conversation. */
async function watched(db: Db, accountId: number): Promise<string[]> {
  const rows = await db.selectFrom('watches').select('symbol').where('account_id', '=', accountId).distinct().execute()
  return rows.map(({ symbol }) => symbol)
}

async function held(db: Db, accountId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('positions')
    .select('symbol')
    .where('account_id', '=', accountId)
    .where('closed_at', 'is', null)
    .distinct()
    .execute()
  return rows.map(({ symbol }) => symbol)
}

function noBars(market: string): Refusal {
  const sentence = `The market ${market} has no daily bars, which screeners need. Nothing was started.`
  return new Refusal('EMPTY_UNIVERSE', sentence, '`market` shows where prices come from')
}

function unknownSymbols(unknown: string[], market: string): Refusal {
  return new Refusal(
    'UNKNOWN_SYMBOLS',
    `The market ${market} does not know ${firstOf(unknown)}. Nothing was started.`,
    'Leave them out',
    { field: 'tickers' },
  )
}

function firstOf(unknown: string[]): string {
  const more = unknown.length > mostNamed ? ` and ${unknown.length - mostNamed} more` : ''
  return `${unknown.slice(0, mostNamed).map(oneWord).join(', ')}${more}`
}

/** A line of a list may be anything. */
const oneWord = (text: string) => text.replace(/[`\s\p{Cc}]+/gu, ' ').slice(0, 20)

const howToFill: Record<string, string> = {
  watchlist: '`watch AMD` puts a symbol on it',
  positions: 'Screen another universe, such as `market`',
  sp500: 'Screen `market`: all symbols that it knows',
}

function emptyUniverse(source: string, unknown: string[], market: string): Refusal {
  const what = {
    watchlist: 'The watchlist is empty.',
    positions: 'No position is open.',
    sp500: `The market ${market} knows no symbol of the S&P 500.`,
    file: 'The list names no symbol.',
  }[source]
  const isUnknown = unknown.length > 0 && source !== 'sp500'
  const none = isUnknown
    ? `The market ${market} knows none of the ${unknown.length} symbols (${firstOf(unknown)}).`
    : what
  const sentence = `${none ?? 'No symbol was named.'} Nothing was started.`
  const field = source === 'tickers' ? 'tickers' : 'universe_source'
  return new Refusal('EMPTY_UNIVERSE', sentence, howToFill[source] ?? 'Name symbols that it knows', { field })
}

function tooManySymbols(count: number): Refusal {
  const sentence = `${count} symbols are more than the ${mostSymbols} of a run. Nothing was started.`
  return new Refusal('TOO_MANY_SYMBOLS', sentence, 'Screen a smaller list')
}
