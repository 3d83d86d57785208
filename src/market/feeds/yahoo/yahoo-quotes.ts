import Big from 'big.js'
import { z } from 'zod'
import { calendarOf } from '../../calendar.ts'
import type { Instrument, Quote } from '../../market.ts'
import { assumedAround, priceIn, tickAt } from '../shared/prices.ts'

/** A quote as Yahoo writes it; everything but the symbol may be missing. */
const written = z.object({
  symbol: z.string(),
  quoteType: z.string().optional(),
  currency: z.string().optional(),
  shortName: z.string().optional(),
  longName: z.string().optional(),
  marketState: z.string().optional(),
  quoteSourceName: z.string().optional(),
  priceHint: z.unknown().optional(),
  regularMarketPrice: z.unknown().optional(),
  regularMarketTime: z.unknown().optional(),
  bid: z.unknown().optional(),
  ask: z.unknown().optional(),
  exchangeDataDelayedBy: z.unknown().optional(),
  sourceInterval: z.unknown().optional(),
})

/** A price of Yahoo's, and the instrument that it tells of. */
export interface YahooQuote {
  instrument: Instrument
  quote: Quote
  /** The exchange's prices are late by this many milliseconds, by Yahoo's word. */
  delayMs: number
}

/** Class shares have a dot on US markets and a dash at Yahoo: `BRK.B`, `BRK-B`. */
export const yahooSymbol = (symbol: string): string => symbol.replace(/^([A-Z]{1,5})\.([A-C])$/, '$1-$2')
/** The desk's spelling of Yahoo's symbol. */
export const deskSymbol = (symbol: string): string => symbol.toUpperCase().replace(/^([A-Z]{1,5})-([A-C])$/, '$1.$2')

const minuteMs = 60_000
/** The delay where Yahoo calls a quote delayed and says no number. */
const usualDelay = 15
/** A stock that has not traded for so long may be halted. */
const quietMs = 10 * minuteMs
/** Bid and ask that are further apart than this share of the price are leftovers of closed hours. */
const widest = new Big('0.05')

/**
 * The quote in an answer that arrived at `fetchedAt`; undefined when it is none, or not in dollars. While the exchange is open
 * its price is as old as its delay; while it is closed, as its last trade.
 */
export function quoteIn(answer: unknown, fetchedAt: Date): YahooQuote | undefined {
  const parsed = written.safeParse(answer)
  if (!parsed.success) return undefined
  const said = parsed.data
  const last = priceIn(said.regularMarketPrice)
  if (!last || said.currency !== 'USD') return undefined
  const symbol = deskSymbol(said.symbol)
  const instrument = instrumentOf(symbol, said, last)
  const tradedAt = momentIn(said.regularMarketTime, fetchedAt)
  const isOpen = said.marketState === 'REGULAR' && calendarOf(symbol).sessionAt(fetchedAt) !== undefined
  const delayMs = delayOf(said)
  const at = isOpen ? new Date(fetchedAt.getTime() - delayMs) : (tradedAt ?? new Date(0))
  const weak = isOpen ? weakness(said, delayMs, tradedAt, fetchedAt) : undefined
  return {
    instrument,
    delayMs,
    quote: { symbol, ...sidesOf(said, last, instrument.tick), last, at, source: 'yahoo', ...(weak && { weak }) },
  }
}

type Written = z.infer<typeof written>

function instrumentOf(symbol: string, said: Written, last: Big): Instrument {
  const isCoin = said.quoteType === 'CRYPTOCURRENCY'
  const hint = typeof said.priceHint === 'number' && said.priceHint >= 2 && said.priceHint <= 8 ? said.priceHint : 2
  return {
    symbol,
    name: said.longName ?? said.shortName ?? symbol,
    lot: new Big(isCoin ? '0.00000001' : 1),
    tick: isCoin ? new Big(10).pow(-hint) : tickAt(last),
    ...(isCoin && { isAroundTheClock: true }),
  }
}

/** Bid and ask, assumed around the last price where Yahoo has none that belong to it. */
function sidesOf(said: Written, last: Big, tick: Big): Pick<Quote, 'bid' | 'ask' | 'isAssumed'> {
  const [bid, ask] = [priceIn(said.bid), priceIn(said.ask)]
  const near = last.times(widest)
  if (bid && ask && bid.lte(ask) && last.minus(bid).lte(near) && ask.minus(last).lte(near)) return { bid, ask }
  return { ...assumedAround(last, tick), isAssumed: true }
}

/** A Unix time in seconds; undefined when it is none, or lies in the future by more than a minute. */
function momentIn(value: unknown, now: Date): Date | undefined {
  const ms = Number(value) * 1000
  if (!(ms > 0) || ms > now.getTime() + minuteMs) return undefined
  return new Date(Math.min(ms, now.getTime()))
}

function delayOf(said: Written): number {
  const minutes = typeof said.exchangeDataDelayedBy === 'number' ? Math.max(0, said.exchangeDataDelayedBy) : usualDelay
  const isCalledLate = /delay/i.test(said.quoteSourceName ?? '')
  const interval = typeof said.sourceInterval === 'number' && said.sourceInterval > 0 ? said.sourceInterval : usualDelay
  return (minutes === 0 && isCalledLate ? interval : minutes) * minuteMs
}

/** The reason why money is not moved by this price alone. */
function weakness(said: Written, delayMs: number, tradedAt: Date | undefined, now: Date): string | undefined {
  if (typeof said.exchangeDataDelayedBy !== 'number') return 'Yahoo does not say how late its price is'
  if (delayMs > 0) return `Yahoo's price is ${delayMs / minuteMs} min late`
  if (!tradedAt) return 'Yahoo does not say when its price was traded'
  const quiet = now.getTime() - tradedAt.getTime()
  return quiet > quietMs
    ? `Yahoo has seen no trade for ${Math.floor(quiet / minuteMs)} min; trading may be halted`
    : undefined
}
