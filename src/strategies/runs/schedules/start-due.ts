import { Refusal } from '../../../base/refusal.ts'
import { accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import { queueNotice } from '../../../trading/events/queue-notice.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import type { StrategyParts } from '../../parts.ts'
import type { RunNotice } from '../notices.ts'
import { requestRun } from '../request-run.ts'
import { dueSchedules, moveOn, type RunSchedule } from '../rows/schedules.ts'
import { templateOf } from '../rows/templates.ts'
import { nextDue, type ScheduleDays } from './next-due.ts'

/** A full queue is asked again for so long, in milliseconds. */
const asksForMs = 60 * 60_000

/** A start that is later than this, in milliseconds, says when it was due. Each worker looks every two seconds. */
const lateMs = 10_000

type Due = RunSchedule & { nextAt: Date }

/**
 * Starts the runs of the schedules that are due, each once for the time at which it was due, whichever process comes first. After a
 * time without the desk it runs once, however often it was due.
 */
export async function startDue(parts: StrategyParts): Promise<void> {
  for (const schedule of await dueSchedules(parts.db, parts.clock.now())) {
    await start(parts, schedule).catch((cause) =>
      parts.log.warn({ err: cause, schedule: schedule.id }, 'the run of a schedule was not started; it is tried again'),
    )
  }
}

async function start(parts: StrategyParts, schedule: Due): Promise<void> {
  const { id, memberId, conversationId, templateName, nextAt } = schedule
  // A member may make schedules before the first account: its watchlist is screened once there is one.
  const accountId = schedule.accountId ?? (await accountsOf(parts.db, memberId))[0]?.id
  const template = templateName === undefined ? undefined : await templateOf(parts.db, memberId, templateName)
  const { strategy, parameters } = template ?? schedule
  const asked = await requestRun(parts, {
    ...{ memberId, accountId, conversationId, templateName, strategy, parameters },
    ...{ requestId: `schedule-${id}-${nextAt.getTime()}`, origin: 'schedule', scheduleId: id, lenient: true },
    targets: schedule.notify,
    ...(parts.clock.now().getTime() - nextAt.getTime() > lateMs && { due: { at: nextAt, zone: schedule.zone } }),
  })
  const now = parts.clock.now()
  const isWaiting =
    asked instanceof Refusal && asked.code === 'QUEUE_FULL' && now.getTime() - nextAt.getTime() < asksForMs
  if (isWaiting) return
  const next = nextDue({ ...schedule, days: schedule.days as ScheduleDays }, now)
  if (!(asked instanceof Refusal)) {
    await moveOn(parts.db, schedule, next)
    return
  }
  const isTold = await parts.db.transaction().execute(async (trx) => {
    if (!(await moveOn(trx, schedule, next)) || conversationId === undefined) return false
    const { number } = schedule
    const notice = { kind: 'schedule.refused' as const, number, strategy, templateName, refusal: asked }
    await queueNotice<RunNotice>(trx, parts, { conversationId, accountId, at: now }, notice, 'outbox')
    return true
  })
  if (isTold) await wakeReplies(parts, [conversationId!])
}
