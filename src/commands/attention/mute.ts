import type { QuietHours } from '../../alerts/loudness.ts'
import { earOf, muteTypes, muteUntil, quietHours, settingOf } from '../../alerts/settings.ts'
import { typeName } from '../../alerts/text.ts'
import { Refusal } from '../../chat/refusal.ts'
import { headings } from '../../events/watch-event.ts'
import { momentText } from '../../trading/format.ts'
import { exchangeZone } from '../../trading/zone.ts'
import { type Command, say } from '../command.ts'
import { settingText } from './alerts.ts'

const minuteMs = 60_000
const unitMs: Record<string, number> = { m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs }
const longestMs = 30 * unitMs.d!
const usualMs = unitMs.h!

/** What can be muted; what is critical cannot. */
const critical = Object.keys(headings)
  .filter((type) => !type.startsWith('position.'))
  .map(typeName)
const mutable = [...Object.keys(headings).map(typeName), 'ORDER_ERROR', 'SCALEOUT_ERROR'].filter(
  (name) => !critical.includes(name),
)

export const muteAlerts: Command = {
  usage: 'mute [30m|1h|2d | TYPE]',
  example: 'mute 1h',
  detail: `Tells nothing here for a while (an hour when you name no time), or nothing of one type: ${mutable.join(', ')}. What is critical is told all the same. \`unmute\` ends it, \`digest\` shows what you missed.`,
  needs: 'trader',
  options: [{ name: 'what', type: 'text', description: '30m, 1h, 2d, or a type such as STOP_APPROACHING' }],
  async run(hearing, given) {
    const { parts } = hearing
    const ear = await earOf(parts.db, hearing)
    const said = given.rest ?? ''
    const type = typeIn(said)
    if (type) {
      if (critical.includes(type)) return neverMuted(type)
      const { mutedTypes } = await settingOf(parts.db, ear)
      await muteTypes(parts.db, ear, [...new Set([...mutedTypes, type])])
      return say(`🔇 ${type} is muted here.\n💡 \`unmute ${type}\` ends that`)
    }
    const forMs = said === '' ? usualMs : durationIn(said)
    if (forMs === undefined) {
      return new Refusal(
        'MUTE_NOT_UNDERSTOOD',
        'Mute for how long, or which type? Nothing was changed.',
        `For example \`mute 1h\`, \`mute 30m\` (30 days at most) or \`mute STOP_APPROACHING\`; types are ${mutable.join(', ')}`,
      )
    }
    const until = new Date(parts.clock.now().getTime() + forMs)
    await muteUntil(parts.db, ear, until)
    return say(
      `🔇 Muted here until ${momentText(until, hearing.speaker.timeZone)}.\n💡 What is critical is told all the same; \`unmute\` ends that`,
    )
  },
}

export const unmuteAlerts: Command = {
  usage: 'unmute [TYPE]',
  example: 'unmute',
  detail: 'Ends muting in this conversation, all of it or that of one type. Quiet hours stay: `quiet off`.',
  needs: 'trader',
  options: [{ name: 'type', type: 'text', description: 'A type such as STOP_APPROACHING' }],
  async run(hearing, given) {
    const { parts } = hearing
    const ear = await earOf(parts.db, hearing)
    const before = await settingOf(parts.db, ear)
    const type = typeIn(given.rest ?? '')
    if (given.rest && !(type && before.mutedTypes.includes(type))) {
      const instead =
        before.mutedTypes.length > 0 ? `Muted are ${before.mutedTypes.join(', ')}` : '`alerts` shows what is set'
      return new Refusal('NOT_MUTED', 'That is not muted here.', instead)
    }
    await muteTypes(parts.db, ear, type ? before.mutedTypes.filter((one) => one !== type) : [])
    if (!type) await muteUntil(parts.db, ear, null)
    return say(settingText(await settingOf(parts.db, ear), parts.clock.now(), hearing.speaker.timeZone))
  },
}

export const setQuietHours: Command = {
  usage: 'quiet HH:MM-HH:MM [TIME ZONE] | off',
  example: 'quiet 22:00-07:00 Europe/Berlin',
  detail:
    "Hours of the day in which only what is critical is told here, by the clocks of a time zone (yours, when you named one with `timezone`, or else the exchange's). `quiet off` ends it, `digest` shows what you missed.",
  needs: 'trader',
  options: [{ name: 'hours', type: 'text', required: true, description: '22:00-07:00 Europe/Berlin, or off' }],
  async run(hearing, given) {
    const { parts } = hearing
    const ear = await earOf(parts.db, hearing)
    const before = await settingOf(parts.db, ear)
    const hours =
      given.rest === 'off'
        ? undefined
        : hoursIn(given.rest ?? '', before.quiet?.timeZone ?? hearing.speaker.timeZone ?? exchangeZone)
    if (hours instanceof Refusal) return hours
    await quietHours(parts.db, ear, hours)
    return say(settingText({ ...before, quiet: hours }, parts.clock.now(), hearing.speaker.timeZone))
  },
}

const typeIn = (text: string) =>
  [...mutable, ...critical].find(
    (name) =>
      name ===
      text
        .toUpperCase()
        .replace(/^\w+\./, '')
        .replace(/[\s-]+/g, '_'),
  )

function neverMuted(type: string): Refusal {
  return new Refusal(
    'NEVER_MUTED',
    `${type} is critical and never muted. Nothing was changed.`,
    '`alerts off` makes this conversation silent',
  )
}

/** A length of time such as `30m`, `1.5 h` or `2 days`, in milliseconds; 30 days at most. */
function durationIn(text: string): number | undefined {
  const [, number, unit] = /^(?:for )?(\d+(?:\.\d+)?) ?(m|h|d)(?:in|ins|inutes?|ours?|r|rs|ays?)?$/.exec(text) ?? []
  const ms = Number(number) * (unitMs[unit ?? ''] ?? Number.NaN)
  return ms > 0 && ms <= longestMs ? ms : undefined
}

function hoursIn(text: string, usualZone: string): QuietHours | Refusal {
  const [, from, until, zone] = /^(\d{1,2}:\d\d) ?(?:-|–|to|until) ?(\d{1,2}:\d\d)(?: (\S+))?$/.exec(text) ?? []
  const [begin, end] = [clockTime(from), clockTime(until)]
  const timeZone = zoneIn(zone ?? usualZone)
  if (begin && end && begin !== end && timeZone) return { from: begin, until: end, timeZone }
  const sentence = begin && end && !timeZone ? 'I do not know that time zone.' : 'Quiet from when to when?'
  return new Refusal(
    'QUIET_NOT_UNDERSTOOD',
    `${sentence} Nothing was changed.`,
    'For example `quiet 22:00-07:00`, `quiet 22:00-07:00 Europe/Berlin` or `quiet off`',
  )
}

function clockTime(text?: string): string | undefined {
  const padded = text?.padStart(5, '0')
  return padded && /^([01]\d|2[0-3]):[0-5]\d$/.test(padded) ? padded : undefined
}

/** The time zone by the name that everybody knows it by; undefined when there is none. */
function zoneIn(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
