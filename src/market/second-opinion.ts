import type { MarketLog } from './log.ts'
import type { Market, Quote } from './market.ts'
import { marksOf } from './marks.ts'

/**
 * The guarded quote of a symbol after all sources were asked at once: no longer weak when a second one confirms it. Undefined when
 * the market has no price now.
 */
export async function secondOpinion(
  { market, log }: { market: Market; log: MarketLog },
  symbol: string,
): Promise<Quote | undefined> {
  try {
    await market.confirmed?.(symbol)
    return await marksOf(market).quote(symbol)
  } catch (cause) {
    log.warn({ err: cause, symbol }, 'a weak price could not be confirmed')
    return undefined
  }
}
