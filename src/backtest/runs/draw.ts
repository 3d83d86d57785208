import { Big } from '../../base/amounts.ts'
import { dollarsText, percentText } from '../../base/format.ts'
import { drawBacktest, NoCanvas, NoPicture } from '../../charts/index.ts'
import type { WorkParts } from '../../strategies/runs/kind.ts'
import type { BacktestReport, Curves } from '../../strategies/runs/rules/report.ts'
import type { Run } from '../../strategies/runs/rules/run.ts'
import type { EquityMark } from './play.ts'

/** The most symbols that a title names. */
const mostNamed = 3

/** The symbols of a run in few words: `AMD, NVDA and 3 more`. */
export function symbolsText(symbols: readonly string[]): string {
  const more = symbols.length - mostNamed
  const named = symbols.slice(0, mostNamed).join(', ')
  return more > 0 ? `${named} and ${more} more` : named
}

/** A curve of a picture: a run, with its name in the legend. */
export interface DrawnRun {
  name: string
  report: BacktestReport
  curves: Curves
}

/** The picture of a run as PNG; undefined when it could not be drawn, which the log says: the figures stand for themselves. */
export async function pictureOfRun(
  { log, runs }: Pick<WorkParts, 'log' | 'runs'>,
  { id, strategy }: Pick<Run, 'id' | 'strategy'>,
  { report, curves, marks }: { report: BacktestReport; curves: Curves; marks: readonly EquityMark[] },
): Promise<Uint8Array | undefined> {
  const { figures, held, symbols, from, to } = report
  try {
    return await drawBacktest({
      title: `${strategy} · ${symbolsText(symbols)}`,
      headline: headlineOf(figures.returnPct),
      note: `${from} to ${to} · ${figures.trades} trades${runs.isSimulated ? ' · simulated prices' : ''}`,
      times: timesOf(curves),
      timeZone: 'UTC',
      start: startOf(report),
      lines: [
        { name: 'Strategy', values: curves.equity, colour: 'up', text: percent(figures.returnPct) },
        { name: 'Buy and hold', values: curves.held, colour: 'average', dash: [5, 3], text: percent(held.returnPct) },
      ],
      drawdowns: [
        {
          values: curves.drawdownPct,
          colour: 'down',
          text: percent(figures.maxDrawdownPct),
          at: figures.maxDrawdownPct,
        },
      ],
      marks: marks.map(({ at, value, side }) => ({ column: at, value, side })),
    })
  } catch (cause) {
    if (!(cause instanceof NoCanvas || cause instanceof NoPicture)) throw cause
    log.warn({ err: cause, run: id }, 'the picture of a backtest was not drawn')
    return undefined
  }
}

/** The curves of two runs in one picture. Throws `NoCanvas` and `NoPicture`. */
export function pictureOfTwo(first: DrawnRun, second: DrawnRun, isSimulated: boolean): Promise<Uint8Array> {
  const days = [...new Set([...first.curves.days, ...second.curves.days])].sort()
  const placed = (curves: Curves, values: readonly number[]) => {
    const at = new Map(curves.days.map((day, nth) => [day, values[nth]]))
    return days.map((day) => at.get(day))
  }
  // In percent of the cash at the start: two runs may have begun with different sums.
  const grown = ({ curves, report }: DrawnRun) =>
    placed(
      curves,
      curves.equity.map((value) => 100 * (value / report.cash - 1)),
    )
  const looks = [
    { run: first, colour: 'up', dash: [] },
    { run: second, colour: 'average', dash: [5, 3] },
  ] as const
  return drawBacktest({
    title: `${first.name} and ${second.name}`,
    note: `Return in percent · ${days[0]} to ${days.at(-1)}${isSimulated ? ' · simulated prices' : ''}`,
    times: days.map((day) => new Date(`${day}T00:00:00Z`)),
    timeZone: 'UTC',
    start: { value: 0, text: '0%' },
    lines: looks.map(({ run, colour, dash }) => ({
      ...{ name: run.name, values: grown(run), colour, dash: [...dash] },
      text: percent(run.report.figures.returnPct),
    })),
    drawdowns: looks.map(({ run, colour }) => ({
      ...{ values: placed(run.curves, run.curves.drawdownPct), colour },
      ...{ text: percent(run.report.figures.maxDrawdownPct), at: run.report.figures.maxDrawdownPct },
    })),
    marks: [],
  })
}

const percent = (value: number | null) => (value === null ? 'none' : percentText(new Big(value).div(100)))

const headlineOf = (returned: number | null) => ({ text: percent(returned) })

const startOf = ({ cash }: BacktestReport) => ({ value: cash, text: dollarsText(new Big(cash)) })

const timesOf = ({ days }: Curves) => days.map((day) => new Date(`${day}T00:00:00Z`))
