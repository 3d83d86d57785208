import { commonSymbol, type Listing, symbolNamed, symbolNear } from '../../market/names.ts'
import { englishWords, noSymbols, shouted } from './english.ts'
import { wellKnownTickers } from './tickers.ts'
import type { Token } from './tokens.ts'

/** The symbols of the market in use. */
export interface KnowsSymbol {
  /** Is this word, in upper case, a traded symbol? */
  (word: string): boolean
  /**
   * The symbol of a name, a coin or a pair in another spelling: `palantir`, `btc`, `sol/usd`. A common name has one even if the
   * market does not trade it.
   */
  named?(words: string): string | undefined
  /** The traded symbol of a name with one typing error: `nvdia`. */
  near?(word: string): string | undefined
}

/** The symbols that a market lists, with their names. */
export function symbolsOf(market: Listing): KnowsSymbol {
  return Object.assign((word: string) => market.instrument(word) !== undefined, {
    named: (words: string) => symbolNamed(market, words) ?? (words.includes(' ') ? undefined : commonSymbol(words)),
    near: (word: string) => {
      const symbol = symbolNear(word)
      return symbol && market.instrument(symbol)?.symbol
    },
  })
}

/**
 * The certainty that a word is a symbol. `marked`: it has a dollar sign. `known`: the market has it, or it is well known.
 * `homograph`: it is known, but also an everyday word in lower case (COST, PLUG, T). `guess`: it only looks like a symbol.
 */
export type Certainty = 'marked' | 'known' | 'homograph' | 'guess'

const ranks: Certainty[] = ['marked', 'known', 'guess', 'homograph']

/** The less certain of two. */
export function worse(one: Certainty, other: Certainty = 'marked'): Certainty {
  return ranks.indexOf(one) > ranks.indexOf(other) ? one : other
}

const marked = /^\$[a-z][a-z0-9]{0,9}([.\-=/][a-z0-9]{1,5})?$/
const inCapitals = /^[A-Z]{2,5}([.-][A-Z]{1,4})?$/

const aWord = new Set(['a', 'i'])
const smallLetters = new Set(['f', 't'])

/** Reads a word as a symbol; undefined when it is none. `shouts`: the whole message is in capitals, so they mark nothing. */
export function symbolIn(
  { word, raw }: Token,
  knows: KnowsSymbol,
  shouts: boolean,
): { symbol: string; certainty: Certainty } | undefined {
  if (word.length > 20) return undefined
  const bare = word.replace(/'s$/, '')
  if (marked.test(bare)) return { symbol: bare.slice(1).toUpperCase(), certainty: 'marked' }
  if (!/^[a-z]/.test(bare)) return undefined
  const symbol = bare.toUpperCase()
  // A single capital may be a symbol. In lower case only letters that are no English word count, and only as a homograph.
  if (bare.length === 1) {
    if (raw.replace(/'s$/, '') === symbol)
      return shouts || aWord.has(bare) || !(knows(symbol) || wellKnownTickers.has(bare))
        ? undefined
        : { symbol, certainty: 'known' }
    return smallLetters.has(bare) ? { symbol, certainty: 'homograph' } : undefined
  }
  const isKnown = knows(symbol) || wellKnownTickers.has(bare)
  const capitals = !shouts && raw.replace(/'s$/, '') === symbol
  if (isKnown) {
    if (shouted.has(bare)) return undefined
    return { symbol, certainty: englishWords.has(bare) && !capitals ? 'homograph' : 'known' }
  }
  return capitals && inCapitals.test(symbol) && !shouted.has(bare) ? { symbol, certainty: 'guess' } : undefined
}

/** Does an unknown word, such as `wxyz`, look like a symbol? */
export function looksLikeSymbol(word: string): boolean {
  if (word.length < 2) return false
  if (word.length > 5 && /(ing|in|ly|ed)$/.test(word)) return false // `lookin`, `finally`
  return (
    /^\$?[a-z][a-z0-9.-]{0,11}$/.test(word) && !englishWords.has(word) && !noSymbols.has(word) && !shouted.has(word)
  )
}
