import { type DrawnRun, pictureOfTwo } from '../../../backtest/runs/draw.ts'
import { Refusal } from '../../../base/refusal.ts'
import { curvesOf, reportOf } from '../../../strategies/runs/rows/reports.ts'
import type { BacktestReport, ReportFigures } from '../../../strategies/runs/rules/report.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import { ratioText, returnText } from '../../wording/strategies/backtest.ts'
import { runName, settingText } from '../../wording/strategies/names.ts'
import { stateText } from '../../wording/strategies/progress.ts'
import type { Hearing, Outcome } from '../command.ts'
import { show } from '../picture.ts'

/** A figure of a comparison, as it is shown. */
interface Shown {
  head: string
  of(figures: ReportFigures, report: BacktestReport): string
}

const share = (value: number | null) => returnText(value).replace(/^\+/, '')

const figures: Shown[] = [
  { head: 'Return', of: ({ returnPct }) => returnText(returnPct) },
  { head: 'Buy and hold', of: (_, { held }) => returnText(held.returnPct) },
  { head: 'A year', of: ({ annualReturnPct }) => returnText(annualReturnPct) },
  { head: 'Volatility a year', of: ({ annualVolatilityPct }) => share(annualVolatilityPct) },
  { head: 'Max drawdown', of: ({ maxDrawdownPct }) => returnText(maxDrawdownPct) },
  { head: 'Sharpe', of: ({ sharpe }) => ratioText(sharpe) },
  { head: 'Sortino', of: ({ sortino }) => ratioText(sortino) },
  { head: 'Trades', of: ({ trades }) => String(trades) },
  { head: 'Won', of: ({ winRatePct }) => share(winRatePct) },
  { head: 'Profit factor', of: ({ profitFactor }) => ratioText(profitFactor) },
  { head: 'Exposure', of: ({ exposurePct }) => share(exposurePct) },
]

/** Two backtests side by side: their figures, the settings in which they differ, and their curves in one picture. */
export async function compareBacktests(hearing: Hearing, first: Run, second: Run): Promise<Outcome> {
  const { db, runs } = hearing.parts
  const [one, other] = [await drawn(hearing, first), await drawn(hearing, second)]
  if (!one || !other) return notDone(one ? second : first)
  const columns = columnsOf(first, one.report, second, other.report)
  const text = [
    `🧪 RUNS ${first.number} AND ${second.number}`,
    ...[first, second].map((run) => `${runName(run)} · ${settingText(run)}${run.market ? ` · ${run.market}` : ''}`),
    `Differ in: ${differences(first, one.report, second, other.report)}`,
    ...linesIn(columns),
    ...(runs.isSimulated ? ['⚠️ These prices are simulated: this is a demonstration'] : []),
    ...(isSamePeriod(one.report, other.report) ? [] : ['⚠️ They are over other days, so their figures do not compare']),
    `💡 \`results ${second.number}\` lists trades, \`rerun ${second.number}\` runs it again`,
  ].join('\n')
  const alt = `Returns of the backtests ${first.number} (${returnText(one.report.figures.returnPct)}) and ${second.number} (${returnText(other.report.figures.returnPct)}) over their days, and their drawdowns below.`
  const about = { name: `runs-${first.number}-${second.number}.png`, alt, course: other.report.course }
  const outcome = await show({ log: hearing.parts.log }, text, about, () => pictureOfTwo(one, other, runs.isSimulated))
  return 'replies' in outcome ? { replies: outcome.replies.map((reply) => ({ ...reply, columns })) } : outcome

  async function drawn(_: Hearing, run: Run): Promise<DrawnRun | undefined> {
    const [report, curves] = await Promise.all([reportOf(db, run.id), curvesOf(db, run.id)])
    return report && curves && run.state === 'completed' ? { name: `Run ${run.number}`, report, curves } : undefined
  }
}

function columnsOf(first: Run, one: BacktestReport, second: Run, other: BacktestReport): Columns {
  return {
    columns: [
      { head: 'Figure' },
      { head: `Run ${first.number}`, isAmount: true },
      { head: `Run ${second.number}`, isAmount: true },
    ],
    rows: figures.map(({ head, of }) => [cell(head), cell(of(one.figures, one)), cell(of(other.figures, other), '· ')]),
  }
}

/** The settings that differ: `fast 10 → 20 · symbols GOOG → AAPL`. */
function differences(first: Run, one: BacktestReport, second: Run, other: BacktestReport): string {
  const names = [...new Set([...Object.keys(first.parameters), ...Object.keys(second.parameters)])]
  const text = (value: unknown) =>
    value === undefined ? 'none' : Array.isArray(value) ? value.join(', ') : String(value)
  const changed = names.flatMap((name) => {
    const [before, after] = [text(first.parameters[name]), text(second.parameters[name])]
    return before === after ? [] : [`${name === 'tickers' ? 'symbols' : name} ${before} → ${after}`]
  })
  return (
    [
      ...(first.strategy === second.strategy ? [] : [`strategy ${first.strategy} → ${second.strategy}`]),
      ...changed,
      ...(isSamePeriod(one, other) ? [] : [`days ${one.from} to ${one.to} → ${other.from} to ${other.to}`]),
      ...(first.market === second.market ? [] : [`market ${first.market} → ${second.market}`]),
    ].join(' · ') || 'nothing'
  )
}

const isSamePeriod = (one: BacktestReport, other: BacktestReport) => one.from === other.from && one.to === other.to

const notDone = (run: Run) =>
  new Refusal(
    'NO_RESULT',
    `Run ${run.number} has no figures: ${stateText(run)}.`,
    '`runs` shows which backtests have completed',
  )
