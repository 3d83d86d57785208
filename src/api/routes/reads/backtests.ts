import { z } from 'zod'
import { conventions } from '../../../backtest/conventions.ts'
import { type RunnableBacktest, runnableBacktests } from '../../../backtest/runs/runnable.ts'
import { csvText } from '../../../base/csv-text.ts'
import { Refusal } from '../../../base/refusal.ts'
import { curvesOf, reportOf, tradesOf } from '../../../strategies/runs/rows/reports.ts'
import type { BacktestReport, NumberedTrade } from '../../../strategies/runs/rules/report.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import type { BacktestTrade, BacktestReport as ReportItem } from '../../contract/backtests.ts'
import type { Context, Handlers } from '../context.ts'
import { notFound } from '../problem.ts'
import { asFile, linesOf } from './files.ts'
import { allOf, pageOf, partOf } from './pages.ts'
import { ownRun, shownRun } from './strategies.ts'

/** Trades in one file. */
const mostExported = 200_000

type Reads = Pick<
  Handlers,
  | 'backtestStrategies'
  | 'backtestReport'
  | 'backtestCurves'
  | 'backtestTrades'
  | 'backtestTradeLines'
  | 'backtestTradeTable'
  | 'compareBacktests'
>

export const backtestReads: Reads = {
  backtestStrategies: async () => allOf(runnableBacktests.map(strategyItem)),
  async backtestReport(context, { params }) {
    const run = await ownBacktest(context, params.run_id)
    if (run instanceof Refusal) return run
    const { db, runs } = context.parts
    const [shown, report] = await Promise.all([shownRun(context, run), reportOf(db, run.id)])
    return { run: shown, report: report ? reportItem(report, runs.isSimulated) : null }
  },
  async backtestCurves(context, { params }) {
    const run = await ownBacktest(context, params.run_id)
    if (run instanceof Refusal) return run
    const curves = await curvesOf(context.parts.db, run.id)
    const { days, equity, held, drawdownPct } = curves ?? { days: [], equity: [], held: [], drawdownPct: [] }
    return { days, equity, buy_and_hold: held, drawdown_pct: drawdownPct }
  },
  async backtestTrades(context, { params, query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const run = await ownBacktest(context, params.run_id)
    if (run instanceof Refusal) return run
    const found = await tradesOf(context.parts.db, run.id, { after: part.after, most: part.limit + 1 })
    return { ...pageOf(found, part, tradeItem, ({ number }) => number), status: run.state }
  },
  async backtestTradeLines(context, { params }) {
    const run = await ownBacktest(context, params.run_id)
    if (run instanceof Refusal) return run
    return asFile(`run-${run.number}-trades.jsonl`, linesOf(await exported(context, run)))
  },
  async backtestTradeTable(context, { params }) {
    const run = await ownBacktest(context, params.run_id)
    if (run instanceof Refusal) return run
    const all = await exported(context, run)
    const rows = all.map((one) => columns.map((name) => one[name]))
    return asFile(`run-${run.number}-trades.csv`, csvText([...columns], rows))
  },
  async compareBacktests(context, { params }) {
    const before = await ownBacktest(context, params.run_id)
    if (before instanceof Refusal) return before
    const after = await ownBacktest(context, params.other_id)
    if (after instanceof Refusal) return after
    const { db } = context.parts
    const [one, other] = await Promise.all([reportOf(db, before.id), reportOf(db, after.id)])
    if (!one || !other) return notDone(one ? after : before)
    const [first, second] = [figuresItem(one.figures), figuresItem(other.figures)]
    return {
      ...{ before: await shownRun(context, before), after: await shownRun(context, after) },
      figures: Object.keys(first).map((name) => ({ name, before: first[name]!, after: second[name] ?? null })),
      differ: differing(before, after),
    }
  },
}

const columns = [
  ...(['number', 'symbol', 'side', 'quantity', 'entry_day', 'exit_day', 'entry_price', 'exit_price'] as const),
  ...(['fees', 'profit', 'return_pct', 'reason'] as const),
] as const

/** A backtest that the caller may see. Screens are no backtests. */
async function ownBacktest(context: Pick<Context, 'parts' | 'caller'>, named: string): Promise<Run | Refusal> {
  const run = await ownRun(context, named)
  return run instanceof Refusal || run.kind === 'backtest' ? run : notFound('such backtest')
}

function notDone({ number, message }: Run): Refusal {
  const sentence = `Run ${number} has no figures: ${message}.`
  return new Refusal('NO_RESULT', sentence, 'Compare backtests that have completed')
}

function differing(before: Run, after: Run) {
  const names = [...new Set([...Object.keys(before.parameters), ...Object.keys(after.parameters)])]
  const all = [
    { name: 'strategy_code', before: before.strategy, after: after.strategy },
    ...names.map((name) => ({ name, before: before.parameters[name] ?? null, after: after.parameters[name] ?? null })),
  ]
  return all.filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after))
}

function reportItem(report: BacktestReport, isSimulated: boolean): ReportItem {
  const { symbols, from, to, days, firstDecision, cash, figures, held, refused, ruinedOn, lacking } = report
  return {
    ...{ symbols, from, to, days, first_decision: firstDecision ?? null, cash },
    ...{
      figures: figuresItem(figures),
      buy_and_hold: figuresItem(held),
      refused,
      ruined_on: ruinedOn ?? null,
      lacking,
    },
    ...{ is_simulated: isSimulated, conventions: { ...conventions } },
  }
}

/** Figures by the names of the API: `returnPct` is `return_pct`. */
function figuresItem(figures: object): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) =>
      value === null || typeof value === 'number'
        ? [[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]]
        : [],
    ),
  )
}

function tradeItem(trade: NumberedTrade): BacktestTrade {
  const { number, symbol, side, quantity, fees, profit, reason } = trade
  return {
    ...{ number, symbol, side, quantity, entry_day: trade.entryDay, exit_day: trade.exitDay },
    ...{ entry_price: trade.entryPrice, exit_price: trade.exitPrice, fees, profit },
    ...{ return_pct: 100 * trade.returned, reason },
  }
}

async function exported({ parts }: Context, run: Run): Promise<BacktestTrade[]> {
  return (await tradesOf(parts.db, run.id, { most: mostExported })).map(tradeItem)
}

function strategyItem({ name, aliases, title, summary, parameters, stages }: RunnableBacktest) {
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' })
  return {
    ...{ strategy_code: name, aliases: [...aliases], title, summary },
    ...{ parameters: schema as Record<string, unknown>, stages: [...stages] },
  }
}
