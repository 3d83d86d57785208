import { type Basis, type Candle, NoCanvas, NoPicture } from '../../charts/index.ts'
import { candle } from '../../market/indicators/candle.ts'
import { calendarFor, tradedAt } from '../../market/indicators/sessions.ts'
import type { Bar, Instrument } from '../../market/market.ts'
import type { Parts } from '../../trading/parts.ts'
import type { Picture } from '../chat/reply.ts'
import type { Outcome } from './command.ts'

const dayMinutes = 1440

/**
 * The time axis of bars of this many minutes, and the bars as plain numbers, in the member's time zone, or in the exchange's
 * without one. Daily bars have dates without times. A date is stored as its midnight in UTC, so any other time zone would show
 * the day before.
 */
export function axisOf(
  bars: Bar[],
  minutes: number,
  instrument: Instrument,
  zone: string | null | undefined,
): Pick<Basis, 'times' | 'timeZone'> & { candles: Candle[] } {
  const timeZone = minutes >= dayMinutes ? 'UTC' : (zone ?? calendarFor(instrument).timeZone)
  return { times: bars.map(tradedAt), timeZone, candles: bars.map(candle) }
}

/** A moment of a picture: `Nov 20, 2026`; with `clock`, its time, too: `Nov 20, 2026, 14:05`. */
export function whenText(at: Date, timeZone: string, clock: boolean): string {
  const day = { timeZone, month: 'short', day: 'numeric', year: 'numeric' } as const
  return new Intl.DateTimeFormat(
    'en-US',
    clock ? { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : day,
  ).format(at)
}

/** The time from one moment to another in words: `Nov 19, 2026, 10:05 – Nov 20, 2026, 14:05 · New York time`. */
export function spanText(from: Date, to: Date, timeZone: string, clock: boolean): string {
  const zone = clock ? ` · ${zoneText(timeZone)}` : ''
  return `${whenText(from, timeZone, clock)} – ${whenText(to, timeZone, clock)}${zone}`
}

/** The time zone of a picture in words: `New York time`, `UTC`. */
export function zoneText(timeZone: string): string {
  if (!timeZone.includes('/')) return timeZone
  return `${timeZone.split('/').at(-1)!.replaceAll('_', ' ')} time`
}

/** Draws a picture. If that fails, it logs the reason and returns a text that the reply shows in place of the picture. */
export async function drawn(
  { log }: Pick<Parts, 'log'>,
  about: Omit<Picture, 'png'>,
  draw: () => Promise<Uint8Array>,
): Promise<Picture | string> {
  try {
    return { ...about, name: about.name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-'), png: await draw() }
  } catch (cause) {
    if (cause instanceof NoCanvas) log.warn({ err: cause }, 'this machine cannot draw pictures')
    else if (cause instanceof NoPicture) log.warn({ err: cause, picture: about.name }, 'a picture was not drawn')
    else log.error({ err: cause, picture: about.name }, 'a picture could not be drawn')
    return `⚠️ ${cause instanceof NoPicture ? instead[cause.because] : 'The picture could not be drawn here. The log says why.'}`
  }
}

const instead: Record<NoPicture['because'], string> = {
  busy: 'There is no picture this time: too many are wanted at once. Ask again in a moment.',
  late: 'There is no picture this time: it took too long to draw. Ask again in a moment.',
  died: 'There is no picture this time: drawing it failed. Ask again; the log says why.',
}

/** One reply with a picture. The text is complete without the picture. */
export async function show(
  parts: Pick<Parts, 'log'>,
  text: string,
  about: Omit<Picture, 'png'>,
  draw: () => Promise<Uint8Array>,
): Promise<Outcome> {
  const picture = await drawn(parts, about, draw)
  return { replies: [typeof picture === 'string' ? { text: `${text}\n${picture}` } : { text, pictures: [picture] }] }
}
