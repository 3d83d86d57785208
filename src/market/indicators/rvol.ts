import type { Calendar } from '../calendar.ts'
import type { Bar } from '../market.ts'
import { type SessionBars, sessionsOf, tradedAt } from './sessions.ts'

/** Earlier sessions for the comparison: the most, and the fewest that are meaningful. */
export const rvolSessions = { most: 20, least: 5 }

/** The volume of the last session, relative to the usual volume by the same time of day. */
export interface RelativeVolume {
  /** `volume` divided by `usual`. */
  ratio: number
  /** Units from the open to the end of the last bar. */
  volume: number
  /** Units: the mean of the earlier sessions over the same time after their open. */
  usual: number
  /** The number of earlier sessions. */
  sessions: number
  /** Milliseconds from the open to the end of the last bar. */
  elapsedMs: number
}

/**
 * Relative volume by time of day: the volume of the last session so far over the mean volume of up to 20 earlier sessions in
 * the same time after the open. Sessions that were over by then (half days) do not count. The first session counts only when
 * the bars begin with its open. `barMs` is the length of a bar at the exchange. Undefined with fewer than five sessions to
 * compare with, or when they had no volume.
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

/** The volume of the bars that began within this time after the open. */
function volumeUntil(session: SessionBars, elapsedMs: number): number {
  return session.bars
    .filter((bar) => sinceOpen(session, bar) < elapsedMs)
    .reduce((total, bar) => total + bar.volume.toNumber(), 0)
}

/**
 * The volume of each bar over the mean volume at the same time after the open in up to 20 earlier sessions; undefined with
 * fewer than five.
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

/** The volume of each bar over the mean of up to 20 bars before it. */
export function relativeDayVolumes(bars: Bar[]): (number | undefined)[] {
  const volumes = bars.map((bar) => bar.volume.toNumber())
  return volumes.map((volume, at) => overUsual(volume, volumes.slice(Math.max(0, at - rvolSessions.most), at)))
}

function overUsual(volume: number, earlier: number[]): number | undefined {
  const usual = earlier.reduce((total, one) => total + one, 0) / earlier.length
  return earlier.length >= rvolSessions.least && usual > 0 ? volume / usual : undefined
}

/** Relative volume of daily bars: the volume of the last bar over the mean of up to 20 bars before it. */
export function relativeDayVolume(bars: Bar[]): Omit<RelativeVolume, 'elapsedMs'> | undefined {
  const volumes = bars.slice(-rvolSessions.most - 1).map((bar) => bar.volume.toNumber())
  const volume = volumes.pop()
  if (volume === undefined || volumes.length < rvolSessions.least) return undefined
  const usual = volumes.reduce((total, one) => total + one, 0) / volumes.length
  return usual > 0 ? { ratio: volume / usual, volume, usual, sessions: volumes.length } : undefined
}
