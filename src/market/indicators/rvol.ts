import type { Calendar } from '../calendar.ts'
import type { Bar } from '../market.ts'
import { type SessionBars, sessionsOf, tradedAt } from './sessions.ts'

/** Earlier sessions that are compared with, and the least that say something. */
export const rvolSessions = { most: 20, least: 5 }

/** How much was traded in the last session, against what is usual by the same time of day. */
export interface RelativeVolume {
  /** `volume` over `usual`. */
  ratio: number
  /** Units from the open to the end of the last bar. */
  volume: number
  /** Units: the mean of the earlier sessions over the same stretch after their open. */
  usual: number
  /** How many earlier sessions that is. */
  sessions: number
  /** Milliseconds since the open at the end of the last bar. */
  elapsedMs: number
}

/**
 * Relative volume by time of day: the volume of the last session so far over the mean volume of up to 20 sessions before
 * it over the same stretch after the open. Sessions that were over by then (half days) do not count, nor does the first
 * one that the bars reach into unless they begin with its open. `barMs` is the length of a bar at the exchange.
 * Undefined with fewer than five sessions to compare with, or where they traded nothing.
 */
export function relativeVolume(bars: Bar[], calendar: Calendar, barMs: number): RelativeVolume | undefined {
  const sessions = sessionsOf(bars, calendar)
  const today = sessions.pop()
  if (!today) return undefined
  const lengthMs = today.session.close.getTime() - today.session.open.getTime()
  const elapsedMs = Math.min(sinceOpen(today, today.bars.at(-1)!) + barMs, lengthMs)
  const earlier = sessions
    .filter(({ session }) => session.close.getTime() - session.open.getTime() >= elapsedMs)
    .filter((session) => session.first > 0 || sinceOpen(session, session.bars[0]!) < barMs)
    .slice(-rvolSessions.most)
  if (earlier.length < rvolSessions.least) return undefined
  const usual = earlier.reduce((total, session) => total + volumeUntil(session, elapsedMs), 0) / earlier.length
  const volume = volumeUntil(today, elapsedMs)
  return usual > 0 ? { ratio: volume / usual, volume, usual, sessions: earlier.length, elapsedMs } : undefined
}

const sinceOpen = ({ session }: SessionBars, bar: Bar) => tradedAt(bar).getTime() - session.open.getTime()

/** The volume of the bars that began before this much of the session was over. */
function volumeUntil(session: SessionBars, elapsedMs: number): number {
  return session.bars
    .filter((bar) => sinceOpen(session, bar) < elapsedMs)
    .reduce((total, bar) => total + bar.volume.toNumber(), 0)
}

/**
 * The volume of each bar over the mean volume at its time after the open in up to 20 sessions before; undefined where
 * there are fewer than five.
 */
export function relativeVolumes(bars: Bar[], calendar: Calendar, barMs: number): (number | undefined)[] {
  const values: (number | undefined)[] = bars.map(() => undefined)
  const before = new Map<number, number[]>()
  for (const session of sessionsOf(bars, calendar)) {
    for (const [index, bar] of session.bars.entries()) {
      const time = Math.floor(sinceOpen(session, bar) / barMs)
      const earlier = before.get(time) ?? []
      const volume = bar.volume.toNumber()
      values[session.first + index] = overUsual(volume, earlier)
      before.set(time, [...earlier, volume].slice(-rvolSessions.most))
    }
  }
  return values
}

/** The volume of each bar over the mean of up to 20 before it. */
export function relativeDayVolumes(bars: Bar[]): (number | undefined)[] {
  const volumes = bars.map((bar) => bar.volume.toNumber())
  return volumes.map((volume, at) => overUsual(volume, volumes.slice(Math.max(0, at - rvolSessions.most), at)))
}

function overUsual(volume: number, earlier: number[]): number | undefined {
  const usual = earlier.reduce((total, one) => total + one, 0) / earlier.length
  return earlier.length >= rvolSessions.least && usual > 0 ? volume / usual : undefined
}

/** The same for bars of a day: the volume of the last one over the mean of up to 20 before it. */
export function relativeDayVolume(bars: Bar[]): Omit<RelativeVolume, 'elapsedMs'> | undefined {
  const volumes = bars.slice(-rvolSessions.most - 1).map((bar) => bar.volume.toNumber())
  const volume = volumes.pop()
  if (volume === undefined || volumes.length < rvolSessions.least) return undefined
  const usual = volumes.reduce((total, one) => total + one, 0) / volumes.length
  return usual > 0 ? { ratio: volume / usual, volume, usual, sessions: volumes.length } : undefined
}
