import type { Bar, Market } from '../../market/market.ts'

/** How much a symbol trades and moves: what an order's size is measured against. */
export interface Activity {
  /** Units in an average minute. */
  minuteVolume: number
  /** Standard deviation of a day's return: 0.02 is two percent. */
  dailyVolatility: number
}

/** Minutes in the regular session of a US stock. */
const sessionMinutes = 390

/** Nobody fills further from the quote than this share of the price: beyond, an exchange would halt. */
const mostSlippage = 0.2

/**
 * What an order pays beyond bid or ask, as a share of the price: a fixed part, and the temporary impact of
 * Almgren, Thum, Hauptmann and Li, "Direct Estimation of Equity Market Impact" (2005): η·σ·(X / VT)^0.6 with η = 0.142,
 * for an order of X units that is worked within a minute of volume VT. With no fixed part nothing slips.
 */
export function slippageShare(bps: number, quantity: number, activity: Activity | undefined): number {
  if (bps === 0) return 0
  const impact = activity ? 0.142 * activity.dailyVolatility * (quantity / activity.minuteVolume) ** 0.6 : 0
  return Math.min(mostSlippage, bps / 10_000 + impact)
}

/** Activity by symbol from its last half hour (or month, where a market has daily bars only), kept for a minute. */
export function createActivity(market: Market, now: () => Date) {
  const known = new Map<string, { until: number; activity: Promise<Activity | undefined> }>()

  return (symbol: string): Promise<Activity | undefined> => {
    const time = now().getTime()
    const before = known.get(symbol)
    if (before && time < before.until) return before.activity
    // Without bars an order still fills, at the fixed part.
    const activity = measure(market, symbol).catch(() => undefined)
    known.set(symbol, { until: time + 60_000, activity })
    return activity
  }
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
