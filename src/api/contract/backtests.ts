import { z } from 'zod'
import { row } from './row.ts'
import { inAccount, page, paging } from './shapes.ts'
import { asked, named, options, run } from './strategies.ts'
import { code, given, state } from './strategy-shapes.ts'

// A backtest is a run: its state, its cancel, its stream and its place in the queue are those of /api/strategies/runs. Amounts of a
// simulation are numbers, since the engine counts in floats.

/** A strategy that a backtest can play, with the JSON Schema of its parameters. */
const strategy = z.object({
  strategy_code: z.string().meta({ examples: ['sma-cross'] }),
  aliases: z.array(z.string()),
  title: z.string(),
  summary: z.string(),
  parameters: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema: types, ranges, defaults and help' }),
  stages: z.array(z.string()),
})

const figures = z.record(z.string(), z.number().nullable()).meta({
  description:
    'By name, such as `return_pct`, `max_drawdown_pct`, `sharpe`; percentages are of a hundred, null does not exist',
})

const report = z.object({
  symbols: z.array(z.string()),
  from: z.iso.date(),
  to: z.iso.date(),
  days: z.int(),
  first_decision: z.iso
    .date()
    .nullable()
    .meta({ description: 'The first day after whose close something was decided' }),
  cash: z.number().meta({ description: 'Dollars at the start' }),
  figures,
  buy_and_hold: figures,
  refused: z.record(z.string(), z.int()).meta({ description: 'Orders that were not carried out, by code' }),
  ruined_on: z.iso.date().nullable(),
  lacking: z.array(z.string()).meta({ description: 'Faults of the bars, in words' }),
  is_simulated: z.boolean().meta({ description: 'The prices are made up: a demonstration' }),
  conventions: z.record(z.string(), z.string()),
})

const trade = z.object({
  number: z.int(),
  symbol: z.string(),
  side: z.enum(['long', 'short']),
  quantity: z.number(),
  entry_day: z.iso.date(),
  exit_day: z.iso.date(),
  entry_price: z.number(),
  exit_price: z.number(),
  fees: z.number(),
  profit: z.number().meta({ description: 'Dollars, commission taken off' }),
  return_pct: z.number(),
  reason: z.enum(['strategy', 'stop', 'target', 'chunk', 'end', 'ruin']),
})

const values = z.array(z.number())
const both = z.object({ name: z.string(), before: z.number().nullable(), after: z.number().nullable() })

export const backtestRows = {
  backtestStrategies: row({
    method: 'GET',
    path: '/api/backtests/strategies',
    summary: 'The strategies of backtests with their parameters as JSON Schema',
    needs: 'reads',
    answer: page(strategy),
  }),
  executeBacktest: row({
    method: 'POST',
    path: '/api/backtests/execute',
    summary: 'Queues a backtest, a run as those of screeners',
    needs: 'reads',
    acts: true,
    query: z.strictObject(inAccount),
    body: z.strictObject({ strategy_code: code, parameters: given.optional(), options: options.optional() }),
    answer: asked,
  }),
  backtestReport: row({
    method: 'GET',
    path: '/api/backtests/runs/{run_id}/report',
    summary: 'The figures of a backtest beside buy-and-hold; null until it has completed',
    needs: 'reads',
    params: named,
    answer: z.object({ run, report: report.nullable() }),
  }),
  backtestCurves: row({
    method: 'GET',
    path: '/api/backtests/runs/{run_id}/curves',
    summary: 'Equity, buy-and-hold and drawdown of a backtest by day; empty until it has completed',
    needs: 'reads',
    params: named,
    answer: z.object({
      days: z.array(z.iso.date()),
      equity: values,
      buy_and_hold: values,
      drawdown_pct: values.meta({ description: '0 or negative' }),
    }),
  }),
  backtestTrades: row({
    method: 'GET',
    path: '/api/backtests/runs/{run_id}/trades',
    summary: 'The trades of a backtest in the order of exits',
    needs: 'reads',
    params: named,
    query: z.strictObject(paging),
    answer: page(trade).extend({
      status: state.meta({ description: 'Of the run: trades are there once it has completed' }),
    }),
  }),
  backtestTradeLines: row({
    method: 'GET',
    path: '/api/backtests/runs/{run_id}/trades.jsonl',
    summary: 'All trades of a backtest as JSON lines',
    needs: 'reads',
    params: named,
    answer: z.string(),
    type: 'application/jsonl; charset=utf-8',
  }),
  backtestTradeTable: row({
    method: 'GET',
    path: '/api/backtests/runs/{run_id}/trades.csv',
    summary: 'All trades of a backtest as a table',
    needs: 'reads',
    params: named,
    answer: z.string(),
    type: 'text/csv; charset=utf-8',
  }),
  compareBacktests: row({
    method: 'GET',
    path: '/api/backtests/runs/{run_id}/compare/{other_id}',
    summary: 'The figures of two backtests side by side, and the parameters in which they differ',
    needs: 'reads',
    params: named.extend({ other_id: named.shape.run_id }),
    answer: z.object({
      before: run,
      after: run,
      figures: z.array(both),
      differ: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
    }),
  }),
}

export type BacktestStrategy = z.infer<typeof strategy>
export type BacktestReport = z.infer<typeof report>
export type BacktestCurves = z.infer<(typeof backtestRows)['backtestCurves']['answer']>
export type BacktestTrade = z.infer<typeof trade>
export type BacktestComparison = z.infer<(typeof backtestRows)['compareBacktests']['answer']>
