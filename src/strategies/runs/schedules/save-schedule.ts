import { Refusal } from '../../../base/refusal.ts'
import { zoneNamed } from '../../../base/zone.ts'
import type { StrategyParts } from '../../parts.ts'
import { prepareRun, type RunRequest } from '../request-run.ts'
import { insertSchedule, mostSchedules, type RunSchedule } from '../rows/schedules.ts'
import { nextDue, type ScheduleDays, scheduleDays } from './next-due.ts'

/** A run that starts by itself: what to run, and when. */
export interface ScheduleRequest extends RunRequest {
  /** `weekdays`, or a weekday: `monday`. */
  days: string
  /** `16:15`, by the clocks of `zone`. */
  localTime: string
  zone: string
}

/** Universes that may be empty now and filled when the schedule is due. */
const changing = ['EMPTY_UNIVERSE']

/**
 * Saves a schedule, once for its request. With a `templateName` it takes the template as it is when it is due. Refused as `requestRun`
 * is, and with `SCHEDULE_NOT_UNDERSTOOD` or `TOO_MANY_SCHEDULES`. An empty watchlist is no reason: it may be filled by then.
 */
export async function saveSchedule(parts: StrategyParts, request: ScheduleRequest): Promise<RunSchedule | Refusal> {
  const times = readTimes(request)
  if (times instanceof Refusal) return times
  const ready = await prepareRun(parts, request)
  if (ready instanceof Refusal && !changing.includes(ready.code)) return ready
  const { memberId, accountId, conversationId, requestId, templateName } = request
  const at = parts.clock.now()
  const made = {
    ...{ memberId, accountId, conversationId, requestId, templateName, ...times },
    ...(ready instanceof Refusal
      ? { strategy: request.strategy, parameters: request.parameters, notify: [] }
      : { strategy: ready.strategy, parameters: ready.parameters, notify: ready.notify }),
    nextAt: nextDue(times, at),
  }
  const saved = await parts.db.transaction().execute((trx) => insertSchedule(trx, made, at))
  if (saved !== 'too many') return saved
  const sentence = `You have ${mostSchedules} schedules, which is the most. None was made.`
  return new Refusal('TOO_MANY_SCHEDULES', sentence, 'Take one back first')
}

function readTimes({ days, localTime, zone }: ScheduleRequest) {
  const day = scheduleDays.find((one) => one === days.toLowerCase())
  const known = zoneNamed(zone)
  if (!day) return notUnderstood('days', `The days are ${scheduleDays.join(', ')}.`)
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(localTime)) return notUnderstood('localTime', 'The time is such as 16:15.')
  if (!known) return notUnderstood('zone', 'The time zone is such as America/New_York.')
  return { days: day satisfies ScheduleDays, localTime, zone: known }
}

const notUnderstood = (field: string, sentence: string) =>
  new Refusal('SCHEDULE_NOT_UNDERSTOOD', `${sentence} No schedule was made.`, undefined, { field })
