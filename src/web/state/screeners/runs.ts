import { batch, computed, effect, signal } from '@preact/signals'
import type { BacktestStrategy } from '../../../api/contract/backtests.ts'
import type { ProgressEvent, QueuedRun, Strategy, StrategyRun } from '../../../api/contract/strategies.ts'
import { call, Refused } from '../call.ts'
import { runListeners } from '../desk.ts'
import { isLive } from '../line.ts'
import { isOver, me } from '../session.ts'

/** The screeners; undefined until the desk has told them. */
export const strategies = signal<Strategy[] | undefined>(undefined)
/** The strategies of backtests; undefined until the desk has told them. */
export const backtests = signal<BacktestStrategy[] | undefined>(undefined)
/** The member's newest runs, the newest first. */
export const runs = signal<StrategyRun[] | undefined>(undefined)
/** Runs of all members that run or wait. */
export const queue = signal<QueuedRun[]>([])
/** Lists that could not be read, with the reason. */
export const trouble = signal<string | undefined>(undefined)
/** The id of the shown run. */
export const chosen = signal<string | undefined>(undefined)

export const chosenRun = computed(() => runs.value?.find(({ run_id }) => run_id === chosen.value))

/** Runs that the page lists. */
export const mostRuns = 50
/** Changes that come together are read together, in milliseconds. */
const gatherMs = 150
/** Where no stream gets through, the page asks this often, in milliseconds. */
const lookMs = 15_000
/** The queue's times move while runs go on, in milliseconds. */
const queueMs = 5000

const ends = ['completed', 'cancelled', 'error']

/** Has a run ended? */
export const hasEnded = ({ status }: Pick<StrategyRun, 'status'>): boolean => ends.includes(status)

let gathering: ReturnType<typeof setTimeout> | undefined

/** Reads the runs and the queue anew, soon. */
export function refreshRuns(): void {
  gathering ??= setTimeout(() => {
    gathering = undefined
    void readRuns()
  }, gatherMs)
}

async function readRuns(): Promise<void> {
  try {
    const [found, waiting] = await Promise.all([
      // The runs of all accounts: an entry into one names its own.
      call('strategyRuns', { query: { account: undefined, limit: mostRuns } }),
      call('strategyQueue'),
    ])
    batch(() => {
      // An event of the stream may be newer than the list.
      runs.value = found.items.map((run) => (hasEnded(run) ? run : moved(run, told.get(run.run_id))))
      queue.value = waiting.queue
      chosen.value ??= found.items[0]?.run_id
      trouble.value = undefined
    })
  } catch (cause) {
    note(cause)
  }
}

async function readStrategies(): Promise<void> {
  try {
    const [screeners, played] = await Promise.all([call('strategies'), call('backtestStrategies')])
    batch(() => {
      strategies.value = screeners.items
      backtests.value = played.items
    })
  } catch (cause) {
    note(cause)
  }
}

function note(cause: unknown): void {
  if (cause instanceof Refused && cause.status === 401) isOver()
  trouble.value = cause instanceof Error ? cause.message : String(cause)
}

/** The last events of runs. */
const told = new Map<string, ProgressEvent>()

/** A run after an event; progress never goes back. */
function moved(run: StrategyRun, event: ProgressEvent | undefined): StrategyRun {
  if (!event || event.progress_percent < run.progress_percent) return run
  return {
    ...run,
    progress_percent: event.progress_percent,
    current_stage: event.stage ?? run.current_stage,
    current_item: event.current_item ?? null,
    message: event.message,
    metrics: {
      ...run.metrics,
      estimated_remaining: event.metrics.estimated_remaining ?? null,
      processed_tickers: event.metrics.processed_tickers,
      total_tickers: event.total_items ?? run.metrics.total_tickers,
      tickers_per_second: event.metrics.tickers_per_second ?? null,
      passed_count: event.metrics.passed_count,
    },
  }
}

function hear(event: ProgressEvent): void {
  const { run_id: id, event_type: type } = event
  told.set(id, event)
  const run = runs.value?.find(({ run_id }) => run_id === id)
  if (!run || run.status === 'queued' || (type !== 'progress' && type !== 'ticker_completed')) refreshRuns()
  if (run && !hasEnded(run)) runs.value = runs.value?.map((one) => (one === run ? moved(one, event) : one))
}

/** The member whose runs these are. */
let owner: number | undefined

/** Another member at the same page has other runs. */
function beginFor(memberId: number | undefined): void {
  if (memberId === owner) return
  owner = memberId
  told.clear()
  batch(() => {
    runs.value = undefined
    queue.value = []
    chosen.value = undefined
  })
}

/** Keeps the runs true. Returns a function that ends it. */
export function keepRuns(): () => void {
  beginFor(me.value?.member.id)
  void readStrategies()
  runListeners.add(hear)
  // After each break everything is read anew.
  const end = effect(() => {
    if (isLive.value) refreshRuns()
  })
  refreshRuns()
  const look = setInterval(() => {
    if (document.hidden) return
    if (!strategies.value) void readStrategies()
    if (!isLive.value) refreshRuns()
  }, lookMs)
  const lookAtQueue = setInterval(() => {
    if (!document.hidden && isLive.value && queue.value.length > 0) refreshRuns()
  }, queueMs)
  return () => {
    end()
    clearInterval(look)
    clearInterval(lookAtQueue)
    clearTimeout(gathering)
    gathering = undefined
    runListeners.delete(hear)
  }
}
