import type { Db } from '../../infra/db/client.ts'
import { usualDurations } from './rows/durations.ts'
import { openRuns } from './rows/runs.ts'
import { expectedRest, type Turn, turns } from './rules/queue-order.ts'
import type { Run } from './rules/run.ts'
import { isActive } from './rules/run-state.ts'

/** A run in the queue. Runs of other members come without their parameters, their universe and their message. */
export interface QueueEntry {
  /** Its name for programs. */
  runId: string
  /** Its number; only of a run that the reader may see. */
  number?: number
  isOwn: boolean
  strategy: string
  state: Run['state']
  priority: Run['priority']
  /** 0: it is worked on, or starts now. */
  position: number
  progressPercent: number
  askedAt: Date
  startedAt?: Date
  /** Only while it waits. */
  expectedStart?: Date
  /** Only while it is worked on. */
  expectedEnd?: Date
}

/** All runs that have not ended, of which a reader `sees` its own in full: those that are worked on first, then the others in the order of their turns. */
export async function queueOf(
  db: Db,
  { sees, places, now }: { sees: (run: Run) => boolean; places: number; now: Date },
): Promise<QueueEntry[]> {
  const { active, waiting, turnOf, restOf } = await look(db, places)
  const entry = (run: Run, position: number): QueueEntry => ({
    runId: run.runId,
    ...(sees(run) && { number: run.number }),
    isOwn: sees(run),
    ...{ strategy: run.strategy, state: run.state, priority: run.priority, position },
    ...{ progressPercent: run.progressPercent, askedAt: run.askedAt, startedAt: run.startedAt },
  })
  const worked = active.map((run) => ({ ...entry(run, 0), expectedEnd: later(now, restOf(run)) }))
  const queued = waiting
    .map((run) => ({ run, turn: turnOf(run.id)! }))
    .sort((a, b) => a.turn.position - b.turn.position || a.turn.waitMs - b.turn.waitMs || a.run.id - b.run.id)
    .map(({ run, turn }) => ({ ...entry(run, turn.position), expectedStart: later(now, turn.waitMs) }))
  return [...worked, ...queued]
}

/** The turn of a waiting run and when it is expected; undefined when it waits no more. */
export async function turnOf(
  db: Db,
  run: Pick<Run, 'id'>,
  { places, now }: { places: number; now: Date },
): Promise<{ position: number; expectedStart: Date } | undefined> {
  const turn = (await look(db, places)).turnOf(run.id)
  return turn && { position: turn.position, expectedStart: later(now, turn.waitMs) }
}

/** The expected end of a run that is worked on, or waits; undefined when it has ended. */
export async function expectedEnd(
  db: Db,
  run: Pick<Run, 'id' | 'strategy'>,
  { places, now }: { places: number; now: Date },
): Promise<Date | undefined> {
  const { active, turnOf, restOf, usual } = await look(db, places)
  const worked = active.find(({ id }) => id === run.id)
  if (worked) return later(now, restOf(worked))
  const turn = turnOf(run.id)
  return turn && later(now, turn.waitMs + usual(run.strategy))
}

async function look(db: Db, places: number) {
  const [open, usual] = await Promise.all([openRuns(db), usualDurations(db)])
  const restOf = (run: Run) => expectedRest(run.progressPercent, run.workedMs, usual(run.strategy))
  const active = open.filter(({ state }) => isActive(state))
  const waiting = open.filter(({ state }) => state === 'queued')
  const of = new Map<number, Turn>(
    turns(
      waiting.map((run) => ({ ...run, takesMs: usual(run.strategy) })),
      active.map((run) => ({ memberId: run.memberId, leftMs: restOf(run) })),
      places,
    ).map((turn) => [turn.id, turn]),
  )
  return { active, waiting, usual, restOf, turnOf: (id: number) => of.get(id) }
}

const later = (now: Date, ms: number) => new Date(now.getTime() + ms)
