import { Refusal } from '../../base/refusal.ts'
import { announceRunWork } from '../../infra/db/announce.ts'
import type { StrategyParts } from '../parts.ts'
import { parameterNamed } from './parameters.ts'
import { prepareRun, queueRun, type ReadyRun, type RunRequest, refuseIfFull } from './request-run.ts'
import { lockQueue, runsOfSweep } from './rows/runs.ts'
import type { Run } from './rules/run.ts'

/** The most runs of a sweep. */
export const mostVariants = 8

/** A parameter, and its value in each run. */
export interface Variants {
  parameter: string
  values: readonly (number | string)[]
}

/**
 * Queues runs of one strategy that differ in one parameter, all or none, once for the request. They are told together when the last one
 * has ended. Refused as `requestRun` is, and with `SWEEP_VALUES`.
 */
export async function requestSweep(
  parts: StrategyParts,
  request: RunRequest,
  { parameter, values }: Variants,
): Promise<Run[] | Refusal> {
  const { db } = parts
  const before = await sweepOf(db, request.requestId)
  if (before) return runsOfSweep(db, before)
  const wanted = [...new Set(values)]
  if (wanted.length < 2 || wanted.length > mostVariants) {
    const sentence = `A sweep has 2 to ${mostVariants} values, and these are ${wanted.length}. Nothing was started.`
    return new Refusal('SWEEP_VALUES', sentence, '`sweep breakout min_score 60..80 by 5` has five', {
      field: 'values',
    })
  }
  const ready: ReadyRun[] = []
  for (const [index, value] of wanted.entries()) {
    const parameters = { ...request.parameters, [parameter]: value }
    const one = await prepareRun(parts, { ...request, parameters, requestId: `${request.requestId}-${index + 1}` })
    if (one instanceof Refusal) return one
    ready.push(one)
  }
  const queued = await db.transaction().execute(async (trx) => {
    await lockQueue(trx)
    const meanwhile = await sweepOf(trx, request.requestId)
    if (meanwhile) return runsOfSweep(trx, meanwhile)
    const full = await refuseIfFull(trx, parts, ready.length)
    if (full) return full
    const { id } = await trx
      .insertInto('strategy_sweeps')
      .values({
        ...{ member_id: request.memberId, request_id: request.requestId, account_id: request.accountId },
        ...{ conversation_id: request.conversationId, strategy: ready[0]!.strategy },
        ...{ parameter: parameterNamed(parameter), asked_at: parts.clock.now() },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const runs: Run[] = []
    for (const one of ready) runs.push((await queueRun(trx, parts, { ...one, sweepId: id }, 'outbox')).run)
    return runs
  })
  if (!(queued instanceof Refusal)) for (const { id } of queued) await announceRunWork(parts, id)
  return queued
}

async function sweepOf(db: StrategyParts['db'], requestId: string): Promise<number | undefined> {
  const row = await db.selectFrom('strategy_sweeps').select('id').where('request_id', '=', requestId).executeTakeFirst()
  return row?.id
}
