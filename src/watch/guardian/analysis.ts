import { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { atr } from '../../market/indicators/atr.ts'
import { type BarStats, barStats } from '../../market/indicators/bar-stats.ts'
import { rsi, rsiBars } from '../../market/indicators/rsi.ts'
import { relativeVolume, rvolSessions } from '../../market/indicators/rvol.ts'
import { calendarFor } from '../../market/indicators/sessions.ts'
import type { Bar, Instrument, Quote } from '../../market/market.ts'
import { quoteToShow } from '../../market/to-show.ts'
import { noPrice } from '../../trading/orders/fresh-price.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { averageEntryPrice, unrealizedReturn } from '../../trading/positions/rules/position.ts'
import { type Protection, protectionOf } from '../../trading/protection/rows/protective-orders.ts'
import { shareOf } from '../../trading/protection/rules/protection.ts'
import { type ForecastRange, judgedDays } from '../forecast-range.ts'
import type { WatchParts } from '../parts.ts'
import { type AdvisedPosition, type Reason, reasonsOf } from './advise-rules.ts'
import { trailFor } from './guardian-rules.ts'

/** All facts about a position that a member asks about. */
export interface Analysis {
  position: Position
  instrument: Instrument
  /** A fresh quote. */
  quote: Quote
  protection: Protection
  bars?: Recent
  openMs: number
  advised: AdvisedPosition
  reasons: Reason[]
  /** The trail of a possible stop, as a share of the price. */
  trail: Big
  /** The range of the next days, without a direction; absent where nothing is forecast. */
  expected?: ForecastRange
}

interface Recent {
  minutes: number
  /** The latest bars, oldest first. */
  bars: Bar[]
  stats: BarStats
  /** The average true range, in dollars. */
  range: number
  rsi: number
}

type AnalysisParts = Pick<WatchParts, 'db' | 'market' | 'clock' | 'log' | 'forecastRange'>

/** The lengths of bars to try, in minutes. The first length with enough bars is used. */
const lengths = [5, 15, 60, 1440, 1]
const barCount = 250
/** The trend is measured over this many bars. */
const trendBars = 48
const volumeMinutes = 5
const hourMs = 3_600_000

/** Analyses a position. Refuses while there is no fresh price. */
export async function analysisOf(parts: AnalysisParts, position: Position): Promise<Analysis | Refusal> {
  const { db, market, clock } = parts
  const { symbol, signedQuantity } = position
  const [quote, instrument] = [await quoteToShow(market, symbol), market.instrument(symbol)]
  const unusable = instrument ? noPrice(quote) : `the market in use (${market.name}) has no ${symbol}`
  if (!quote || !instrument || unusable) {
    const instead = 'Nothing was done. Try again when the price is fresh'
    return new Refusal('NO_FRESH_PRICE', `${symbol} cannot be judged now: ${unusable}.`, instead)
  }
  const [protection, watch, bars, volume, expected] = await Promise.all([
    protectionOf(db, position.id),
    db.selectFrom('position_watch').select('best_return').where('position_id', '=', position.id).executeTakeFirst(),
    recentBars(parts, symbol),
    volumeNow(parts, instrument),
    parts.forecastRange?.(symbol, judgedDays),
  ])
  const price = quote.last
  const openMs = (clock.now().getTime() - position.openedAt.getTime()) * clock.scale
  const range = bars && new Big((bars.range / price.toNumber()).toFixed(8))
  const now = unrealizedReturn(position, price)
  const advised: AdvisedPosition = {
    signedQuantity,
    averageEntryPrice: averageEntryPrice(position),
    price,
    unrealizedReturn: now,
    bestReturn: watch?.best_return == null ? undefined : new Big(watch.best_return),
    stop: protection.stop?.price,
    target: protection.target?.price,
    hoursOpen: Math.floor(openMs / hourMs),
    trend: bars && trendOf(bars.stats, bars.bars.length, signedQuantity),
    range,
    rsi: bars?.rsi,
    relativeVolume: volume,
  }
  const stop = protection.stop && {
    price: protection.stop.price,
    trail: protection.stop.trail && shareOf(protection.stop.trail),
  }
  const trail = trailFor({ price, stop, volatility: range?.gt(0) ? range : undefined })
  const reasons = reasonsOf(advised)
  return { position, instrument, quote, protection, bars, openMs, advised, reasons, trail, expected }
}

/** The trend of a position's bars. A move within one standard deviation of a random walk over the same bars is `even`. */
function trendOf({ move, volatility }: BarStats, bars: number, signedQuantity: Big): AdvisedPosition['trend'] {
  if (move.abs().lte(volatility.times(Math.sqrt(bars - 1).toFixed(6)))) return 'even'
  return move.gt(0) === signedQuantity.gt(0) ? 'for' : 'against'
}

async function recentBars({ market, log }: AnalysisParts, symbol: string): Promise<Recent | undefined> {
  try {
    for (const minutes of lengths) {
      const bars = await market.bars(symbol, minutes, barCount)
      if (bars.length < rsiBars) continue
      const last = bars.slice(-trendBars)
      const stats = barStats(last.map(({ close }) => close))
      if (stats) return { minutes, bars: last, stats, range: atr(bars).at(-1)!, rsi: rsi(bars).at(-1)! }
    }
  } catch (cause) {
    log.warn({ err: cause, symbol }, 'there is advice without bars')
  }
  return undefined
}

/** The volume relative to the usual volume by this time of day; undefined when there are too few bars. */
async function volumeNow({ market, log }: AnalysisParts, instrument: Instrument): Promise<number | undefined> {
  try {
    const count = ((rvolSessions.most + 1) * 1440) / volumeMinutes
    const bars = await market.bars(instrument.symbol, volumeMinutes, count)
    return relativeVolume(bars, calendarFor(instrument), volumeMinutes * 60_000)?.ratio
  } catch (cause) {
    log.warn({ err: cause, symbol: instrument.symbol }, 'there is advice without volume')
    return undefined
  }
}
