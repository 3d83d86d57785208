import { partsOf } from '../../../backtest/runs/parameters.ts'
import { backtestStrategyNamed } from '../../../backtest/strategies/list.ts'
import { Big } from '../../../base/amounts.ts'
import { dollarsText, percentText } from '../../../base/format.ts'
import type { EndedBacktest, EndedRun } from '../../../strategies/runs/notices.ts'
import type { BacktestReport } from '../../../strategies/runs/rules/report.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import type { Action } from '../../chat/action.ts'
import { type Cell, type Columns, cell, linesIn } from '../../chat/columns.ts'
import type { KeptPicture, Reply } from '../../chat/reply.ts'
import { runName, settingText } from './names.ts'
import { stateText } from './progress.ts'

/** A percentage with its sign: `+414.23%`. */
export const returnText = (value: number | null): string =>
  value === null ? 'none' : percentText(new Big(value).div(100))
/** A percentage that is a share: `46.97%`. */
const shareText = (value: number | null) => returnText(value).replace(/^\+/, '')
/** A ratio: `0.58`. */
export const ratioText = (value: number | null): string => (value === null ? 'none' : value.toFixed(2))
const dollars = (amount: number) => dollarsText(new Big(amount))

/** The message about a backtest that has completed: its figures beside buy-and-hold, its conventions, and what may come next. */
export function backtestReply(
  ended: Pick<EndedRun, 'run' | 'market' | 'isSimulated'>,
  backtest: EndedBacktest,
): Pick<Reply, 'text' | 'columns' | 'actions' | 'kept'> {
  const { run, isSimulated } = ended
  const { report, hasPicture } = backtest
  const columns = figureColumns(report)
  const lines = [
    `🏁 ${runName(run)}: ${stateText(run)}`,
    `${settingText(run)} · ${report.from} to ${report.to}, ${report.days} days · ${run.market ?? ended.market}`,
    ...linesIn(columns),
    ...detailLines(run, report),
    ...warningLines(report, isSimulated),
    `📐 ${conventions}`,
    `💡 ${nextSteps(run, backtest)}`,
  ]
  return {
    text: lines.join('\n'),
    columns,
    actions: backtestActions(run, backtest),
    ...(hasPicture && { kept: keptPicture(run, report) }),
  }
}

const conventions =
  'A decision after a close is carried out at the next open; annual figures compound over 252 days, the Sharpe ratio is the annual return by the annual volatility with a risk-free rate of 0. Simulated fills are not live fills, and the past is no promise'

/** The figures of the strategy beside those of its symbols, held. */
function figureColumns({ figures, held }: BacktestReport): Columns {
  const row = (name: string, own: string, theirs: string): Cell[] => [
    cell(name),
    cell(own),
    cell(theirs, '· buy and hold '),
  ]
  return {
    columns: [{ head: 'Figure' }, { head: 'Strategy', isAmount: true }, { head: 'Buy and hold', isAmount: true }],
    rows: [
      row('Return', returnText(figures.returnPct), returnText(held.returnPct)),
      row('A year', returnText(figures.annualReturnPct), returnText(held.annualReturnPct)),
      row('Max drawdown', returnText(figures.maxDrawdownPct), returnText(held.maxDrawdownPct)),
      row('Sharpe', ratioText(figures.sharpe), ratioText(held.sharpe)),
    ],
  }
}

function detailLines(run: Run, { cash, figures }: BacktestReport): string[] {
  const { trades, winRatePct, profitFactor, avgTradePct, finalEquity, exposurePct, sortino, maxDrawdownDays } = figures
  const won = trades === 0 ? [] : [`${shareText(winRatePct)} won`, `average ${returnText(avgTradePct)}`]
  const factor = profitFactor === null ? [] : [`profit factor ${ratioText(profitFactor)}`]
  return [
    `${dollars(cash)} → ${dollars(finalEquity)}`,
    [`${trades} ${trades === 1 ? 'trade' : 'trades'}`, ...won, ...factor].join(' · '),
    [
      `Exposure ${shareText(exposurePct)}`,
      `Sortino ${ratioText(sortino)}`,
      ...(maxDrawdownDays === null ? [] : [`longest drawdown ${maxDrawdownDays} days`]),
    ].join(' · '),
    costsText(run, figures),
  ]
}

