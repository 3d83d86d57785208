import type Big from 'big.js'
import type { ProviderStatus } from '../base/provider-status.ts'
import type { Depth } from './depth.ts'
import type { NewsSource } from './news.ts'
import type { OptionSource } from './options.ts'

/** A tradable instrument, with its steps of quantity and price. */
export interface Instrument {
  symbol: string
  name: string
  /** The smallest quantity, and the step of quantities: `1` for shares. */
  lot: Big
  /** The smallest step of a price, in dollars. */
  tick: Big
  /** This market trades it around the clock, whatever its symbol: its session is a day of UTC. */
  isAroundTheClock?: boolean
  /** Recorded bars, played one after the other, without closed hours. */
  isReplayed?: boolean
}

/** A price of a recorded bar, in dollars, and the moment from which it holds, in the clock's time. */
export interface PathPoint {
  at: Date
  price: Big
}

/** Best bid, best ask and last price in dollars, at a moment. */
export interface Quote {
  symbol: string
  bid: Big
  ask: Big
  last: Big
  /** The last moment at which the source confirmed these prices, in the clock's time. */
  at: Date
  /** The name of the source: `sim`, `quotes:prices.csv`, … */
  source: string
  /** Bid and ask are assumed around the last price, so they do not confirm it. */
  isAssumed?: boolean
  /** The reason why this quote is not traded on (too old, source unreadable); absent when it is fresh. */
  stale?: string
  /**
   * The reason why this quote alone triggers no stop, target or breaker of a linked account (delayed, from one small feed,
   * crossed, contradicted by another source). Paper accounts ignore it.
   */
  weak?: string
  /** The exchange has halted the symbol, whatever other sources still show; `stale` has its words. */
  isHalted?: boolean
  /**
   * For recorded bars: the prices of the bar so far, from its open to `last`. Every price between two of them traded on the
   * way.
   */
  path?: PathPoint[]
}

/**
 * Open, high, low, close in dollars and volume in units over an interval that begins at `at`, in the clock's time: with a
 * time scale of 60, bars of a minute begin a second apart.
 */
export interface Bar {
  at: Date
  /**
   * The beginning in the exchange's time, when it differs from the clock's: in a recording, or in a simulation that runs
   * faster.
   */
  tradedAt?: Date
  open: Big
  high: Big
  low: Big
  close: Big
  volume: Big
}

/** The place of a replay in its recording. */
export interface ReplayPlace {
  /** The name of its market: `replay:daily`. */
  name: string
  /** The day or time of the bar that plays, in the exchange's time; the last one once the replay has ended. */
  at: Date
  /** The first and the last bar that it plays. Bars before the first are history. */
  from: Date
  to: Date
  /** The length of a bar in minutes. */
  minutes: number
  /** The number of the bar that plays, from 1, and the number of all. */
  bar: number
  bars: number
  /** Its end, in the clock's time. */
  endsAt: Date
}

/** Two sources that say different prices of a symbol at the same time. */
export interface Disagreement {
  symbol: string
  /** The names of both sources with their prices in dollars, the preferred one first. */
  prices: [{ source: string; price: Big }, { source: string; price: Big }]
  /** Their distance in basis points of the price halfway between them. */
  basisPoints: number
  since: Date
}

/** The daily bars that a budget of requests allows. */
export interface BarsRoom {
  /** Symbols whose bars are not kept up to the last finished day. */
  missing: string[]
  /** The number of such symbols that can be asked for now. */
  fits: number
}

/** A source of prices. Symbols are accepted in any letter case, and returned in capitals. */
export interface Market {
  /** `sim`, `quotes:prices.csv`, `replay:minute`. */
  name: string
  instruments(): Instrument[]
  instrument(symbol: string): Instrument | undefined
  /**
   * Asks the source about a symbol that `instrument` does not know. A symbol that it knows is an instrument from then on, in
   * this process at once and in others after a second. Absent for a market whose list is complete.
   */
  lookUp?(symbol: string): Promise<Instrument | undefined>
  /** The current quote, marked when stale; undefined when the market does not know the symbol or has no price yet. */
  quote(symbol: string): Promise<Quote | undefined>
  /**
   * The last `count` finished bars of `minutes` (whole, from 1) each, oldest first. Fewer when there are no more; none when
   * the market has no bars of that length (a file of quotes has none at all). Throws `RangeError` on a fraction.
   */
  bars(symbol: string, minutes: number, count: number): Promise<Bar[]>
  /** The bars of so many symbols that are asked for at the same time need one request. Absent: each symbol needs its own. */
  barsAtOnce?: number
  /**
   * The daily bars of these symbols that would have to be asked for, and how many the source's budget of requests allows now. Absent for a
   * source that answers as much as is asked.
   */
  barsRoom?(symbols: string[]): Promise<BarsRoom>
  /** Does the source have bars of a symbol outside of sessions alone, as far as this process has seen? Absent where it cannot tell. */
  hasOnlyOutside?(symbol: string): boolean
  /**
   * The book of a symbol now, with at most so many levels on each side; undefined when the market does not know the symbol. Absent for
   * a market that shows none. Throws when it cannot answer.
   */
  depth?(symbol: string, levels: number): Promise<Depth | undefined>
  /** Calls back with every new quote of every symbol; returns a function that stops it. */
  subscribe(onQuote: (quote: Quote) => void): () => void
  /**
   * The quote after every source was asked at once: weak only when no second one confirms it. Absent for a market whose quotes
   * are never weak.
   */
  confirmed?(symbol: string): Promise<Quote | undefined>
  /**
   * Names the symbols whose prices must keep coming, as those of open positions: all of them, each time anew. Markets that push
   * everything need no names.
   */
  watch?(symbols: ReadonlySet<string>): void
  /** Its connections; absent for a market that has none. */
  providers?(): ProviderStatus[]
  /** Its options on shares; absent for a market that has none. */
  options?: OptionSource
  /** Its providers of headlines; absent for a market that has none. */
  newsSources?(): NewsSource[]
  /** The symbols of which two sources say different prices now. */
  disagreements?(): Disagreement[]
  /** The places of its replays now; absent without any. */
  replays?(): ReplayPlace[]
  close(): Promise<void>
}
