import { hitsShown } from '../../../strategies/runs/notices.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import type { Hearing } from '../command.ts'

/** The lists of a run's results. Each goes on where it was left. */
export const lists = ['passed', 'failed', 'skipped'] as const
export type List = (typeof lists)[number]
/** What goes on where it was left: a list of results, or the trades of a backtest. */
type Kept = List | 'trades'

/** A member may come back to a list within this time, in seconds. */
const keptSeconds = 24 * 60 * 60

/**
 * How many results of a list the member has seen. Short memory has it; without it, a run that has ended has shown its first hits in its
 * last message.
 */
export async function lastShown({ parts, speaker }: Hearing, run: Run, list: Kept): Promise<number> {
  const first = list === 'passed' && run.state === 'completed' ? Math.min(hitsShown, run.passedCount) : 0
  try {
    const kept = Number(await parts.redis.get(keyOf(speaker.memberId, run, list)))
    return Number.isSafeInteger(kept) && kept > 0 ? kept : first
  } catch (cause) {
    parts.log.warn({ err: cause, run: run.id }, 'short memory does not know how far a list was shown')
    return first
  }
}

/** Notes how many results of a list the member has seen. */
export async function noteShown({ parts, speaker }: Hearing, run: Run, list: Kept, count: number): Promise<void> {
  await parts.redis
    .set(keyOf(speaker.memberId, run, list), String(count), 'EX', keptSeconds)
    .catch((cause: unknown) =>
      parts.log.warn({ err: cause, run: run.id }, 'short memory was not told how far a list was shown'),
    )
}

const keyOf = (memberId: number, run: Run, list: Kept) => `run-list:${memberId}:${run.id}:${list}`
