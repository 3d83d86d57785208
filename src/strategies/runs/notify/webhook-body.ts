import type { EndedRun } from '../notices.ts'

/** The body that a webhook gets about an ended run, in the field names of the API. */
export function webhookBody({ run, hits, market, isSimulated, backtest }: EndedRun) {
  return {
    event_type: run.state,
    run_id: run.runId,
    run_number: run.number,
    kind: run.kind,
    strategy_code: run.strategy,
    parameters: run.parameters,
    message: run.message,
    market,
    is_simulated: isSimulated,
    as_of: run.asOf ?? null,
    asked_at: run.askedAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    ended_at: run.endedAt?.toISOString() ?? null,
    total_tickers: run.totalItems ?? 0,
    processed_tickers: run.completedItems,
    passed_count: run.passedCount,
    skipped_count: run.skippedCount,
    error_count: run.errorCount,
    // Of a backtest that has completed.
    ...(backtest && { figures: backtest.report.figures, buy_and_hold: backtest.report.held }),
    // The first hits by rank; the API has all results.
    hits: hits.flatMap((hit) =>
      'score' in hit ? [{ rank: hit.rank, symbol: hit.symbol, score: hit.score, price: hit.price }] : [],
    ),
  }
}
