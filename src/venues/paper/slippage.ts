import { setTimeout as wait } from 'node:timers/promises'
import type { Bar, Market } from '../../market/market.ts'

/** The volume and volatility of a symbol; slippage depends on the order's size relative to these. */
export interface Activity {
  /** Units that trade in an average minute. */
  minuteVolume: number
  /** Standard deviation of a day's return: 0.02 is two percent. */
  dailyVolatility: number
}

/** Minutes in the regular session of a US stock. */
const sessionMinutes = 390

/** The largest slippage, as a ratio of the price: an exchange would halt before that. */
const mostSlippage = 0.2

/**
 * The slippage of an order beyond bid or ask, as a ratio of the price: a fixed part, and the temporary impact of Almgren,
 * Thum, Hauptmann and Li, "Direct Estimation of Equity Market Impact" (2005): η·σ·(X / VT)^0.6 with η = 0.142, for an order
 * of X units that is executed within a minute of volume VT. Without a fixed part there is no slippage.
 */
export function slippageShare(bps: number, quantity: number, activity: Activity | undefined): number {
  if (bps === 0) return 0
  const impact = activity ? 0.142 * activity.dailyVolatility * (quantity / activity.minuteVolume) ** 0.6 : 0
  return Math.min(mostSlippage, bps / 10_000 + impact)
}

/** An order waits for no provider of bars: after so many milliseconds it fills as without bars. */
const barsWithinMs = 500

/** The activity of a symbol in its last half hour (or month, when a market has daily bars only), cached for a minute. */
export function createActivity(market: Market, now: () => Date, withinMs = barsWithinMs) {
  const known = new Map<string, { until: number; activity: Promise<Activity | undefined> }>()

  return (symbol: string): Promise<Activity | undefined> => {
    const time = now().getTime()
    const before = known.get(symbol)
    if (before && time < before.until) return inTime(before.activity, withinMs)
    // Without bars an order still fills, with the fixed part only.
    const activity = measure(market, symbol).catch(() => undefined)
    known.set(symbol, { until: time + 60_000, activity })
    return inTime(activity, withinMs)
  }
}

/** The activity if it comes in time; a later one serves the orders after this one. */
async function inTime(activity: Promise<Activity | undefined>, withinMs: number): Promise<Activity | undefined> {
  const over = new AbortController()
  const late = wait(withinMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
  return Promise.race([activity, late]).finally(() => over.abort())
}

async function measure(market: Market, symbol: string): Promise<Activity | undefined> {
  const minutes = await market.bars(symbol, 1, 30)
  if (minutes.length > 1) return activityOf(minutes, 1)
  const days = await market.bars(symbol, 1440, 20)
  return days.length > 1 ? activityOf(days, sessionMinutes) : undefined
}

function activityOf(bars: Bar[], minutesInBar: number): Activity | undefined {
  const volume = bars.reduce((sum, bar) => sum + bar.volume.toNumber(), 0)
  const squares = bars.reduce((sum, bar) => sum + Math.log(bar.close.toNumber() / bar.open.toNumber()) ** 2, 0)
  if (volume <= 0) return undefined
  return {
    minuteVolume: volume / bars.length / minutesInBar,
    dailyVolatility: Math.sqrt((squares / bars.length) * (sessionMinutes / minutesInBar)),
  }
}
