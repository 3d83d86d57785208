import { expect, vi } from 'vitest'
import { Refusal } from '../../../src/base/refusal.ts'
import type { Desk } from '../../../src/desk.ts'
import type { StrategyParts } from '../../../src/strategies/parts.ts'
import { type RequestedRun, type RunRequest, requestRun } from '../../../src/strategies/runs/request-run.ts'
import { runById } from '../../../src/strategies/runs/rows/runs.ts'
import type { Run } from '../../../src/strategies/runs/rules/run.ts'
import { isEnd } from '../../../src/strategies/runs/rules/run-state.ts'
import { conversationOf } from '../../../src/trading/accounts/rows/members.ts'
import type { Someone } from '../../talk/commands/someone.ts'

/** The rows of a person. */
export interface Known {
  memberId: number
  accountId: number
  conversationId: number
}

/** The member, the account and the conversation of somebody, who says a first word for it. */
export async function known(desk: Desk, { name, say, thread }: Someone): Promise<Known> {
  await say('long BYND 100 @ 1')
  const { db } = desk.parts
  const { member_id: memberId } = await db
    .selectFrom('member_identities')
    .select('member_id')
    .where('platform_id', '=', `slack:T1:${name.toUpperCase()}`)
    .executeTakeFirstOrThrow()
  const account = await db
    .selectFrom('accounts')
    .select('id')
    .where('member_id', '=', memberId)
    .executeTakeFirstOrThrow()
  const conversationId = await conversationOf(db, { door: 'slack', workspace: 'T1', channel: 'C1', thread })
  return { memberId, accountId: account.id, conversationId }
}

let requests = 0

/** Asks for a breakout run that a program follows, unless `more` says otherwise. Throws when it is refused. */
export async function ask(
  parts: StrategyParts,
  memberId: number,
  more: Partial<RunRequest> = {},
): Promise<RequestedRun> {
  const asked = await requestRun(parts, {
    ...{ memberId, requestId: `request-${++requests}`, origin: 'api', strategy: 'bullish_breakout', parameters: {} },
    ...more,
  })
  if (asked instanceof Refusal) throw new Error(asked.text)
  return asked
}

/** The refusal of a request. Throws when it is none. */
export async function refused(asked: Promise<unknown>): Promise<Refusal> {
  const answer = await asked
  expect(answer).toBeInstanceOf(Refusal)
  return answer as Refusal
}

/** Waits until a check passes: as long as a busy machine may need. */
export const soon = <Value>(check: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(check, { timeout: 60_000, interval: 30 })

/** Waits until a run is as it should be. */
export async function until(parts: Pick<StrategyParts, 'db'>, id: number, is: (run: Run) => boolean): Promise<Run> {
  return soon(async () => {
    const run = (await runById(parts.db, id))!
    if (!is(run)) throw new Error(`the run is ${run.state}: ${run.message}`)
    return run
  })
}

export const untilEnd = (parts: Pick<StrategyParts, 'db'>, id: number): Promise<Run> =>
  until(parts, id, ({ state }) => isEnd(state))
