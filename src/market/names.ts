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
  / (inc|corp|corporation|co|company|plc|ltd|group|holdings|technologies|platforms|brands|entertainment|etf)$/
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

/**
 * The symbols of the market by the keys of their names. A name of several words has a space at its end, so that `dis cover` is not
 * Discover. The names of a market do not change while it is open.
 */
const symbolsByName = oncePerObject((market: Listing) => {
  const byName = new Map<string, string>()
  const put = (name: string, symbol: string) => {
    byName.set(keyOf(name), symbol)
    if (/[^a-z0-9']/i.test(name)) byName.set(`${keyOf(name)} `, symbol)
  }
  for (const [symbol, names] of companyNames) for (const name of names) put(name, symbol)
  for (const { symbol, name } of market.instruments()) {
    if (name !== symbol) for (const one of [name, name.replace(endings, '')]) put(one, symbol)
  }
  return byName
})

/**
 * The market's symbol for a name (`palantir`, `bank of america`), a coin (`btc`) or a pair in another spelling (`sol/usd`);
 * undefined when the market has no such instrument.
 */
export function symbolNamed(market: Listing, words: string): string | undefined {
  const said = words.trim().toLowerCase()
  if (said === '' || said.length > 60) return undefined
  const spelled = spellingIn(market, said)
  if (spelled) return spelled
  const named = symbolsByName(market).get(said.includes(' ') ? `${keyOf(said)} ` : keyOf(said))
  return (named && market.instrument(named)?.symbol) ?? coinIn(market, said)
}

const commonSymbols = new Map(
  [...companyNames].flatMap(([symbol, names]) => names.map((name) => [keyOf(name), symbol] as const)),
)

/** The symbol that a name has on US markets, whether the market in use has it or not. */
export const commonSymbol = (name: string): string | undefined => commonSymbols.get(keyOf(name))

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
  const ranked = market.instruments().flatMap((instrument) => {
    const { symbol } = instrument
    const name = nameOf(instrument)
    const rank = symbol === exact ? 0 : rankOf(symbol, [name, ...(companyNames.get(symbol) ?? [])], wanted, key)
    return rank === undefined ? [] : [{ symbol, name, rank }]
  })
  const sorted = ranked.sort((one, other) => one.rank - other.rank)
  return sorted.slice(0, most).map(({ symbol, name }) => ({ symbol, name }))
}

function rankOf(symbol: string, names: string[], wanted: string, key: string): number | undefined {
  if (symbol.startsWith(wanted)) return 1
  if (key !== '' && names.some((name) => keyOf(name).startsWith(key))) return 2
  if (symbol.includes(wanted)) return 3
  return key.length > 1 && names.some((name) => keyOf(name).includes(key)) ? 4 : undefined
}
