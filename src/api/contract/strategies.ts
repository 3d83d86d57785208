import { z } from 'zod'
import { row } from './row.ts'
import { amount, id, inAccount, moment, page, paging } from './shapes.ts'
import { code, given, notifyOnCompletion, state } from './strategy-shapes.ts'

// The names of these fields are those of the older description of strategy runs, so they have underscores.

const priority = z.enum(['low', 'normal', 'high'])
const outcome = z.enum(['passed', 'failed', 'skipped', 'error'])

/** A screener, with the JSON Schema of its parameters. */
export const strategy = z.object({
  strategy_code: z.string().meta({ examples: ['bullish_breakout'] }),
  aliases: z.array(z.string()),
  title: z.string(),
  summary: z.string(),
  parameters: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema: types, ranges, defaults and help' }),
  stages: z.array(z.string()),
  bars_needed: z.int().meta({ description: 'Finished daily bars without which a symbol is skipped' }),
  past: z.string().meta({ description: 'How it did on recorded prices, with its dispersion, in sentences' }),
})

/** Something that happened in a run, or the present state of it. */
const progressEvent = z.object({
  event_type: z.enum([
    ...['started', 'progress', 'ticker_completed', 'stage_completed'],
    ...['completed', 'error', 'cancelled'],
  ] as const),
  timestamp: moment,
  run_id: z.uuid(),
  kind: z.enum(['screen', 'backtest']).optional().meta({ description: 'Absent for a screen' }),
  stage: z.string().optional(),
  progress_percent: z.number(),
  current_item: z.string().optional().meta({ description: 'A symbol' }),
  total_items: z.int().optional(),
  completed_items: z.int(),
  message: z.string(),
  metrics: z.object({
    tickers_per_second: z.number().optional(),
    estimated_remaining: z
      .string()
      .optional()
      .meta({ description: 'HH:MM:SS', examples: ['00:05:32'] }),
    processed_tickers: z.int(),
    passed_count: z.int(),
  }),
})

/** A run of a screener, or a backtest. */
export const run = z.object({
  run_id: z.uuid(),
  number: z.int().meta({ description: 'Its number among the runs of its member: `run 12` in chat' }),
  account: id.nullable().meta({ description: 'Null when it was asked for before its member had an account' }),
  kind: z.enum(['screen', 'backtest']),
  strategy_code: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  template: z.string().nullable(),
  priority,
  status: state,
  progress_percent: z.number(),
  current_stage: z.string().nullable(),
  current_item: z.string().nullable(),
  message: z.string(),
  position_in_queue: z.int().nullable().meta({ description: '1 is the next one; null unless it is queued' }),
  estimated_start: moment.nullable(),
  asked_at: moment,
  started_at: moment.nullable(),
  ended_at: moment.nullable(),
  estimated_completion: moment.nullable(),
  as_of: z.iso.date().nullable().meta({ description: 'The last day whose bars it uses' }),
  market: z.string().nullable().meta({ description: 'The market whose bars it uses, once it has begun' }),
  left_out: z.int().meta({ description: 'Symbols of its universe that the market does not know' }),
  unknown_tickers: z.array(z.string()).meta({ description: 'The first few of them' }),
  due_at: moment.nullable().meta({ description: 'When its schedule was due, where it started late' }),
  can_cancel: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  metrics: z.object({
    processed_tickers: z.int(),
    total_tickers: z.int().nullable(),
    tickers_per_second: z.number().nullable(),
    estimated_remaining: z
      .string()
      .nullable()
      .meta({ description: 'HH:MM:SS', examples: ['00:05:32'] }),
    passed_count: z.int(),
    skipped_count: z.int(),
    error_count: z.int(),
  }),
})

/** The outcome for a symbol. Points and the score are of 100; they are statistics, not amounts. */
const symbolResult = z.object({
  rank: z.int().meta({ description: 'From 1; while a run goes on, ranks still move' }),
  symbol: z.string(),
  outcome,
  score: z.number().nullable(),
  price: amount.nullable(),
  items: z.array(
    z.object({ part: z.string(), name: z.string(), points: z.number(), of: z.number(), text: z.string() }),
  ),
  gates: z.array(z.object({ name: z.string(), passed: z.boolean(), text: z.string() })),
  reasons: z.array(z.string()),
  lacking: z.array(z.string()).meta({ description: 'Data that was lacking' }),
  facts: z.record(z.string(), z.union([z.number(), z.string()])),
  reason: z.string().nullable().meta({ description: 'Why it was skipped, or could not be scored' }),
})

const moved = z.object({ symbol: z.string(), before: z.number().nullable(), after: z.number().nullable() })

/** A run beside an earlier one, by the symbols that pass. */
export const comparison = z.object({
  before: run,
  after: run,
  new: z.array(moved).meta({ description: 'Passes in the second run, and failed in the first' }),
  gone: z.array(moved).meta({ description: 'Passed in the first run, and fails in the second' }),
  moved: z.array(moved).meta({ description: 'Passes in both, with another score' }),
  same: z.int().meta({ description: 'Symbols that pass in both with the same score' }),
  unscored: z.array(moved).meta({
    description: 'Passed in one run, and the other has no score: it ended early, or did not score the symbol',
  }),
})

