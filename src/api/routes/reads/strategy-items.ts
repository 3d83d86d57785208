import type { RunSchedule } from '../../../strategies/runs/rows/schedules.ts'
import type { RunStats } from '../../../strategies/runs/stats.ts'
import type { Template } from '../../../strategies/runs/templates.ts'
import type {
  RunSchedule as ScheduleItem,
  RunStats as StatsItem,
  Template as TemplateItem,
} from '../../contract/strategy-lists.ts'
import { instant } from './decimals.ts'

/** A template as the API has it. */
export const templateItem = ({ name, strategy, parameters, savedAt }: Template): TemplateItem => ({
  ...{ name, strategy_code: strategy, parameters, saved_at: savedAt.toISOString() },
})

/** A schedule as the API has it. */
export const scheduleItem = (one: RunSchedule): ScheduleItem => ({
  ...{ number: one.number, account: one.accountId ?? null, template: one.templateName ?? null },
  ...{ strategy_code: one.strategy, parameters: one.parameters },
  ...{ days: one.days, local_time: one.localTime, zone: one.zone, next_at: instant(one.nextAt) },
})

/** The figures of a screener as the API has them; times in seconds. */
export const statsItem = (one: RunStats): StatsItem => ({
  ...{ strategy_code: one.strategy, runs: one.runs, completed: one.completed },
  ...{ failed: one.failed, cancelled: one.cancelled },
  ...{ median_seconds: seconds(one.medianMs), median_wait_seconds: seconds(one.medianWaitMs) },
  ...{ tickers_per_second: one.tickersPerSecond ?? null, median_hits: one.hits ?? null },
  last_hits: one.lastHits.map(({ number, at, hits, of }) => ({ number, ended_at: at.toISOString(), hits, of })),
})

const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1000)
