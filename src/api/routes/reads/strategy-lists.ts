import { schedulesOf } from '../../../strategies/runs/rows/schedules.ts'
import { statsOf } from '../../../strategies/runs/stats.ts'
import { templatesOf } from '../../../strategies/runs/templates.ts'
import { seesRun } from '../../sessions/caller.ts'
import type { Handlers } from '../context.ts'
import { allOf } from './pages.ts'
import { scheduleItem, statsItem, templateItem } from './strategy-items.ts'

/** Templates, schedules and figures of the member; a token sees the schedules and figures of its account. */
export const strategyListReads: Pick<Handlers, 'strategyTemplates' | 'strategySchedules' | 'strategyStats'> = {
  async strategyTemplates({ parts, caller }) {
    return allOf((await templatesOf(parts.db, caller.memberId)).map(templateItem))
  },
  async strategySchedules({ parts, caller }) {
    const own = await schedulesOf(parts.db, caller.memberId)
    return allOf(own.filter((one) => seesRun(caller, one)).map(scheduleItem))
  },
  async strategyStats({ parts, caller, accountId }) {
    const isToken = caller.by.kind === 'token'
    return allOf((await statsOf(parts.db, caller.memberId, isToken ? accountId : undefined)).map(statsItem))
  },
}
