import { priceText } from '../../base/format.ts'
import type { Db } from '../../infra/db/client.ts'
import { calendarOf } from '../../market/calendar.ts'
import type { Quote } from '../../market/market.ts'
import { isOfNewUnits, priceOfNewUnit, ratioText } from '../corporate-actions/rules/split.ts'
import { type LastSplit, lastSplits } from './rows/position-adjustments.ts'
import type { Position } from './rows/positions.ts'

/**
 * The quotes of now at which open positions are shown and measured, by the position's id; none where there is no price. After a
 * split the market may show a price of old units for a while: it is given as what it comes to for a new one, and as not fresh,
 * so that nothing seems gained or lost by the split.
 */
export async function presentQuotes(
  { db, quote: quoteOf, now }: { db: Db; quote: (symbol: string) => Promise<Quote | undefined>; now: Date },
  positions: Pick<Position, 'id' | 'symbol'>[],
): Promise<Map<number, Quote>> {
  const [splits, quotes] = await Promise.all([
    lastSplits(
      db,
      positions.map(({ id }) => id),
    ),
    Promise.all(positions.map(({ symbol }) => quoteOf(symbol))),
  ])
  return new Map(
    positions.flatMap(({ id }, index) => {
      const [quote, split] = [quotes[index], splits.get(id)]
      if (!quote) return []
      return [[id, split && isOfOldUnits(quote, split, now) ? inNewUnits(quote, split) : quote] as const]
    }),
  )
}

/**
 * Is a quote one of old units? The market stood behind it before the split; or it is near to what an old unit cost, and the
 * first session since, by which prices are of new units, has not begun.
 */
export function isOfOldUnits(
  quote: Pick<Quote, 'symbol' | 'last' | 'at'>,
  split: LastSplit | undefined,
  now: Date,
): boolean {
  if (!split?.oldPrice) return false
  if (quote.at < split.at) return true
  if (isOfNewUnits(quote.last, split.oldPrice, split.ratio)) return false
  return now < calendarOf(quote.symbol).nextSession(split.at).open
}

function inNewUnits(quote: Quote, { ratio }: LastSplit): Quote {
  const [bid, ask, last] = [quote.bid, quote.ask, quote.last].map((price) => priceOfNewUnit(price, ratio))
  const stale = `the market shows ${priceText(quote.last)}, of before the split ${ratioText(ratio)}`
  return { ...quote, bid: bid!, ask: ask!, last: last!, stale }
}
