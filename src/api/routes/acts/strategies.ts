import { Refusal } from '../../../base/refusal.ts'
import { cancelRun } from '../../../strategies/runs/cancel-run.ts'
import { requestRun } from '../../../strategies/runs/request-run.ts'
import type { AskedRun } from '../../contract/strategies.ts'
import type { ActContext, Handlers } from '../context.ts'
import { ownRun } from '../reads/strategies.ts'

type Acts = Pick<Handlers, 'executeStrategy' | 'executeBacktest' | 'cancelRun' | 'rerun'>
type Wanted = Pick<
  Parameters<typeof requestRun>[1],
  'kind' | 'strategy' | 'parameters' | 'priority' | 'notify' | 'maxSeconds' | 'templateName'
>

export const strategyActs: Acts = {
  async executeStrategy(context, { body: { strategy_code, parameters = {}, options = {} } }) {
    const { priority, notify_on_completion: notify, max_execution_time: maxSeconds } = options
    return ask(context, context.accountId, { strategy: strategy_code, parameters, priority, notify, maxSeconds })
  },
  async executeBacktest(context, { body: { strategy_code, parameters = {}, options = {} } }) {
    const { priority, notify_on_completion: notify, max_execution_time: maxSeconds } = options
    const wanted = { strategy: strategy_code, parameters, priority, notify, maxSeconds }
    return ask(context, context.accountId, { kind: 'backtest', ...wanted })
  },
  async cancelRun(context, { params }) {
    if (onlyReads(context)) return readsAlone()
    const run = await ownRun(context, params.run_id)
    if (run instanceof Refusal) return run
    const now = await cancelRun(context.parts, { memberId: run.memberId }, run.number)
    return now instanceof Refusal ? now : { cancelled: true, status: now.state, message: now.message }
  },
  async rerun(context, { params }) {
    const run = await ownRun(context, params.run_id)
    if (run instanceof Refusal) return run
    const { kind, strategy, parameters, priority, templateName, accountId } = run
    return ask(context, accountId ?? context.accountId, { kind, strategy, parameters, priority, templateName })
  },
}

async function ask(context: ActContext, accountId: number, wanted: Wanted): Promise<AskedRun | Refusal> {
  if (onlyReads(context)) return readsAlone()
  const { parts, caller, inboundId } = context
  const asked = await requestRun(parts, {
    ...{ memberId: caller.memberId, requestId: inboundId, origin: 'api' },
    ...(accountId !== 0 && { accountId }),
    ...wanted,
  })
  if (asked instanceof Refusal) return inBody(asked)
  const { run, position, expectedStart } = asked
  return {
    ...{ run_id: run.runId, number: run.number, status: run.state, position_in_queue: position },
    estimated_start_time: expectedStart.toISOString(),
    sse_endpoint: `/api/strategies/sse/${run.runId}`,
  }
}

/** The same refusal, with the places of its fields in the request. */
export function inBody(refusal: Refusal, placeOf = placeInRequest): Refusal {
  const { code, sentence, instead, field } = refusal
  if (field === undefined) return refusal
  const also = refusal.also.map((one) => inBody(one, placeOf))
  return new Refusal(code, sentence, instead, { field: `body.${placeOf(field, code)}`, also })
}

/** The place of a field in the body of a request for a run or a schedule. */
export function placeInRequest(field: string, code: string): string {
  const own: Record<string, string> = { strategy: 'strategy_code', localTime: 'local_time', days: 'days', zone: 'zone' }
  // A parameter may have the name of one of these.
  return (code !== 'WRONG_PARAMETER' && own[field]) || `parameters.${field}`
}

/** A run takes time of the desk from others, so a token that only reads starts and ends none. */
export const onlyReads = ({ caller: { by } }: ActContext) => by.kind === 'token' && !by.token.trades

/** The refusal of that. */
export const readsAlone = () =>
  new Refusal('TOKEN_ONLY_READS', 'This token may only read. Nothing was done.', 'Make one with `token new NAME trade`')
