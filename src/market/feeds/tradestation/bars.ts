import { z } from 'zod'
import type { BarSource } from '../../bars/bar-source.ts'
import { calendarOf } from '../../calendar.ts'
import type { Bar } from '../../market.ts'
import { amountIn, priceIn } from '../shared/prices.ts'
import type { DataClient } from './client.ts'

/** The lengths of bars that are asked for, in minutes; others are made of these. */
const lengths = [1, 5, 15, 30, 1440]
const dayMinutes = 1440
const minuteMs = 60_000
const dayMs = 86_400_000
/** Trades that are reported late change a bar for about half a minute; the volume of a day counts until late trading is over. */
const lateMs = 40_000
const lateTradingMs = 4 * 3_600_000
/** Days of history that are looked at, by the length of bars: TradeStation shows 57,600 bars within a day at most. */
const daysOf = (minutes: number) => (minutes >= dayMinutes ? 20_000 : minutes === 1 ? 140 : 400)

export const barsPayload = z.object({
  Bars: z
    .array(
      z.object({
        Open: z.string(),
        High: z.string(),
        Low: z.string(),
        Close: z.string(),
        TimeStamp: z.string(),
        TotalVolume: z.string().nullish(),
        BarStatus: z.string().nullish(),
      }),
    )
    .nullish(),
})
type WrittenBars = z.infer<typeof barsPayload>

/**
 * The finished bars in an answer, oldest first. TradeStation names the end of a bar; ours begin at `at`. One that is open, lacks a price, or lies
 * outside of sessions is left out.
 */
export function barsIn({ Bars }: WrittenBars, symbol: string, minutes: number): Bar[] {
  const calendar = calendarOf(symbol)
  const byStart = new Map<number, Bar>()
  for (const one of Bars ?? []) {
    if (one.BarStatus != null && one.BarStatus !== 'Closed') continue
    const end = new Date(one.TimeStamp)
    const [open, high, low, close] = [one.Open, one.High, one.Low, one.Close].map(priceIn)
    if (Number.isNaN(end.getTime()) || !open || !high || !low || !close) continue
    const at = startOf(end, minutes)
    if (!at) continue
    byStart.set(at.getTime(), { at, open, high, low, close, volume: amountIn(one.TotalVolume) ?? open.times(0) })
  }
  return [...byStart.values()].sort((one, other) => one.at.getTime() - other.at.getTime())

  /** The last bar of a session may be short: it begins on the grid before its end. */
  function startOf(end: Date, length: number): Date | undefined {
    const session = calendar.sessionAt(new Date(end.getTime() - 1))
    if (length >= dayMinutes) return (session ?? calendar.sessionOf(end))?.open
    if (!session) return undefined
    const sinceOpen = end.getTime() - 1 - session.open.getTime()
    return new Date(session.open.getTime() + Math.floor(sinceOpen / (length * minuteMs)) * length * minuteMs)
  }
}

/** TradeStation's bars of regular sessions, in today's shares. */
export function tradeStationBars(client: DataClient): BarSource {
  return {
    ...{ name: 'tradestation', adjustment: 'split', lengths },
    settleMs: (minutes) => (minutes >= dayMinutes ? lateTradingMs : lateMs),
    earliest: (minutes, now) => new Date(now.getTime() - daysOf(minutes) * dayMs),
    async fetch(symbol, minutes, from, to) {
      const isDaily = minutes >= dayMinutes
      const answer = await client.get(
        `/barcharts/${encodeURIComponent(symbol)}`,
        {
          interval: isDaily ? '1' : String(minutes),
          unit: isDaily ? 'Daily' : 'Minute',
          firstdate: wholeSeconds(from),
          // The end of a bar counts, and that of a day comes hours after its beginning.
          lastdate: wholeSeconds(new Date(to.getTime() + (isDaily ? dayMs : minutes * minuteMs))),
        },
        barsPayload,
        20_000,
      )
      return barsIn(answer, symbol, minutes).filter(({ at }) => at >= from && at < to)
    },
  }
}

const wholeSeconds = (at: Date) => at.toISOString().replace(/\.\d+Z$/, 'Z')
