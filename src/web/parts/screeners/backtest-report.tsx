import { useEffect, useRef } from 'preact/hooks'
import type { BacktestReport as Report } from '../../../api/contract/backtests.ts'
import type { StrategyRun } from '../../../api/contract/strategies.ts'
import { backtest, backtestTrouble, readMoreTrades, type ShownBacktest } from '../../state/screeners/backtest.ts'
import { hasEnded } from '../../state/screeners/runs.ts'
import { dollarsOf, percentOf, ratioOf, shareOf } from '../../words/backtest.ts'

/** The outcome of a backtest: its figures beside buy-and-hold, its curves, and its trades. */
export function BacktestReport({ run }: { run: StrategyRun }) {
  const shown = backtest.value?.run === run.run_id ? backtest.value : undefined
  return (
    <>
      {backtestTrouble.value && (
        <p class="failed" role="status">
          The backtest could not be read: {backtestTrouble.value}
        </p>
      )}
      {!shown && !hasEnded(run) && <p class="quiet">Its figures come when it has ended.</p>}
      {shown && (
        <>
          <Warnings report={shown.report} />
          <Curves key={shown.run} shown={shown} />
          <FigureTable report={shown.report} />
          <Trades shown={shown} />
        </>
      )}
    </>
  )
}

function Warnings({ report }: { report: Report }) {
  const { is_simulated: isSimulated, ruined_on: ruinedOn, lacking, refused } = report
  const counts = Object.entries(refused).map(([code, count]) => `${count} × ${code}`)
  const all = [
    ...(isSimulated ? ['These prices are simulated: the run is a demonstration, and says nothing about stocks.'] : []),
    ...(ruinedOn ? [`Nothing was left on ${ruinedOn}; the run ended there.`] : []),
    ...(counts.length > 0 ? [`Not carried out: ${counts.join(', ')}.`] : []),
    ...lacking,
  ]
  return (
    <>
      <p class="quiet small">
        {report.symbols.join(', ')} · {report.from} to {report.to}, {report.days} days
      </p>
      {all.map((text) => (
        <p key={text} class="warns small">
          {text}
        </p>
      ))}
    </>
  )
}

const rows: [name: string, key: string, text: (value: number | null | undefined) => string][] = [
  ['Return', 'return_pct', percentOf],
  ['A year', 'annual_return_pct', percentOf],
  ['Max drawdown', 'max_drawdown_pct', percentOf],
  ['Sharpe', 'sharpe', ratioOf],
]

const own: [name: string, key: string, text: (value: number | null | undefined) => string][] = [
  ['End', 'final_equity', dollarsOf],
  ['Volatility a year', 'annual_volatility_pct', shareOf],
  ['Sortino', 'sortino', ratioOf],
  ['Trades', 'trades', (value) => String(value ?? 0)],
  ['Won', 'win_rate_pct', shareOf],
  ['Average trade', 'avg_trade_pct', percentOf],
  ['Profit factor', 'profit_factor', ratioOf],
  ['Exposure', 'exposure_pct', shareOf],
  ['Longest drawdown', 'max_drawdown_days', (value) => (value === null || value === undefined ? '—' : `${value} days`)],
  ['Commission', 'fees', dollarsOf],
  ['Interest on borrowed shares', 'borrowed', dollarsOf],
]

function FigureTable({ report: { figures, buy_and_hold: held, conventions } }: { report: Report }) {
  return (
    <>
      <div class="scrolls figures-of-run" tabIndex={0} role="region" aria-label="Figures">
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" class="number">
                Strategy
              </th>
              <th scope="col" class="number">
                Buy and hold
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, key, text]) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td class="number">{text(figures[key])}</td>
                <td class="number">{text(held[key])}</td>
              </tr>
            ))}
            {own.map(([name, key, text]) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td class="number">{text(figures[key])}</td>
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details class="past">
        <summary>Conventions</summary>
        <ul class="small">
          {Object.entries(conventions).map(([name, text]) => (
            <li key={name}>{text}.</li>
          ))}
        </ul>
      </details>
      <p class="quiet small">Simulated fills are not live fills, and the past is no promise.</p>
    </>
  )
}

function Curves({ shown: { curves, trades, report } }: { shown: ShownBacktest }) {
  const above = useRef<HTMLDivElement>(null)
  const below = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let end: (() => void) | undefined
    let isGone = false
    void import('./equity-chart.ts').then(({ drawEquity }) => {
      if (isGone || !above.current || !below.current) return
      end = drawEquity(above.current, below.current, curves, trades.length < (report.figures.trades ?? 0) ? [] : trades)
    })
    return () => {
      isGone = true
      end?.()
    }
  }, [])
  return (
    <>
      <h3>Equity</h3>
      <div
        ref={above}
        class="canvas equity"
        role="img"
        aria-label={`Equity by day, which ends ${percentOf(report.figures.return_pct)}, beside buy-and-hold, which ends ${percentOf(report.buy_and_hold.return_pct)}`}
      />
      <h3>Drawdown</h3>
      <div
        ref={below}
        class="canvas drawdown"
        role="img"
        aria-label={`Drawdown by day, ${percentOf(report.figures.max_drawdown_pct)} at its deepest`}
      />
    </>
  )
}

function Trades({ shown: { trades, next, report } }: { shown: ShownBacktest }) {
  return (
    <>
      <h3>
        Trades <span class="count">{report.figures.trades}</span>
      </h3>
      {trades.length === 0 && <p class="quiet">None.</p>}
      {trades.length > 0 && (
        <div class="scrolls trades-of-run" tabIndex={0} role="region" aria-label="Trades">
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  #
                </th>
                <th scope="col">Symbol</th>
                <th scope="col">Side</th>
                <th scope="col" class="number">
                  Units
                </th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col" class="number">
                  Entry
                </th>
                <th scope="col" class="number">
                  Exit
                </th>
                <th scope="col" class="number">
                  Profit
                </th>
                <th scope="col" class="number">
                  Return
                </th>
                <th scope="col">Left by</th>
              </tr>
            </thead>
            <tbody>
              {trades.map((one) => (
                <tr key={one.number}>
                  <td class="number">{one.number}</td>
                  <th scope="row">{one.symbol}</th>
                  <td>
                    <span class={`tag ${one.side}`}>{one.side}</span>
                  </td>
                  <td class="number">{one.quantity.toLocaleString('en-US')}</td>
                  <td>{one.entry_day}</td>
                  <td>{one.exit_day}</td>
                  <td class="number">{dollarsOf(one.entry_price)}</td>
                  <td class="number">{dollarsOf(one.exit_price)}</td>
                  <td class="number">{dollarsOf(one.profit)}</td>
                  <td class="number">{percentOf(one.return_pct)}</td>
                  <td>{one.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next && (
        <button type="button" onClick={() => void readMoreTrades()}>
          More
        </button>
      )}
    </>
  )
}
