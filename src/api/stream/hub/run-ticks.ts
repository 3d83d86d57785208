import { runnableBacktestNamed } from '../../../backtest/runs/runnable.ts'
import { hearRuns } from '../../../infra/db/announce.ts'
import { activeRunsOf, runsById, runsNamed } from '../../../strategies/runs/rows/runs.ts'
import { eventNow, eventsBetween } from '../../../strategies/runs/rules/progress.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import { strategyNamed } from '../../../strategies/screeners/list.ts'
import { seesRun } from '../../sessions/caller.ts'
import type { StreamParts } from '../stream-parts.ts'
import type { Feed } from './feed.ts'

/** Rows of runs are read this far apart at least, in milliseconds: four times a second. */
const apartMs = 250
/** Runs that have not ended are looked at this often, in milliseconds, where an announcement was lost. */
const lookEveryMs = 2000
/** Ended runs that are remembered, so that their end is told once. */
const mostEnded = 500

/**
 * Brings the progress of strategy runs to the feeds that follow them. It is read from the rows, once for all feeds: a run writes its
 * row at most four times a second. A new feed is told the present state at first.
 */
export interface RunTicks {
  /** A feed has begun. */
  follow(): void
  stop(): void
}

/** Creates the flow of progress. It listens while there are feeds. */
export function createRunTicks(
  { db, notices, log }: Pick<StreamParts, 'db' | 'notices' | 'log'>,
  feeds: Iterable<Feed>,
): RunTicks {
  /** Ids of announced runs. */
  let announced = new Set<number>()
  let mayHaveMissed = false
  /** The runs as they were told last. */
  const known = new Map<number, Run>()
  const greeted = new WeakSet<Feed>()
  let stopHearing: (() => void) | undefined
  let looking: NodeJS.Timeout | undefined
  let waiting: NodeJS.Timeout | undefined
  let isReading = false
  let hasFailed = false
  let readAt = Number.NEGATIVE_INFINITY

  /** Reads what has changed, and all that new feeds follow, and tells it. */
  async function read(): Promise<void> {
    const isAll = mayHaveMissed
    const ids = isAll ? new Set([...announced, ...openOnes()]) : announced
    announced = new Set()
    mayHaveMissed = false
    const fresh = new Set([...feeds].filter((feed) => !greeted.has(feed)))
    const asking = isAll ? [...feeds] : [...fresh]
    try {
      const found = await Promise.all([
        runsById(db, [...ids]),
        runsNamed(
          db,
          asking.flatMap(({ topics }) => (topics.runs === 'own' ? [] : [...topics.runs])),
        ),
        activeRunsOf(
          db,
          asking.flatMap(({ topics, reader }) => (topics.runs === 'own' ? [reader.caller.memberId] : [])),
        ),
      ])
      const runs = new Map(found.flat().map((run) => [run.id, run]))
      for (const run of runs.values()) tell(run, fresh)
      for (const feed of fresh) greeted.add(feed)
    } catch (cause) {
      for (const id of ids) announced.add(id)
      mayHaveMissed ||= isAll
      throw cause
    }
  }

  function tell(run: Run, fresh: ReadonlySet<Feed>): void {
    const changes = eventsBetween(known.get(run.id), run, stagesOf(run))
    for (const feed of feeds) {
      if (!belongs(feed, run)) continue
      if (fresh.has(feed)) feed.tellRun([eventNow(run)])
      else if (greeted.has(feed)) feed.tellRun(changes)
    }
    known.delete(run.id)
    known.set(run.id, run)
    const ended = [...known.values()].filter(({ state }) => isEnd(state))
    for (const { id } of ended.slice(0, -mostEnded)) known.delete(id)
  }

  const openOnes = () => [...known.values()].filter(({ state }) => !isEnd(state)).map(({ id }) => id)

  /** Reads at once, or when the time since the last reading is over. */
  function wake(): void {
    if (isReading || waiting) return
    const isNew = [...feeds].some((feed) => !greeted.has(feed))
    // A database that is away is not asked without a pause.
    const dueIn = isNew && !hasFailed ? 0 : readAt + apartMs - performance.now()
    waiting = setTimeout(
      () => {
        waiting = undefined
        isReading = true
        readAt = performance.now()
        read()
          .then(
            () => {
              hasFailed = false
            },
            (cause) => {
              hasFailed = true
              log.debug({ err: cause }, 'the runs of streams could not be read')
            },
          )
          .finally(() => {
            isReading = false
            const isDue = announced.size > 0 || mayHaveMissed || [...feeds].some((feed) => !greeted.has(feed))
            if (isDue && stopHearing) wake()
          })
      },
      Math.max(0, dueIn),
    )
  }

  return {
    follow() {
      stopHearing ??= hearRuns(
        notices,
        (id) => {
          announced.add(id)
          wake()
        },
        () => {
          mayHaveMissed = true
          wake()
        },
      )
      looking ??= setInterval(() => {
        for (const id of openOnes()) announced.add(id)
        if (announced.size > 0) wake()
      }, lookEveryMs)
      wake()
    },
    stop() {
      stopHearing?.()
      clearInterval(looking)
      clearTimeout(waiting)
      stopHearing = looking = waiting = undefined
      announced.clear()
      known.clear()
    },
  }
}

const stagesOf = ({ kind, strategy }: Run) =>
  (kind === 'backtest' ? runnableBacktestNamed(strategy) : strategyNamed(strategy))?.stages ?? []

function belongs({ topics, reader }: Feed, run: Run): boolean {
  return seesRun(reader.caller, run) && (topics.runs === 'own' || topics.runs.has(run.runId))
}