/** The answer to who asks for a run. */
export const asked = z.object({
  run_id: z.uuid(),
  number: z.int(),
  status: state,
  position_in_queue: z.int().meta({ description: '0: it starts at once' }),
  estimated_start_time: moment,
  sse_endpoint: z.string(),
})

const queued = z.object({
  run_id: z.uuid().nullable().meta({ description: 'Null for runs of other members' }),
  number: z.int().nullable().meta({ description: 'Its number in chat; null for runs of other members' }),
  strategy_code: z.string(),
  status: state,
  position: z.int().meta({ description: '0: it runs' }),
  priority,
  started_at: moment.nullable(),
  estimated_start: moment.nullable(),
})

/** Names a run in a path. */
export const named = z.strictObject({
  run_id: z
    .union([z.uuid(), z.string().regex(/^[1-9]\d{0,8}$/, 'must be the id or the number of a run')])
    .meta({ description: 'The id of a run, or its number' }),
})
/** How a run is queued and told. */
export const options = z.strictObject({
  priority: priority.optional(),
  notify_on_completion: notifyOnCompletion.optional(),
  max_execution_time: z.int().min(1).max(86_400).optional().meta({ description: 'Seconds' }),
})
const filter = { outcome: outcome.optional().meta({ description: 'All unless said' }) }

export const strategyRows = {
  strategies: row({
    method: 'GET',
    path: '/api/strategies',
    summary: 'The screeners with their parameters as JSON Schema',
    needs: 'reads',
    answer: page(strategy),
  }),
  executeStrategy: row({
    method: 'POST',
    path: '/api/strategies/execute',
    summary: 'Queues a run of a screener',
    needs: 'reads',
    acts: true,
    query: z.strictObject(inAccount),
    body: z.strictObject({
      strategy_code: code,
      parameters: given.optional(),
      options: options.optional(),
    }),
    answer: asked,
  }),
  strategyRuns: row({
    method: 'GET',
    path: '/api/strategies/runs',
    summary: 'Runs, the newest first',
    needs: 'reads',
    query: z.strictObject({
      ...inAccount,
      ...paging,
      kind: z.enum(['screen', 'backtest']).optional().meta({ description: 'Both unless said' }),
      strategy_code: z.string().max(40).optional(),
      state: z.enum(['active', 'ended', 'all']).optional().meta({ description: 'All unless said' }),
    }),
    answer: page(run),
  }),
  strategyRun: row({
    method: 'GET',
    path: '/api/strategies/runs/{run_id}/status',
    summary: 'The state of a run, for who cannot follow its stream',
    needs: 'reads',
    params: named,
    answer: run,
  }),
  cancelRun: row({
    method: 'POST',
    path: '/api/strategies/runs/{run_id}/cancel',
    summary: 'Cancels a run that waits or runs; what it found stays',
    needs: 'reads',
    acts: true,
    params: named,
    answer: z.object({ cancelled: z.boolean(), status: state, message: z.string() }),
  }),
  rerun: row({
    method: 'POST',
    path: '/api/strategies/runs/{run_id}/rerun',
    summary: 'Queues another run with the same parameters',
    needs: 'reads',
    acts: true,
    params: named,
    answer: asked,
  }),
  runResults: row({
    method: 'GET',
    path: '/api/strategies/runs/{run_id}/results',
    summary: 'Results, the best first; those that there are while a run goes on',
    needs: 'reads',
    params: named,
    query: z.strictObject({ ...paging, ...filter }),
    answer: page(symbolResult).extend({
      status: state.meta({ description: 'Of the run: until it has ended, results are missing and ranks still move' }),
      progress_percent: z.number(),
    }),
  }),
  runResultLines: row({
    method: 'GET',
    path: '/api/strategies/runs/{run_id}/results.jsonl',
    summary: 'All results as JSON lines, the best first',
    needs: 'reads',
    params: named,
    query: z.strictObject(filter),
    answer: z.string(),
    type: 'application/jsonl; charset=utf-8',
  }),
  runResultTable: row({
    method: 'GET',
    path: '/api/strategies/runs/{run_id}/results.csv',
    summary: 'All results as a table, the best first',
    needs: 'reads',
    params: named,
    query: z.strictObject(filter),
    answer: z.string(),
    type: 'text/csv; charset=utf-8',
  }),
  compareRuns: row({
    method: 'GET',
    path: '/api/strategies/runs/{run_id}/compare/{other_id}',
    summary: 'The symbols that are new, gone and moved from the first run to the second',
    needs: 'reads',
    params: named.extend({ other_id: named.shape.run_id }),
    answer: comparison,
  }),
  strategyQueue: row({
    method: 'GET',
    path: '/api/strategies/queue',
    summary: 'Runs that run and wait; those of other members without their parameters',
    needs: 'reads',
    answer: z.object({ queue: z.array(queued), total_queued: z.int(), max_concurrent: z.int() }),
  }),
}

export type Strategy = z.infer<typeof strategy>
export type ProgressEvent = z.infer<typeof progressEvent>
export type StrategyRun = z.infer<typeof run>
export type SymbolResult = z.infer<typeof symbolResult>
export type Comparison = z.infer<typeof comparison>
export type QueuedRun = z.infer<typeof queued>
export type AskedRun = z.infer<typeof asked>
