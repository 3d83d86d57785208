import { priceText } from '../../base/format.ts'
import type { Db } from '../../infra/db/client.ts'
import { calendarOf } from '../../market/calendar.ts'
import type { Quote } from '../../market/market.ts'
import { isOfNewUnits, priceOfNewUnit, ratioText } from '../corporate-actions/rules/split.ts'
import { type LastSplit, lastSplits } from './rows/position-adjustments.ts'
import type { Position } from './rows/positions.ts'

/**
 * The present quotes of open positions, by position id; a position without a price is missing. After a split the market may
 * show the price of old units for a while. Such a quote is converted to new units and marked stale, so that the split shows no
 * gain or loss.
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
 * Is a quote still one of old units? It is when it is from before the split. It also is when its price is near the cost of an
 * old unit and the first session after the split has not begun; from that session on, prices are of new units.
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
