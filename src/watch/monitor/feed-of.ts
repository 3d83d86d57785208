import { calendarFor } from '../../market/indicators/sessions.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../../trading/parts.ts'
import type { Watched } from '../../trading/protection/rows/watched.ts'
import type { Feed } from '../../trading/protection/rules/feed.ts'

/** The state of a position's price feed, from the prices that this process saw, the stored marks, and the market's hours. */
export function feedOf(
  { market, quoteMaxAgeMs }: Pick<Parts, 'market' | 'quoteMaxAgeMs'>,
  { symbol, markedAt, openedAt }: Watched,
  quote: Quote | undefined,
  at: Date,
): Feed {
  const instrument = market.instrument(symbol)
  const session = calendarFor(instrument ?? { symbol }).sessionAt(at)
  const isReplayed = instrument?.isReplayed === true
  const storedSince = (markedAt ?? openedAt).getTime()
  // The time of an old quote tells its age. A quote that is refused for another reason may be recent.
  const quotedAt = quote?.stale && at.getTime() - quote.at.getTime() > quoteMaxAgeMs ? quote.at.getTime() : 0
  const begins = isReplayed ? 0 : (session?.open.getTime() ?? 0)
  const seen = marksOf(market).freshAt(symbol)?.getTime() ?? 0
  return {
    isFresh: quote !== undefined && quote.stale === undefined,
    isOpen: isReplayed || session !== undefined,
    since: quotedAt > 0 ? Math.max(quotedAt, openedAt.getTime(), begins) : Math.max(storedSince, begins, seen),
    storedSince,
  }
}
