import { type Clock, realWait } from '../base/clock.ts'
import { mergedBar } from './indicators/sessions.ts'
import type { Bar, Market } from './market.ts'

const minuteMs = 60_000
const [fiveMinutes, day] = [5, 1440]
/** Times of bars on a faster clock are rounded to the millisecond. */
const roundingMs = 1

/**
 * The bar of this many minutes that is under way behind the last finished one: the shorter finished bars since, and the last
 * price. Its volume lacks the minute under way. Undefined when nothing of it is known, as while the exchange is closed.
 */
export async function unfinishedBar(
  market: Pick<Market, 'bars' | 'quote'>,
  clock: Clock,
  symbol: string,
  minutes: number,
  last: Bar,
): Promise<Bar | undefined> {
  const length = realWait(clock, minutes * minuteMs)
  const from = last.at.getTime() + length
  const now = clock.now().getTime()
  const parts = await partsSince(market, clock, symbol, minutes, from)
  const begins = parts[0]?.at.getTime() ?? from
  if (now < begins - roundingMs || now >= begins + length) return undefined
  const quote = await market.quote(symbol)
  if (quote && !quote.stale) {
    const tradedAt = parts[0]?.tradedAt ?? after(last.tradedAt, minutes)
    const known = quote.path?.filter(({ at }) => at.getTime() >= begins - roundingMs).map(({ price }) => price) ?? []
    for (const price of [...known, quote.last])
      parts.push({
        at: new Date(begins),
        ...(tradedAt && { tradedAt }),
        ...{ open: price, high: price, low: price, close: price, volume: last.volume.times(0) },
      })
  }
  const [first, ...others] = parts
  return first && mergedBar([first, ...others])
}

const after = (at: Date | undefined, minutes: number) => at && new Date(at.getTime() + minutes * minuteMs)

/** The shorter finished bars since a moment in the clock's time, without gaps between their lengths. */
async function partsSince(
  market: Pick<Market, 'bars'>,
  clock: Clock,
  symbol: string,
  minutes: number,
  from: number,
): Promise<Bar[]> {
  const lengths = [day, fiveMinutes].filter((length) => minutes > length && minutes % length === 0)
  const parts: Bar[] = []
  let next = from
  for (const length of minutes > 1 ? [...lengths, 1] : []) {
    const bars = await market.bars(symbol, length, Math.ceil(minutes / length))
    parts.push(...bars.filter(({ at }) => at.getTime() >= next - roundingMs))
    const latest = parts.at(-1)
    if (latest && bars.includes(latest)) next = latest.at.getTime() + realWait(clock, length * minuteMs)
  }
  return parts
}
