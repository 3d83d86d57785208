import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../base/zone.ts'
import { endSchedules, type RunSchedule, schedulesOf } from '../../../strategies/runs/rows/schedules.ts'
import { saveSchedule } from '../../../strategies/runs/schedules/save-schedule.ts'
import type { Given } from '../../language/slots.ts'
import { settingText, titleOf } from '../../wording/strategies/names.ts'
import { enter, type Hearing, type Outcome, say } from '../command.ts'
import { clockIn } from './schedule-clock.ts'
import { type AskedScreen, requestOf, toldBy } from './start.ts'

/** Lists the schedules of a member, or ends one of them, or all. */
export async function schedules({ parts, speaker }: Hearing, ends: string | undefined): Promise<Outcome> {
  if (ends === undefined) {
    const own = await schedulesOf(parts.db, speaker.memberId)
    if (own.length === 0)
      return say('🔎 No screen runs by itself.\n💡 `screen breakout every weekday at 4:15pm` makes one that does')
    const lines = own.map((one) => lineOf(one, speaker.timeZone))
    return say(
      ['🔎 SCREENS THAT RUN BY THEMSELVES', ...lines, `💡 \`screen schedule off ${own[0]!.number}\` ends one`].join(
        '\n',
      ),
    )
  }
  const number = ends === 'all' ? undefined : Number(ends)
  const ended = await endSchedules(parts.db, speaker.memberId, parts.clock.now(), number)
  if (ended.length > 0) return say(`✓ Ended: schedule ${ended.map(({ number }) => number).join(', ')}.`)
  const what = ends === 'all' ? 'no schedules' : `no schedule ${ends}`
  return new Refusal('NO_SUCH_SCHEDULE', `You have ${what}. Nothing was changed.`, '`screen schedules` lists yours')
}

export const whichSchedule = (): Refusal =>
  new Refusal(
    'NOT_UNDERSTOOD',
    'It was not said which schedule ends. Nothing was changed.',
    '`screen schedules` lists yours, `screen schedule off all` ends all',
  )

/** Keeps a screen that runs by itself from now on; asks for its time when none was said. */
export async function scheduleScreen(hearing: Hearing, asked: AskedScreen, given: Given): Promise<Outcome> {
  const { parts, speaker } = hearing
  const { days, time } = asked.recurrence!
  const zone = speaker.timeZone ?? exchangeZone
  const said = given.clock ?? time
  if (said === undefined) return askTime(asked, zone, given)
  const clock = clockIn(said, zone)
  if (clock instanceof Refusal) return given.clock === undefined ? clock : askTime(asked, zone, given, clock)
  const { strategy, parameters, notify, email, template, isTemplateAlone } = asked
  const saved = await saveSchedule(parts, {
    ...requestOf(hearing),
    ...{ strategy: strategy.name, parameters, days, localTime: clock.time, zone: clock.zone },
    ...toldBy({ notify, email }),
    // A schedule takes its template as it is when it is due, without what was typed over it now.
    ...(template && isTemplateAlone && { templateName: template.name }),
  })
  if (saved instanceof Refusal) return saved
  const own = await schedulesOf(parts.db, speaker.memberId)
  const same = own.find((one) => one.number !== saved.number && termsOf(one) === termsOf(saved))
  const lines = [
    `⏰ ${lineOf(saved, speaker.timeZone)}`,
    ...(same ? [`⚠️ Schedule ${same.number} is the same, and both run`] : []),
    `💡 Its list comes here. \`screen schedules\` lists yours, \`screen schedule off ${saved.number}\` ends it`,
  ]
  return say(lines.join('\n'))
}

function askTime({ text, recurrence }: AskedScreen, zone: string, given: Given, refusal?: Refusal): Outcome {
  const when = daysText(recurrence!.days)
  const lines = [
    ...(refusal ? [refusal.text.split('\n')[0]!] : []),
    `❓ At what time ${when}? Times are of ${zone}.`,
    '💡 Such as `4:15pm`, or `15 minutes after the close`',
  ]
  const kept: Given = { rest: text, ...(given.corrected && { corrected: given.corrected }) }
  return enter('clock', 'text', 'At what time?', lines.join('\n'), kept)
}

const daysText = (days: string) => (days === 'weekdays' ? 'every weekday' : `every ${days}`)

function lineOf(one: RunSchedule, zone: string | undefined): string {
  const next = one.nextAt ? `next ${momentText(one.nextAt, zone)}` : 'off'
  return `SCHEDULE ${one.number} · ${termsOf(one)} · ${next}`
}

/** `Bullish breakout · all symbols of the market · every weekday at 16:15 (America/New_York)` */
function termsOf(one: RunSchedule): string {
  const name = one.templateName ?? titleOf(one.strategy)
  return `${name} · ${settingText(one)} · ${daysText(one.days)} at ${one.localTime} (${one.zone})`
}
