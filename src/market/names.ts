import { distance } from 'fastest-levenshtein'
import { oncePerObject } from '../base/once-per-object.ts'
import { companyNames } from './company-names.ts'
import type { Instrument } from './market.ts'

type Named = Pick<Instrument, 'symbol' | 'name'>

/** The part of a market that lists its instruments. */
export interface Listing {
  instruments(): Named[]
  instrument(symbol: string): Named | undefined
}

/** The listing of some instruments. */
export function listingOf(named: Named[]): Listing {
  const bySymbol = new Map(named.map((one) => [one.symbol, one] as const))
  return { instruments: () => named, instrument: (symbol) => bySymbol.get(symbol.toUpperCase()) }
}

/** An instrument with its name, as a list of suggestions shows it. */
export interface NamedInstrument {
  symbol: string
  /** Its name; the symbol itself when neither the market nor the list of common names has one. */
  name: string
}

/** The most words of a name that people type. */
export const mostNameWords = 4

/** Endings of company names that people leave out. */
const endings =
  / (inc|incorporated|corp|corporation|co|company|plc|ltd|group|holdings|technologies|platforms|brands|entertainment|etf)$/i
/** A pair of currencies: `sol/usd`, `sol-usd`, `solusd`. */
const pair = /^([a-z]{2,10})([/-]?)(usd|usdt|usdc|eur|gbp|jpy|chf|btc|eth)$/i

/** The letters and digits of a name: `Coca-Cola` and `coca cola` are one name. */
const keyOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/[^a-z0-9]/g, '')

/** The name of an instrument, from the market or from the list of common names. */
export function nameOf({ symbol, name }: Named): string {
  return name !== symbol && name !== '' ? name : (companyNames.get(symbol)?.[0] ?? symbol)
}

/** An instrument with the keys of its names, as they are looked for. */
interface Keyed extends NamedInstrument {
  keys: string[]
}

/** The names of a list of instruments, made once: a market may list thousands. */
interface NameIndex {
  list: Named[]
  /**
   * Symbols by the keys of their names. A name of several words has a space at its end, so that `dis cover` is not Discover.
   */
  byName: Map<string, string>
  keyed: Keyed[]
}

const indexes = oncePerObject((_: Listing): { index?: NameIndex } => ({}))

/** The index of a market's present list. */
function indexOf(market: Listing): NameIndex {
  const list = market.instruments()
  const held = indexes(market)
  // Some markets make the same list anew each time.
  const isSame = held.index?.list === list || (held.index?.list.length === list.length && list.length < smallList)
  if (held.index && isSame) return held.index
  held.index = { list, byName: symbolsByName(list), keyed: list.map(keyedOf) }
  return held.index
}

/** A list of this length is one of a provider, which keeps it while it is the same. */
const smallList = 1000

/**
 * A name of one word without its ending is taken from this length on: `Target Corporation` or `Block, Inc.` would make words of
 * commands into shares.
 */
const longWord = 7

function keyedOf(instrument: Named): Keyed {
  const { symbol } = instrument
  const name = nameOf(instrument)
  return { symbol, name, keys: [name, ...(companyNames.get(symbol) ?? [])].map(keyOf) }
}

