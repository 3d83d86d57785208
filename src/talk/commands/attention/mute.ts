import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../base/zone.ts'
import { watchTypes } from '../../../trading/events/rules/watch-event.ts'
import type { QuietHours } from '../../../watch/alerts/loudness.ts'
import {
  earOf,
  muteSymbol,
  muteTypes,
  muteUntil,
  quietHours,
  settingOf,
  unmuteSymbol,
} from '../../../watch/alerts/settings.ts'
import { typeName } from '../../../watch/alerts/type-name.ts'
import { type Command, say } from '../command.ts'
import { knownSymbol } from '../symbol.ts'
import { mutedLines, settingText } from './alerts.ts'

const minuteMs = 60_000
const unitMs: Record<string, number> = { m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs }
const longestMs = 30 * unitMs.d!
const usualMs = unitMs.h!

/** The types of alerts that can be muted. Critical ones cannot. */
const critical = watchTypes.filter((type) => !type.startsWith('position.')).map(typeName)
const mutable = [...watchTypes.map(typeName), 'ORDER_ERROR', 'SCALEOUT_ERROR'].filter(
  (name) => !critical.includes(name),
)

export const muteAlerts: Command = {
  name: 'mute',
  aliases: [],
  phrases: [{ full: 'mute alerts, silence alerts, snooze alerts, pause alerts', thin: 'snooze' }],
  description: 'Tell nothing here for a while, or nothing of one symbol or type',
  category: 'Alerts',
  position: 320,
  effect: 'sets',
  usage: 'mute [SYMBOL] [30m|1h|2d] | TYPE',
  example: 'mute 1h',
  detail: `Tells nothing here for a while, or nothing of one symbol (\`mute BYND 2h\`; an hour when you name no time), or nothing of one type: ${mutable.join(', ')}. What is critical is told all the same. \`unmute\` ends it, \`digest\` shows what you missed.`,
  needs: 'trader',
  account: 'acts',
  options: [
    {
      name: 'what',
      type: 'text',
      description: '30m, BYND, BYND 2h, or a type of event',
    },
  ],
  async run(hearing, { words: given }) {
    const { parts } = hearing
    const ear = await earOf(parts.db, hearing)
    const said = given.rest ?? given.symbol ?? ''
    const type = typeIn(said)
    if (type) {
      if (critical.includes(type)) return neverMuted(type)
      const { mutedTypes } = await settingOf(parts.db, ear)
      await muteTypes(parts.db, ear, [...new Set([...mutedTypes, type])])
      return say(`🔇 ${type} is muted here.\n💡 \`unmute ${type}\` ends that`)
    }
    const { named, forMs } = symbolAndTime(said)
    if (forMs === undefined) return notUnderstood()
    const now = parts.clock.now()
    const until = new Date(now.getTime() + forMs)
    const untilText = momentText(until, hearing.speaker.timeZone)
    if (named !== undefined) {
      const symbol = knownSymbol(parts.market, named)
      if (symbol instanceof Refusal) return symbol
      await muteSymbol(parts.db, ear, symbol, until)
      return say(
        `🔇 ${symbol} is muted here until ${untilText}.\n💡 What is critical is told all the same; \`unmute ${symbol}\` ends that`,
      )
    }
    const others = mutedLines(await settingOf(parts.db, ear), now, hearing.speaker.timeZone)
    await muteUntil(parts.db, ear, until)
    const lines = [`🔇 Muted here until ${untilText}.`, ...others]
    return say(`${lines.join('\n')}\n💡 What is critical is told all the same; \`unmute\` ends that`)
  },
}

