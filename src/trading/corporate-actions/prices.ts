import type { Big } from '../../base/amounts.ts'
import type { Market, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Affected } from './rows/affected.ts'
import { isOfNewUnits, type Ratio } from './rules/split.ts'

/**
 * What an old unit costs when a split is asked for, in dollars. Undefined without a price, and where the market shows prices of
 * new units already: where the last price of an old one is known, and that of now is nearer to what it becomes.
 */
export function priceOfOldUnit(affected: Affected[], quote: Quote | undefined, ratio: Ratio): Big | undefined {
  if (!quote || quote.stale) return quote?.last
  const known = affected.flatMap(({ scaleout, mark }) => scaleout?.decisionPrice ?? mark ?? [])
  return known.some((price) => isOfNewUnits(quote.last, price, ratio)) ? undefined : quote.last
}

/** The last prices of a symbol and of the one that it becomes, in dollars; undefined what is not known. */
export interface TwoPrices {
  before?: Big
  after?: Big
}

/** What both symbols of a rename cost. A price that is not fresh gives way to the one at which positions were marked last. */
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

/** So many times the other price is no price of the same shares. */
const mostApart = 2

/** Are two prices too far apart to be of the same shares? Not where one is unknown. */
export function areApart({ before, after }: TwoPrices): boolean {
  if (!before || !after) return false
  return before.gt(after.times(mostApart)) || after.gt(before.times(mostApart))
}