function symbolsByName(list: Named[]): Map<string, string> {
  const byName = new Map<string, string>()
  const put = (name: string, symbol: string) => {
    byName.set(keyOf(name), symbol)
    if (/[^a-z0-9']/i.test(name)) byName.set(`${keyOf(name)} `, symbol)
  }
  for (const [symbol, names] of companyNames) for (const name of names) put(name, symbol)
  for (const { symbol, name } of list) {
    if (name === symbol) continue
    put(name, symbol)
    const short = shortOf(name)
    if (short.includes(' ') || short.length >= longWord) put(short, symbol)
  }
  return byName
}

/** The name without the kind of its company: `Beyond Meat` for `Beyond Meat, Inc.` */
const shortOf = (name: string) => name.replace(/[.,]/g, '').replace(endings, '')

/**
 * The market's symbol for a name (`palantir`, `bank of america`), a coin (`btc`) or a pair in another spelling (`sol/usd`);
 * undefined when the market has no such instrument.
 */
export function symbolNamed(market: Listing, words: string): string | undefined {
  const said = words.trim().toLowerCase()
  if (said === '' || said.length > 60) return undefined
  const spelled = spellingIn(market, said)
  if (spelled) return spelled
  const named = indexOf(market).byName.get(said.includes(' ') ? `${keyOf(said)} ` : keyOf(said))
  return (named && market.instrument(named)?.symbol) ?? coinIn(market, said)
}

const commonSymbols = new Map(
  [...companyNames].flatMap(([symbol, names]) => names.map((name) => [keyOf(name), symbol] as const)),
)

/** The symbol that a name has on US markets, whether the market in use has it or not. */
export const commonSymbol = (name: string): string | undefined => commonSymbols.get(keyOf(name))

/** A shorter name is too near other words. */
const longName = 6
/** Names of one word, by their first letter: those that are long enough to be known with a typing error. */
const longNames = Map.groupBy(
  [...commonSymbols].filter(([key]) => key.length >= longName),
  ([key]) => key[0]!,
)
/**
 * The symbol of the one name that a word has one typing error in, as `nvdia` and `palantr`; undefined when there is none, or more
 * than one. The first letter must be right.
 */
export function symbolNear(word: string): string | undefined {
  const key = keyOf(word)
  if (key.length < longName - 1 || key.length > 20) return undefined
  const near = (longNames.get(key[0]!) ?? []).filter(
    ([name]) => Math.abs(name.length - key.length) < 2 && isSlip(key, name),
  )
  const [first] = near
  return first && near.every(([, symbol]) => symbol === first[1]) ? first[1] : undefined
}

/** Is a word another one with one letter wrong, missing or extra, or with two neighbours swapped? */
function isSlip(said: string, meant: string): boolean {
  const at = [...said].findIndex((letter, index) => letter !== meant[index])
  const swapped = said.slice(0, at) + said.charAt(at + 1) + said.charAt(at) + said.slice(at + 2)
  return said !== meant && (swapped === meant || distance(said, meant) === 1)
}

/** Is a text a pair of currencies with a stroke, such as `sol/usd`, whether the market has it or not? */
export const isPair = (text: string) => pair.exec(text)?.[2] === '/'

/** The market's spelling of a pair: `SOL-USD` for `sol/usd`, `solusd` and `sol-usd`. */
export function spellingIn(market: Listing, said: string): string | undefined {
  const [, base = '', , quoted = ''] = pair.exec(said) ?? []
  if (base === '') return undefined
  const [one, other] = [base.toUpperCase(), quoted.toUpperCase()]
  for (const spelled of [`${one}-${other}`, `${one}${other}`, `${one}/${other}`, `${one}${other}=X`]) {
    const known = market.instrument(spelled)
    if (known) return known.symbol
  }
  return undefined
}

/** The pair in dollars of a coin that the market does not list on its own: `BTC-USD` for `btc`. */
const coinIn = (market: Listing, said: string) =>
  /^[a-z]{3,5}$/.test(said) && !market.instrument(said) ? market.instrument(`${said}-USD`)?.symbol : undefined

/**
 * The instruments that begin with a typed text or contain it, in symbol or name: first by the beginning of the symbol, then of
 * the name, then by any part.
 */
export function instrumentsLike(market: Listing, typed: string, most: number): NamedInstrument[] {
  const wanted = typed.trim().toUpperCase().replace(/^\$/, '')
  const key = keyOf(typed)
  const exact = symbolNamed(market, typed)
  const ranked = indexOf(market).keyed.flatMap(({ symbol, name, keys }) => {
    const rank = symbol === exact ? 0 : rankOf(symbol, keys, wanted, key)
    return rank === undefined ? [] : [{ symbol, name, rank }]
  })
  const sorted = ranked.sort((one, other) => one.rank - other.rank)
  return sorted.slice(0, most).map(({ symbol, name }) => ({ symbol, name }))
}

function rankOf(symbol: string, keys: string[], wanted: string, key: string): number | undefined {
  if (symbol.startsWith(wanted)) return 1
  if (key !== '' && keys.some((name) => name.startsWith(key))) return 2
  if (symbol.includes(wanted)) return 3
  return key.length > 1 && keys.some((name) => name.includes(key)) ? 4 : undefined
}
