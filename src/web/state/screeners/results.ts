import { computed, effect, signal } from '@preact/signals'
import type { Comparison, SymbolResult } from '../../../api/contract/strategies.ts'
import { call } from '../call.ts'
import { chosen, chosenRun, hasEnded } from './runs.ts'

export type Outcome = SymbolResult['outcome']

/** The results of the shown run so far, the best first. */
export interface Results {
  run: string
  outcome: Outcome
  items: SymbolResult[]
  /** The cursor of the following page. */
  next: string | null
}

/** The kind of results that is shown. */
export const outcome = signal<Outcome>('passed')
export const results = signal<Results | undefined>(undefined)
export const resultTrouble = signal<string | undefined>(undefined)
/** The run with which the shown one is compared. */
export const other = signal<string | undefined>(undefined)
export const comparison = signal<Comparison | undefined>(undefined)

/** The two runs that are compared, and the state of the shown one. */
const compared = computed(() => {
  const [before, after] = [other.value, chosen.value]
  const status = chosenRun.value?.status
  return before && after && before !== after && status ? `${before} ${after} ${status}` : undefined
})

const pageSize = 50
/** While a run goes on, its results are read this often at most, in milliseconds. */
const apartMs = 1000

let reading = 0

/** Reads the first page of the shown run anew. */
async function read(run: string, wanted: Outcome): Promise<void> {
  const mine = ++reading
  try {
    const { items, next } = await call('runResults', {
      params: { run_id: run },
      query: { outcome: wanted, limit: pageSize },
    })
    if (mine !== reading) return
    results.value = { run, outcome: wanted, items, next }
    resultTrouble.value = undefined
  } catch (cause) {
    if (mine === reading) resultTrouble.value = cause instanceof Error ? cause.message : String(cause)
  }
}

/** Reads the following page of the shown results. */
export async function readMore(): Promise<void> {
  const before = results.value
  if (!before?.next) return
  const mine = ++reading
  try {
    const { items, next } = await call('runResults', {
      params: { run_id: before.run },
      query: { outcome: before.outcome, limit: pageSize, cursor: before.next },
    })
    if (mine !== reading || results.value !== before) return
    results.value = { ...before, items: [...before.items, ...items], next }
  } catch (cause) {
    resultTrouble.value = cause instanceof Error ? cause.message : String(cause)
  }
}

async function compare(before: string, after: string): Promise<void> {
  try {
    const found = await call('compareRuns', { params: { run_id: before, other_id: after } })
    if (other.value === before && chosen.value === after) comparison.value = found
  } catch (cause) {
    resultTrouble.value = cause instanceof Error ? cause.message : String(cause)
  }
}

/** Keeps the results of the shown run true: they appear while it goes on. Returns a function that ends it. */
export function keepResults(): () => void {
  let shown = ''
  let readAt = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  const ends = [
    effect(() => {
      const run = chosenRun.value
      const wanted = outcome.value
      // A backtest has an outcome of its own.
      if (!run || run.kind === 'backtest') return
      const { metrics, status } = run
      const key = `${run.run_id} ${wanted} ${status} ${metrics.passed_count} ${wanted === 'passed' ? '' : metrics.processed_tickers}`
      if (key === shown) return
      shown = key
      const now = Date.now()
      const isOther = results.peek()?.run !== run.run_id || results.peek()?.outcome !== wanted
      if (isOther) results.value = undefined
      clearTimeout(waiting)
      const dueIn = isOther || hasEnded(run) ? 0 : Math.max(0, readAt + apartMs - now)
      waiting = setTimeout(() => {
        readAt = Date.now()
        void read(run.run_id, wanted)
      }, dueIn)
    }),
    // The list of runs is read again and again; only another pair, or another state, makes another comparison.
    effect(() => {
      if (compared.value === undefined) {
        comparison.value = undefined
        return
      }
      const [before = '', after = ''] = compared.value.split(' ')
      const shown = comparison.peek()
      if (shown?.before.run_id !== before || shown.after.run_id !== after) comparison.value = undefined
      void compare(before, after)
    }),
  ]
  return () => {
    clearTimeout(waiting)
    for (const end of ends) end()
  }
}
