import type { Big } from '../../base/amounts.ts'
import type { Market, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Affected } from './rows/affected.ts'
import { isOfNewUnits, type Ratio } from './rules/split.ts'

/**
 * The price of an old unit in dollars when a split is asked for. Undefined without a price, or when the market already shows
 * prices of new units. It does when the present price is nearer to a known price of old units converted to new ones than to
 * that known price itself.
 */
export function priceOfOldUnit(affected: Affected[], quote: Quote | undefined, ratio: Ratio): Big | undefined {
  if (!quote || quote.stale) return quote?.last
  const known = affected.flatMap(({ scaleout, mark }) => scaleout?.decisionPrice ?? mark ?? [])
  return known.some((price) => isOfNewUnits(quote.last, price, ratio)) ? undefined : quote.last
}

/** The last prices of a symbol and of its new symbol, in dollars; undefined when unknown. */
export interface TwoPrices {
  before?: Big
  after?: Big
}

/**
 * The prices of both symbols of a rename. If the price of the old symbol is not fresh, the last mark of a position replaces it.
 */
export async function pricesOfBoth(
  market: Market,
  { symbol, newSymbol }: { symbol: string; newSymbol: string },
  affected: Affected[],
): Promise<TwoPrices> {
  const marks = marksOf(market)
  const [before, after] = await Promise.all([marks.quote(symbol), marks.quote(newSymbol)])
  const mark = affected.find((one) => one.mark)?.mark
  const isFresh = before !== undefined && !before.stale
  return { before: isFresh ? before.last : (mark ?? before?.last), after: after?.last }
}

/** Prices that differ by more than this factor are not of the same shares. */
const mostApart = 2

/** Are two prices too far apart to be of the same shares? False if either is unknown. */
export function areApart({ before, after }: TwoPrices): boolean {
  if (!before || !after) return false
  return before.gt(after.times(mostApart)) || after.gt(before.times(mostApart))
}
