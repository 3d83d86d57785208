import { Big } from '../../../../src/base/amounts.ts'
import { dayAfter, dayIn } from '../../../../src/base/zone.ts'
import { exchangeZone, nyse } from '../../../../src/market/calendar.ts'
import type { Bar } from '../../../../src/market/market.ts'
import type { HandMarket } from '../../../support/desk.ts'

/** A stock of the tests: its growth a day, and its last day beside the one before. */
interface Stock {
  /** In percent a day. */
  grows: number
  /** In percent on the last day. */
  jumps: number
  /** The volume of the last day, as a multiple of the others. */
  volume: number
  bars?: number
}

/** Stocks that pass the breakout screener with falling scores, stocks that fail it, and one that is too young for it. */
export const stocks: Record<string, Stock> = {
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [
      `UP${at + 1}`,
      { grows: 0.3, jumps: 2 + at * 0.4, volume: 1.97 - at * 0.04 },
    ]),
  ),
  FLAT: { grows: 0, jumps: 0, volume: 1 },
  DOWN: { grows: -0.2, jumps: -1, volume: 1 },
  YOUNG: { grows: 0.3, jumps: 2, volume: 2, bars: 143 },
  SPY: { grows: 0.05, jumps: 0.1, volume: 1 },
}

/** The days of the exchange's last sessions that have ended, oldest first. */
function lastSessions(count: number, now: Date): string[] {
  const days: string[] = []
  for (let day = dayAfter(dayIn(now, exchangeZone), -1); days.length < count; day = dayAfter(day, -1)) {
    if (nyse.sessionOf(day)) days.unshift(day)
  }
  return days
}

/** Lists the stocks on a market with their finished daily bars. Returns the last day. */
export function listStocks(market: HandMarket, now = new Date()): string {
  const days = lastSessions(270, now)
  for (const [symbol, stock] of Object.entries(stocks)) {
    const bars = barsOf(stock, days)
    market.list(symbol, bars.at(-1)!.close.toFixed(2))
    market.give(symbol, 1440, bars)
  }
  return days.at(-1)!
}

function barsOf({ grows, jumps, volume, bars = 270 }: Stock, days: string[]): Bar[] {
  let price = 50
  return days
    .map((day, at): Bar => {
      const isLast = at === days.length - 1
      const open = price
      price *= 1 + (isLast ? jumps : grows) / 100
      const [low, high] = [Math.min(open, price) * 0.995, Math.max(open, price) * 1.005]
      const exact = (value: number) => new Big(value.toFixed(4))
      return {
        at: new Date(`${day}T00:00:00Z`),
        ...{ open: exact(open), high: exact(high), low: exact(low), close: exact(price) },
        volume: new Big(Math.round(1_000_000 * (isLast ? volume : 1))),
      }
    })
    .slice(-bars)
}
