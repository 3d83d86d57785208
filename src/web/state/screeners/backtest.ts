import { batch, computed, effect, signal } from '@preact/signals'
import type {
  BacktestComparison,
  BacktestCurves,
  BacktestReport,
  BacktestTrade,
} from '../../../api/contract/backtests.ts'
import { call } from '../call.ts'
import { chosenRun } from './runs.ts'

/** The outcome of the shown backtest. */
export interface ShownBacktest {
  run: string
  report: BacktestReport
  curves: BacktestCurves
  trades: BacktestTrade[]
  /** The cursor of the following page of trades. */
  next: string | null
}

export const backtest = signal<ShownBacktest | undefined>(undefined)
export const backtestTrouble = signal<string | undefined>(undefined)
/** The backtest with which the shown one is compared. */
export const otherBacktest = signal<string | undefined>(undefined)
export const backtestComparison = signal<BacktestComparison | undefined>(undefined)

/** As many as the curve marks: a backtest is marked when all of its trades are on the first page. */
const tradesOfPage = 200

const note = (cause: unknown) => {
  backtestTrouble.value = cause instanceof Error ? cause.message : String(cause)
}

/** The backtest that is shown and has completed; its outcome changes no more. */
const completed = computed(() => {
  const run = chosenRun.value
  return run?.kind === 'backtest' && run.status === 'completed' ? run.run_id : undefined
})

async function read(run: string): Promise<void> {
  const params = { run_id: run }
  try {
    const [{ report }, curves, { items, next }] = await Promise.all([
      call('backtestReport', { params }),
      call('backtestCurves', { params }),
      call('backtestTrades', { params, query: { limit: tradesOfPage } }),
    ])
    if (completed.peek() !== run || !report) return
    batch(() => {
      backtest.value = { run, report, curves, trades: items, next }
      backtestTrouble.value = undefined
    })
  } catch (cause) {
    if (completed.peek() === run) note(cause)
  }
}

/** Reads the following page of trades. */
export async function readMoreTrades(): Promise<void> {
  const before = backtest.value
  if (!before?.next) return
  try {
    const query = { limit: tradesOfPage, cursor: before.next }
    const { items, next } = await call('backtestTrades', { params: { run_id: before.run }, query })
    if (backtest.value === before) backtest.value = { ...before, trades: [...before.trades, ...items], next }
  } catch (cause) {
    note(cause)
  }
}

async function compare(before: string, after: string): Promise<void> {
  try {
    const found = await call('compareBacktests', { params: { run_id: before, other_id: after } })
    if (otherBacktest.peek() === before && completed.peek() === after) backtestComparison.value = found
  } catch (cause) {
    note(cause)
  }
}

/** Keeps the outcome of the shown backtest. Returns a function that ends it. */
export function keepBacktest(): () => void {
  const ends = [
    effect(() => {
      const run = completed.value
      if (backtest.peek()?.run === run) return
      backtest.value = undefined
      if (run) void read(run)
    }),
    effect(() => {
      const [before, after] = [otherBacktest.value, completed.value]
      backtestComparison.value = undefined
      if (before && after && before !== after) void compare(before, after)
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