export const unmuteAlerts: Command = {
  name: 'unmute',
  aliases: [],
  phrases: [{ full: 'unmute alerts, turn alerts back on, resume alerts' }],
  description: 'End muting here',
  category: 'Alerts',
  position: 330,
  effect: 'sets',
  usage: 'unmute [SYMBOL | TYPE]',
  example: 'unmute',
  detail: 'Ends muting in this conversation, all of it or that of one symbol or type. Quiet hours stay: `quiet off`.',
  needs: 'trader',
  account: 'acts',
  options: [{ name: 'type', type: 'text', description: 'A symbol, or a type of event' }],
  async run(hearing, { words: given }) {
    const { parts } = hearing
    const ear = await earOf(parts.db, hearing)
    const before = await settingOf(parts.db, ear)
    const now = parts.clock.now()
    const said = (given.rest ?? given.symbol ?? '').replace(everything, '')
    const type = typeIn(said)
    const symbol = type ? undefined : symbolAndTime(said).named?.toUpperCase().replace(/^\$/, '')
    const symbols = Object.keys(before.mutedSymbols).filter((one) => now < before.mutedSymbols[one]!)
    if (said !== '' && !(type && before.mutedTypes.includes(type)) && !(symbol && symbols.includes(symbol))) {
      const muted = [...before.mutedTypes, ...symbols.sort()]
      const instead = muted.length > 0 ? `Muted are ${muted.join(', ')}` : '`alerts` shows what is set'
      return new Refusal('NOT_MUTED', 'That is not muted here.', instead)
    }
    if (!symbol) await muteTypes(parts.db, ear, type ? before.mutedTypes.filter((one) => one !== type) : [])
    if (!type) await unmuteSymbol(parts.db, ear, symbol)
    if (said === '') await muteUntil(parts.db, ear, null)
    return say(settingText(await settingOf(parts.db, ear), now, hearing.speaker.timeZone))
  },
}

export const setQuietHours: Command = {
  name: 'quiet',
  aliases: ['quiet hours'],
  phrases: [{ full: 'quiet hours, set quiet hours' }],
  description: 'Hours of the day in which only what is critical is told',
  category: 'Alerts',
  position: 340,
  effect: 'sets',
  usage: 'quiet HH:MM-HH:MM [TIME ZONE] | off',
  example: 'quiet 22:00-07:00 Europe/Berlin',
  detail:
    "Hours of the day in which only what is critical is told here, by the clocks of a time zone (yours, when you named one with `timezone`, or else the exchange's). `quiet off` ends it, `digest` shows what you missed.",
  needs: 'trader',
  account: 'acts',
  options: [{ name: 'hours', type: 'text', required: true, description: '22:00-07:00 Europe/Berlin, or off' }],
  async run(hearing, { words: given }) {
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

function notUnderstood(): Refusal {
  return new Refusal(
    'MUTE_NOT_UNDERSTOOD',
    'Mute for how long, or which symbol or type? Nothing was changed.',
    `For example \`mute 1h\`, \`mute BYND 2h\` (30 days at most) or \`mute STOP_APPROACHING\`; types are ${mutable.join(', ')}`,
  )
}

const someTime = /(?:^| )(?:for )?(\d[\d.]* ?[a-z]+)(?= |$)/
const everything = /^(all|everything|alerts|here)?$/
const someSymbol =
  /^(?:alerts? )?(?:(?:for|about|on|from) )?(\$[a-z][a-z0-9.-]{0,9}|[a-z]{1,5}|[a-z0-9]{1,6}[.-][a-z]{1,4})$/

/** Reads `bynd 2h`, `2h` or `alerts about bynd for 2 hours`: a symbol, a duration, or both. Other text has no duration. */
function symbolAndTime(text: string): { named?: string; forMs?: number } {
  const said = text.toLowerCase().replace(/\ban? (?=hour|day|minute)/, '1 ')
  const time = someTime.exec(said)
  const left = said.replace(time?.[0] ?? '', '').trim()
  const forMs = time ? durationIn(time[1]!) : usualMs
  if (everything.test(left)) return { forMs }
  const named = someSymbol.exec(left)?.[1]
  return named === undefined ? {} : { named, forMs }
}

/** Reads a duration such as `30m`, `1.5 h` or `2 days`, in milliseconds; undefined above 30 days. */
function durationIn(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(m|h|d)(?:in|ins|inutes?|ours?|r|rs|ays?)?$/.exec(text) ?? []
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

/** The canonical name of a time zone; undefined when the zone is unknown. */
function zoneIn(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
