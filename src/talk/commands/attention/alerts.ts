import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../base/zone.ts'
import type { Urgency } from '../../../trading/events/rules/urgency.ts'
import { alertsOf } from '../../../trading/price-alerts/rows/price-alerts.ts'
import { lastTold } from '../../../watch/alerts/last-told.ts'
import { isSilent } from '../../../watch/alerts/loudness.ts'
import { earOf, hearFrom, hearNothing, type Setting, settingOf } from '../../../watch/alerts/settings.ts'
import { storedText } from '../../wording/event-text.ts'
import { type Command, say } from '../command.ts'

/** So many alerts that fired are shown beside the setting. */
const toldShown = 3

const urgencies: Record<string, Urgency> = { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW' }

const means: Record<Urgency, string> = {
  CRITICAL: 'only what is critical: stops and targets that are hit, the circuit breaker',
  HIGH: 'what is critical or high: stops that come near, big milestones, orders that do not go through',
  MEDIUM: 'what is critical, high or medium',
  LOW: 'everything; what is low once an hour in a digest',
}

export const setAlerts: Command = {
  name: 'alerts',
  aliases: [],
  description: 'What this channel or thread hears of your positions',
  category: 'Alerts',
  position: 310,
  effect: 'sets',
  usage: 'alerts [here [critical|high|medium|low] | off]',
  example: 'alerts here high',
  detail:
    'Makes this channel or thread hear what happens to your positions, from an urgency up (medium when you name none). Without `alerts here`, the thread in which you opened a position hears of it. `alerts off` makes it silent; `alerts` alone shows what is set, and the last alerts that fired. Critical alerts are never muted. `alert BYND above 1.20` is a price alert.',
  needs: 'trader',
  account: 'sets',
  options: [{ name: 'what', type: 'text', description: 'here, here high, here low, off' }],
  async run(hearing, { words: given }) {
    const { parts } = hearing
    const ear = await earOf(parts.db, hearing)
    const [what = '', level = 'medium', ...more] = (given.rest ?? '').split(' ').filter(Boolean)
    if (what === '') {
      const { memberId, accountId, timeZone } = hearing.speaker
      const [setting, prices, told] = await Promise.all([
        settingOf(parts.db, ear),
        alertsOf(parts.db, memberId),
        lastTold(parts.db, accountId, toldShown),
      ])
      const fired = told.map((event) => `${momentText(event.at, timeZone ?? exchangeZone)} · ${storedText(event)}`)
      const counted = prices.length === 1 ? '1 price alert waits' : `${prices.length} price alerts wait`
      const waiting = prices.length > 0 ? [`💡 ${counted}: \`price alerts\` lists yours`] : []
      const last = fired.length > 0 ? ['🕓 The last that fired:', ...fired] : []
      return say([settingText(setting, parts.clock.now(), timeZone), ...last, ...waiting].join('\n'))
    }
    if (what === 'off' && level === 'medium') {
      await hearNothing(parts.db, ear)
      return say('🔕 ALERTS OFF\nThis conversation hears nothing of your positions any more, but what it asked for.')
    }
    const urgency = Object.hasOwn(urgencies, level) ? urgencies[level] : undefined
    if (!['here', 'on'].includes(what) || !urgency || more.length > 0) {
      return new Refusal(
        'ALERTS_NOT_UNDERSTOOD',
        'Which alerts? Nothing was changed.',
        'For example `alerts here`, `alerts here high` or `alerts off`; urgencies are critical, high, medium and low',
      )
    }
    await parts.db.transaction().execute((trx) => hearFrom(trx, ear, urgency, parts.clock.now()))
    return say(settingText(await settingOf(parts.db, ear), parts.clock.now(), hearing.speaker.timeZone))
  },
}

/** The muted types and symbols of a conversation, one line for each kind; times are in `zone`. */
export function mutedLines({ mutedTypes, mutedSymbols }: Setting, at: Date, zone?: string): string[] {
  const symbols = Object.entries(mutedSymbols)
    .filter(([, until]) => at < until)
    .map(([symbol, until]) => `${symbol} until ${momentText(until, zone)}`)
  return [mutedTypes, symbols.sort()]
    .filter((muted) => muted.length > 0)
    .map((muted) => `🔇 Muted: ${muted.join(', ')}`)
}

/** The alert setting of a conversation for an account, in words; times are in `zone`. */
export function settingText(setting: Setting, at: Date, zone?: string): string {
  const { leastUrgency, isOff, mutedUntil, quiet } = setting
  const hears = leastUrgency
    ? [`🔔 ALERTS HERE from ${leastUrgency} up`, `This conversation hears ${means[leastUrgency]}.`]
    : isOff
      ? ['🔕 ALERTS OFF', 'This conversation hears nothing of your positions.']
      : ['🔔 ALERTS', 'This conversation hears of the positions that you opened here, from MEDIUM up.']
  return [
    ...hears,
    ...(mutedUntil && at < mutedUntil ? [`🔇 Muted until ${momentText(mutedUntil, zone)}`] : []),
    ...mutedLines(setting, at, zone),
    ...(quiet ? [`🌙 Quiet from ${quiet.from} to ${quiet.until} (${quiet.timeZone})`] : []),
    ...(isSilent(setting, at) ? ['💡 What is critical is told all the same; `digest` shows what you missed'] : []),
    ...(leastUrgency ? [] : ['💡 `alerts here` makes it hear all of them, `alerts here high` the urgent ones']),
  ].join('\n')
}
