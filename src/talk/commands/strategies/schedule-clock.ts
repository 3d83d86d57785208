import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../base/zone.ts'
import { timeAt } from '../../language/time.ts'
import { plain } from '../../language/words.ts'

/** A time of the day with its zone. */
export interface Clock {
  /** `16:15` */
  time: string
  zone: string
}

/** Regular hours of the exchange; a shorter day has the same clock times, because bars of it are finished earlier. */
const bells = { open: 9 * 60 + 30, close: 16 * 60 }

/** The time of the day in words (`4:15pm`, `15 minutes after the close`) or as a slot (`16:15`, `close+15m`), in the zone if it has none. */
export function clockIn(said: string, zone: string): Clock | Refusal {
  const value = slotIn(plain(said))
  const [, bell, sign, minutes = '0'] = /^(open|close)(?:([+-])(\d{1,4})m)?$/.exec(value ?? '') ?? []
  if (bell !== undefined) {
    const at = bells[bell as keyof typeof bells] + (sign === '-' ? -1 : 1) * Number(minutes)
    if (at < 0 || at >= 24 * 60) return noTime(said)
    const [hour, minute] = [Math.floor(at / 60), at % 60].map((part) => String(part).padStart(2, '0'))
    return { time: `${hour}:${minute}`, zone: exchangeZone }
  }
  const [, time, own] = /^((?:[01]\d|2[0-3]):[0-5]\d)(?: (\S+))?$/.exec(value ?? '') ?? []
  return time === undefined ? noTime(said) : { time, zone: own ?? zone }
}

function slotIn(said: string): string | undefined {
  if (/^(\d\d:\d\d( \S+\/\S+)?|(open|close)([+-]\d{1,4}m)?)$/.test(said)) return said
  const words = said.split(' ')
  const read = timeAt(words, 0) ?? timeAt(['at', ...words], 0)
  const length = read && read.used >= words.length
  return length ? read.value : undefined
}

function noTime(said: string): Refusal {
  // The grammar reads midnight as the end of a day, and that day is no exchange day for certain.
  const time = said === '24:00' ? 'midnight' : said.slice(0, 40)
  const sentence = `"${time}" is no time for a schedule. Nothing was set.`
  return new Refusal('NOT_UNDERSTOOD', sentence, 'Such as `screen breakout every weekday at 4:15pm`')
}
