import { Big } from '../../../base/amounts.ts'
import type { QueueEntry } from '../../../strategies/runs/queue.ts'
import type { RankedResult } from '../../../strategies/runs/rows/results.ts'
import { clockText, remainingMs } from '../../../strategies/runs/rules/progress.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import type { StrategyRun, SymbolResult } from '../../contract/strategies.ts'
import { instant } from './decimals.ts'

/** A run as the API has it; `entry` is its place in the queue while it has not ended. */
export function runItem(run: Run, entry: QueueEntry | undefined): StrategyRun {
  const rest = remainingMs(run)
  return {
    ...{
      run_id: run.runId,
      number: run.number,
      account: run.accountId ?? null,
      kind: run.kind,
      strategy_code: run.strategy,
    },
    ...{ parameters: run.parameters, template: run.templateName ?? null, priority: run.priority, status: run.state },
    ...{ progress_percent: run.progressPercent, current_stage: run.stage ?? null, message: run.message },
    current_item: run.currentItem ?? null,
    position_in_queue: run.state === 'queued' ? (entry?.position ?? null) : null,
    estimated_start: instant(run.state === 'queued' ? entry?.expectedStart : undefined),
    ...{ asked_at: run.askedAt.toISOString(), started_at: instant(run.startedAt), ended_at: instant(run.endedAt) },
    estimated_completion: instant(entry?.expectedEnd),
    as_of: run.asOf ?? null,
    ...{ market: run.market ?? null, left_out: run.leftOut, unknown_tickers: run.unknown },
    due_at: instant(run.due?.at),
    can_cancel: !isEnd(run.state) && run.state !== 'cancelling',
    error: run.error === undefined ? null : { code: run.errorCode ?? 'ERROR', message: run.error },
    metrics: {
      ...{ processed_tickers: run.completedItems, total_tickers: run.totalItems ?? null },
      ...{ passed_count: run.passedCount, skipped_count: run.skippedCount, error_count: run.errorCount },
      tickers_per_second: run.tickersPerSecond ?? null,
      estimated_remaining: rest === undefined ? null : clockText(rest),
    },
  }
}

/** The result of a symbol as the API has it. */
export function resultItem(result: RankedResult): SymbolResult {
  const { rank, symbol, outcome } = result
  if ('reason' in result) return { ...empty, rank, symbol, outcome, reason: result.reason }
  const { score, price, items, gates, reasons, lacking, facts } = result
  return {
    ...{ rank, symbol, outcome, score, price: new Big(price).toFixed(), items, gates, reasons, lacking, facts },
    reason: null,
  }
}

const empty = { score: null, price: null, items: [], gates: [], reasons: [], lacking: [], facts: {} }
