import { announceRun, announceRunWork } from '../../../infra/db/announce.ts'
import type { Trx } from '../../../infra/db/client.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import type { StrategyParts } from '../../parts.ts'
import { endRunIn } from '../end-run.ts'
import { beginAttempt, hasWork, heldSince, lockLostRun, noteHeld } from '../rows/claims.ts'
import { lockQueue, lockRun, openRuns, runById } from '../rows/runs.ts'
import { inOrder } from '../rules/queue-order.ts'
import type { Run } from '../rules/run.ts'
import { isActive } from '../rules/run-state.ts'
import { type Shortage, shortageOf, verdictOn } from '../rules/shortage.ts'
import { tellProgress } from '../tell.ts'

/** A run that has lost so many workers, one after the other and without a result in between, ends them itself. */
const mostLosses = 3

/** The result of a look at the queue: a run to work on, or only something to tell. */
interface Look {
  work?: Run
  /** The runs that have changed. */
  changed: number[]
  conversations: number[]
  /** A run has ended, so that its place is free for another look. */
  isFreed?: true
}

/**
 * Takes the next run for a worker: first one that nobody works on any more, then the next of the queue, if fewer runs are active than
 * may be. One process looks at a time. Undefined when there is none, or its start has to wait.
 */
export async function claimNext(parts: StrategyParts, worker: string): Promise<Run | undefined> {
  const { db, runs } = parts
  if (!(await hasWork(db))) return undefined
  const shortage = shortageOf(await runs.resources())
  const look = await db.transaction().execute(async (trx) => {
    await lockQueue(trx)
    return (await takeUp(trx, parts, worker)) ?? (await takeQueued(trx, parts, worker, shortage))
  })
  await wakeReplies(parts, look.conversations)
  for (const id of look.changed) await (look.isFreed ? announceRunWork : announceRun)(parts, id)
  return look.isFreed ? claimNext(parts, worker) : look.work
}

/** Takes up a run without a worker. One that was being cancelled is; one that ends its workers ends itself. */
async function takeUp(trx: Trx, parts: StrategyParts, worker: string): Promise<Look | undefined> {
  const lost = await lockLostRun(trx)
  if (!lost) return undefined
  const { id, isLoss, losses } = lost
  const run = (await runById(trx, id))!
  const ended =
    run.state === 'cancelling'
      ? await endRunIn(trx, parts, id, { step: 'take up', message: 'cancelled' })
      : isLoss && losses + 1 >= mostLosses
        ? await endRunIn(trx, parts, id, {
            step: 'fail',
            message: lostText,
            error: { code: 'RUN_LOST', text: lostText },
          })
        : undefined
  if (ended) return { changed: [id], conversations: ended.conversations, isFreed: true }
  const message = isLoss ? 'goes on: its worker was lost' : 'goes on with another worker'
  await beginAttempt(trx, id, { worker, message, isLoss })
  return { work: (await runById(trx, id))!, changed: [id], conversations: [] }
}

const lostText = `its workers were lost ${mostLosses} times in a row, and it got no further`

async function takeQueued(
  trx: Trx,
  parts: StrategyParts,
  worker: string,
  shortage: Shortage | undefined,
): Promise<Look> {
  const open = await openRuns(trx)
  const active = open.filter(({ state }) => isActive(state))
  const free = Math.max(0, parts.runs.places - active.length)
  const nextOnes = inOrder(
    open.filter(({ state }) => state === 'queued'),
    active,
  ).slice(0, free)
  const [next] = nextOnes
  if (!next) return { changed: [], conversations: [] }
  // It may have been cancelled since: then its place is free.
  if ((await lockRun(trx, next.id))?.state !== 'queued') return { changed: [], conversations: [], isFreed: true }
  const at = parts.clock.now()
  const since = (await heldSince(trx, next.id)) ?? at
  switch (verdictOn(shortage, at.getTime() - since.getTime())) {
    case 'wait':
      return hold(trx, parts, nextOnes, shortage!)
    case 'give up': {
      const text = `there was no room for it: ${shortage!.text}`
      const ended = await endRunIn(trx, parts, next.id, {
        step: 'fail',
        message: text,
        error: { code: 'NO_ROOM', text },
      })
      return { changed: [next.id], conversations: ended?.conversations ?? [], isFreed: true }
    }
    case 'start': {
      const message = shortage ? `starts although ${shortage.text}` : 'starts'
      await beginAttempt(trx, next.id, { worker, message })
      return { work: (await runById(trx, next.id))!, changed: [next.id], conversations: [] }
    }
  }
}

/** Lets all runs for which there is a place wait for this machine, so that they wait together, and says so once to each. */
async function hold(trx: Trx, parts: StrategyParts, runs: readonly Run[], shortage: Shortage): Promise<Look> {
  const look = { changed: [] as number[], conversations: [] as number[] }
  for (const { id } of runs) {
    if (!(await noteHeld(trx, id, `waits: ${shortage.text}`, parts.clock.now()))) continue
    look.changed.push(id)
    look.conversations.push(...(await tellProgress(trx, parts, (await runById(trx, id))!)))
  }
  return look
}
