import { Big } from '../../../base/amounts.ts'
import type { Quote } from '../../market.ts'
import type { AlpacaFeed } from '../feed-options.ts'
import type { QuotePayload, TradePayload } from './payloads.ts'

/** All that is known of a symbol's price. */
export interface Prices {
  /** Best bid and ask in dollars; zero for none. */
  bid?: Big
  ask?: Big
  quotedAt?: Date
  last?: Big
  tradedAt?: Date
  /** A halt, while one lasts, in the exchange's words. */
  halt?: { words: string; at: Date }
}

/** A trade that was made before a halt may be reported so many milliseconds after it. */
const afterHaltMs = 5000

/**
 * Conditions of a trade that is not a price of now: sold late or out of sequence, at an average, by another's price, for another
 * day, or an exchange's own opening and closing print (the sale conditions of the tapes that do not update the last price).
 */
const notLast = new Set(['C', 'H', 'M', 'N', 'P', 'Q', 'R', 'U', 'V', 'W', 'Z', '4', '7', '9'])

/** A trade, unless it is older than the last one or no price of now. The same object when nothing changed. */
export function withTrade(prices: Prices, { p, t, c }: TradePayload): Prices {
  if (!p.gt(0) || c?.some((flag) => notLast.has(flag))) return prices
  if (prices.tradedAt && t < prices.tradedAt) return prices
  // The end of a halt may be missed while the stream is away: trades tell it, too.
  const isTradedAgain = prices.halt && t.getTime() > prices.halt.at.getTime() + afterHaltMs
  return { ...prices, last: p, tradedAt: t, ...(isTradedAgain && { halt: undefined }) }
}

/** A quote, unless it is older than the last one. */
export function withQuote(prices: Prices, { bp, ap, t }: QuotePayload): Prices {
  if (bp.lt(0) || ap.lt(0) || (prices.quotedAt && t < prices.quotedAt)) return prices
  return { ...prices, bid: bp, ask: ap, quotedAt: t }
}

/** A trade was corrected to another price, or cancelled (without one). Only the last one matters. */
export function withCorrection(prices: Prices, was: Big | undefined, is: Big | undefined): Prices {
  if (!was || !prices.last?.eq(was)) return prices
  return is?.gt(0) ? { ...prices, last: is } : { ...prices, last: undefined, tradedAt: undefined }
}

/** Codes of a halt: of the tapes of NYSE and of Nasdaq (trading halt, volatility pause). */
const halts = new Set(['2', 'H', 'P'])
/** Codes of its end: resumption of trading. Resumed quotes (`Q`) are no trading yet. */
const resumptions = new Set(['3', 'T'])

/** A status of trading. Codes that are neither a halt nor its end change nothing. */
export function withStatus(prices: Prices, { sc, sm, rm, t }: { sc: string; sm: string; rm: string; t: Date }): Prices {
  const words = [sm, rm].filter(Boolean).join(', ') || `code ${sc}`
  if (halts.has(sc)) return { ...prices, halt: { words, at: t } }
  if (resumptions.has(sc)) return { ...prices, halt: undefined }
  return prices
}

/** Fifteen minutes, by the provider's word. */
export const delayMs = 15 * 60_000

/**
 * The quote of a symbol; undefined without any price. While the exchange is open, a quote holds until another comes, so it is as
 * old as the provider's last sign of life (`confirmedAt`). At other hours, and without a bid and ask, it is as old as it was made.
 */
export function quoteOf(
  symbol: string,
  prices: Prices,
  { feed, confirmedAt, isOpen }: { feed: AlpacaFeed; confirmedAt: Date; isOpen: boolean },
): Quote | undefined {
  const { bid, ask, halt } = prices
  const isTwoSided = bid?.gt(0) && ask?.gt(0)
  const last = prices.last ?? (isTwoSided ? bid!.plus(ask!).div(2).round(4) : undefined)
  if (!last) return undefined
  const weak = weakness(prices, feed)
  const made = isTwoSided ? latest(prices.quotedAt, prices.tradedAt) : prices.tradedAt
  const at = isTwoSided && isOpen ? confirmedAt : earliest(made ?? confirmedAt, confirmedAt)
  const isCrossed = isTwoSided && bid!.gt(ask!)
  return {
    symbol,
    ...(isTwoSided ? { bid: isCrossed ? ask! : bid!, ask: isCrossed ? bid! : ask! } : { bid: last, ask: last }),
    last,
    at: feed === 'delayed_sip' ? new Date(at.getTime() - delayMs) : at,
    source: feed === 'sip' ? 'alpaca' : `alpaca ${feed}`,
    ...((!isTwoSided || isCrossed) && { isAssumed: true }),
    ...(halt && { stale: `trading is halted: ${halt.words}`, isHalted: true }),
    ...(weak && { weak }),
  }
}

/** The reason why a quote of this feed alone is not enough for a stop of a linked account. */
function weakness({ bid, ask }: Prices, feed: AlpacaFeed): string | undefined {
  const zero = new Big(0)
  const [one, other] = [bid ?? zero, ask ?? zero]
  if (feed === 'delayed_sip') return 'the feed is 15 min late'
  if (!one.gt(0) || !other.gt(0)) return `it has no ${one.gt(0) ? 'ask' : other.gt(0) ? 'bid' : 'bid and no ask'}`
  if (one.gt(other)) return 'its bid is above its ask'
  return feed === 'iex' ? 'it is from IEX alone, a small part of the market' : undefined
}

const latest = (one: Date | undefined, other: Date | undefined) =>
  one && other ? (one > other ? one : other) : (one ?? other)
const earliest = (one: Date, other: Date) => (one < other ? one : other)
