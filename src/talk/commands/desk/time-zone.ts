import { distance } from 'fastest-levenshtein'
import { Refusal } from '../../../base/refusal.ts'
import { dayText, exchangeZone, timeText, zoneNamed } from '../../../base/zone.ts'
import { setTimeZone as saveTimeZone } from '../../../trading/accounts/rows/members.ts'
import { type Command, say } from '../command.ts'

/** Common names of time zones, with the names that are stored for them. */
const spoken = new Map(
  Object.entries({
    et: exchangeZone,
    est: exchangeZone,
    edt: exchangeZone,
    eastern: exchangeZone,
    'new york': exchangeZone,
    exchange: exchangeZone,
    ct: 'America/Chicago',
    pt: 'America/Los_Angeles',
    cet: 'Europe/Berlin',
    gmt: 'UTC',
  }),
)

const most = 3

export const setTimeZone: Command = {
  name: 'timezone',
  aliases: ['time zone', 'tz'],
  phrases: [{ full: 'time zone, set timezone, set time zone, set my timezone, my time zone is' }],
  description: 'In which time zone you are',
  category: 'Desk',
  position: 135,
  effect: 'sets',
  usage: 'timezone [Europe/Berlin | exchange]',
  example: 'timezone Europe/Berlin',
  detail:
    "In which time zone you say times, and are shown them: the exchange's (New York) until you say otherwise. A city does, too: `timezone berlin`.",
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'zone', type: 'text', description: 'Such as Europe/Berlin; left out: which one it is' }],
  async run({ parts, speaker }, { words: given }) {
    const now = parts.clock.now()
    const said = given.rest?.trim() ?? ''
    if (said === '') {
      const zone = speaker.timeZone ?? exchangeZone
      const whose = speaker.timeZone ? '' : " (the exchange's)"
      return say(
        `🕐 ${zone}${whose}: it is ${dayText(now, zone)}, ${timeText(now, zone)}\n💡 \`timezone Europe/Berlin\` changes it`,
      )
    }
    const zone = zoneIn(said)
    if (!zone) return unknownZone(said)
    await saveTimeZone(parts.db, speaker.memberId, zone)
    return say(`✓ Your time zone is ${zone}: it is ${dayText(now, zone)}, ${timeText(now, zone)}.`)
  },
}

function zoneIn(said: string): string | undefined {
  const named = spoken.get(said.toLowerCase()) ?? zoneNamed(said.replaceAll(' ', '_'))
  return named ?? Intl.supportedValuesOf('timeZone').find((zone) => cityOf(zone) === said.toLowerCase())
}

const cityOf = (zone: string) => zone.split('/').at(-1)!.replaceAll('_', ' ').toLowerCase()

function unknownZone(said: string): Refusal {
  const wanted = said.toLowerCase().replaceAll(' ', '_').slice(0, 40)
  const near = Intl.supportedValuesOf('timeZone')
    .map((zone) => ({ zone, away: Math.min(distance(zone.toLowerCase(), wanted), distance(cityOf(zone), wanted)) }))
    .filter(({ away }) => away <= Math.max(2, Math.floor(wanted.length / 4)))
    .sort((a, b) => a.away - b.away)
    .slice(0, most)
    .map(({ zone }) => zone)
  const instead =
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : 'Such as `timezone Europe/Berlin` or `timezone America/New_York`'
  return new Refusal(
    'UNKNOWN_TIME_ZONE',
    `I do not know the time zone ${said.slice(0, 40)}. Nothing was changed.`,
    instead,
  )
}