/** The costs that were counted, and what they came to. */
function costsText({ strategy, parameters }: Run, { fees, borrowed }: BacktestReport['figures']): string {
  const found = backtestStrategyNamed(strategy)
  if (!found) return `Commission ${dollars(fees)} · interest ${dollars(borrowed)}`
  const { commission, fee, spread, slippage, borrow } = partsOf(found, parameters).numbers
  const said = [
    ...(commission > 0 ? [`commission ${commission}%`] : []),
    ...(fee > 0 ? [`${dollars(fee)} a fill`] : []),
    ...(spread > 0 ? [`spread ${spread} bp`] : []),
    ...(slippage > 0 ? [`slippage ${slippage} bp`] : []),
    ...(borrow > 0 ? [`borrow ${borrow}% a year`] : []),
  ]
  if (said.length === 0) return 'Costs: none are in it (`commission 0.1 slippage 5` adds some)'
  const paid = [
    ...(fees > 0 ? [`${dollars(fees)} of fees`] : []),
    ...(borrowed > 0 ? [`${dollars(borrowed)} of interest`] : []),
  ]
  return `Costs: ${said.join(', ')}${paid.length > 0 ? ` · ${paid.join(' and ')}` : ''}`
}

function warningLines({ ruinedOn, refused, lacking, symbols, firstDecision }: BacktestReport, isSimulated: boolean) {
  const counts = Object.entries(refused).map(([code, count]) => `${count} × ${code}`)
  return [
    ...(isSimulated ? ['⚠️ These prices are simulated: the run is a demonstration, and says nothing about stocks'] : []),
    ...(ruinedOn ? [`⚠️ Nothing was left on ${ruinedOn}; the run ended there`] : []),
    ...(firstDecision === undefined ? ['⚠️ Nothing was ever decided: there are too few bars for its averages'] : []),
    ...(counts.length > 0 ? [`⚠️ Not carried out: ${counts.join(', ')}`] : []),
    ...lacking.slice(0, 3).map((text) => `⚠️ ${text}`),
    ...(symbols.length > 5
      ? ['⚠️ Symbols that no longer exist are missing, so buy-and-hold over many looks better than it was']
      : []),
  ]
}

function nextSteps({ number }: Run, { report, earlier }: EndedBacktest): string {
  return [
    ...(report.figures.trades > 0 ? [`\`results ${number}\` lists its trades`] : []),
    ...(earlier === undefined ? [] : [`\`compare run ${earlier} ${number}\` puts it beside the one before`]),
    `\`rerun ${number}\` runs it again`,
    '`dashboard` opens the page with its charts',
  ].join(', ')
}

/** Buttons about a backtest: its trades, the one before, and the same again. None without an account, for which they would act. */
function backtestActions({ accountId, number }: Run, { report, earlier }: EndedBacktest): Action[][] {
  if (accountId === undefined) return []
  const about = { account: accountId }
  const trades = { label: 'Trades', command: 'results', options: { what: String(number) }, ...about }
  const compare = {
    ...{ label: `Compare with run ${earlier}`, command: 'compare run' },
    ...{ options: { runs: `${earlier} ${number}` }, ...about },
  }
  const again = { label: `Run ${number} again`, command: 'rerun', options: { run: String(number) }, ...about }
  return [[...(report.figures.trades > 0 ? [trades] : []), ...(earlier === undefined ? [] : [compare]), again]]
}

/** The picture of a backtest, by the row of its run. */
export function keptPicture(
  { id, number, strategy }: Run,
  { symbols, figures, held, course }: BacktestReport,
): KeptPicture {
  const alt = [
    `Equity of run ${number}, ${strategy} over ${symbols.slice(0, 3).join(', ')}, beside buy-and-hold, and its drawdown below`,
    `return ${returnText(figures.returnPct)} against ${returnText(held.returnPct)}, max drawdown ${returnText(figures.maxDrawdownPct)}`,
  ].join(': ')
  return { run: id, name: `run-${number}-backtest.png`, alt: `${alt}.`, course }
}
