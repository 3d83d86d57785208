import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../base/zone.ts'
import { parameterNamed, rangeOf } from '../../../strategies/runs/parameters.ts'
import { requestSweep } from '../../../strategies/runs/request-sweep.ts'
import { endSchedules, schedulesOf } from '../../../strategies/runs/rows/schedules.ts'
import { saveSchedule } from '../../../strategies/runs/schedules/save-schedule.ts'
import { dropTemplate, saveTemplate, templateOf } from '../../../strategies/runs/templates.ts'
import { seesRun } from '../../sessions/caller.ts'
import type { Handlers } from '../context.ts'
import { scheduleItem, templateItem } from '../reads/strategy-items.ts'
import { inBody, onlyReads, placeInRequest, readsAlone } from './strategies.ts'

type Acts = Pick<Handlers, 'sweepStrategy' | 'saveTemplate' | 'dropTemplate' | 'saveSchedule' | 'endSchedule'>

/** Sweeps, templates and schedules, as chat has them. */
export const strategyListActs: Acts = {
  async sweepStrategy(context, { body: { strategy_code, parameters = {}, parameter, values } }) {
    if (onlyReads(context)) return readsAlone()
    const { parts, caller, accountId, inboundId, conversationId } = context
    const request = {
      ...{ memberId: caller.memberId, requestId: inboundId, origin: 'api' as const, conversationId },
      ...(accountId !== 0 && { accountId }),
      ...{ strategy: strategy_code, parameters },
    }
    const runs = await requestSweep(parts, request, { parameter, values })
    const name = parameterNamed(parameter)
    if (runs instanceof Refusal) {
      const strategy = parts.runs.kinds.screen.named(strategy_code)
      const swept = strategy && rangeOf(strategy, name) !== undefined ? 'values' : 'parameter'
      return inBody(runs, (field, code) =>
        code === 'SWEEP_VALUES' || parameterNamed(field) === name ? swept : placeInRequest(field, code),
      )
    }
    return {
      runs: runs.map((run) => ({
        ...{ run_id: run.runId, number: run.number, status: run.state, value: run.parameters[name] ?? null },
      })),
    }
  },
  async saveTemplate(context, { body: { name, strategy_code, parameters = {} } }) {
    if (onlyReads(context)) return readsAlone()
    const wanted = { memberId: context.caller.memberId, name, strategy: strategy_code, parameters }
    const saved = await saveTemplate(context.parts, wanted)
    if (saved instanceof Refusal) return saved.code === 'TEMPLATE_NAME' ? saved : inBody(saved)
    return { ...templateItem(saved.template), replaced: saved.replaced !== undefined }
  },
  async dropTemplate(context, { params: { name } }) {
    if (onlyReads(context)) return readsAlone()
    const dropped = await dropTemplate(context.parts, context.caller.memberId, name)
    return dropped instanceof Refusal ? dropped : { said: [`✓ The template \`${name}\` is gone.`] }
  },
  async saveSchedule(context, { body }) {
    if (onlyReads(context)) return readsAlone()
    const { parts, caller, accountId, inboundId, conversationId } = context
    const { template: named, days, local_time: localTime, zone = exchangeZone, notify_on_completion: notify } = body
    const template = named === undefined ? undefined : await templateOf(parts.db, caller.memberId, named)
    if (named !== undefined && !template)
      return new Refusal('NO_SUCH_TEMPLATE', `You have no template \`${named}\`. No schedule was made.`, undefined, {
        field: 'body.template',
      })
    const saved = await saveSchedule(parts, {
      ...{ memberId: caller.memberId, requestId: inboundId, origin: 'api', conversationId },
      ...(accountId !== 0 && { accountId }),
      ...{ strategy: template?.strategy ?? body.strategy_code ?? '', days, localTime, zone },
      parameters: template?.parameters ?? body.parameters ?? {},
      ...(template && { templateName: template.name }),
      ...(notify !== undefined && { notify }),
    })
    return saved instanceof Refusal ? inBody(saved) : scheduleItem(saved)
  },
  async endSchedule(context, { params: { number } }) {
    if (onlyReads(context)) return readsAlone()
    const { parts, caller } = context
    const own = await schedulesOf(parts.db, caller.memberId)
    const isSeen = own.some((one) => one.number === number && seesRun(caller, one))
    const ended = isSeen ? await endSchedules(parts.db, caller.memberId, parts.clock.now(), number) : []
    if (ended.length > 0) return { said: [`✓ Ended: schedule ${number}.`] }
    return new Refusal('NO_SUCH_SCHEDULE', `You have no schedule ${number}. Nothing was changed.`)
  },
}
