import type { Line, LineUnit, Reading, Verdict } from '../../agents/rules/gates/line.ts'
import type { ToLiveLine } from '../../agents/rules/gates/to-live.ts'
import type { ToPaperLine } from '../../agents/rules/gates/to-paper.ts'

/** The reading of a gate: its verdict, and a row for each of its lines. `to` is where it leads: `paper`, `real money`. */
export function gateText<Name extends ToPaperLine | ToLiveLine>(
  { verdict, lines, daysToGo }: Reading<Name>,
  to: string,
): string {
  return [`🚦 GATE TO ${to.toUpperCase()}: ${verdictText(verdict, daysToGo)}`, ...lines.map(lineText)].join('\n')
}

/** `⏳ Probabilistic Sharpe ratio: 91.2%, needs at least 95% · NOT YET SHOWN, 61 days to go`. */
export function lineText(line: Line<ToPaperLine | ToLiveLine>): string {
  const { verdict, daysToGo, because } = line
  const { name, needs } = said[line.name]
  const figure = line.figure === undefined ? '' : amountText[line.unit](line.figure, line.needs)
  const needed = line.needs === undefined ? '' : `needs ${needs} ${amountText[line.unit](line.needs)}`
  const about = [figure, needed, because ?? ''].filter((part) => part !== '').join(', ')
  return `${signs[verdict]} ${name}${about ? `: ${about}` : ''} · ${verdictText(verdict, daysToGo)}`
}

const signs: Record<Verdict, string> = { PASS: '✅', NOT_YET_SHOWN: '⏳', FAIL: '❌' }

function verdictText(verdict: Verdict, daysToGo: number | undefined): string {
  if (verdict !== 'NOT_YET_SHOWN') return verdict
  if (daysToGo === undefined) return 'NOT YET SHOWN'
  return `NOT YET SHOWN, ${daysToGo === 1 ? 'a day' : `${daysToGo.toLocaleString('en-US')} days`} to go at the present pace`
}

/** Decimals enough that a figure is not said to be its line when it is not. */
function decimals(amount: number, needed: number | undefined, least: number): string {
  for (let digits = least; digits < 9; digits++) {
    const text = amount.toFixed(digits)
    if (needed === undefined || amount === needed || Number(text) !== Number(needed.toFixed(digits))) return text
  }
  return String(amount)
}

const amountText: Record<LineUnit, (amount: number, needed?: number) => string> = {
  share: (amount, needed) => `${Number(decimals(100 * amount, needed && 100 * needed, 1))}%`,
  count: (amount) => amount.toLocaleString('en-US'),
  days: (amount) => (amount === 1 ? 'a day' : `${Math.floor(amount).toLocaleString('en-US')} days`),
  plain: (amount, needed) => decimals(amount, needed, 2),
}

/** The name of each line, and the word before what it needs. */
const said: Record<ToPaperLine | ToLiveLine, { name: string; needs: string }> = {
  EPISODES: { name: 'Episodes of training', needs: 'at least' },
  LEARNING: { name: 'Chance that the last quarter of them is better than the first', needs: 'at least' },
  CHECKPOINT: { name: 'The model is the one on its card', needs: '' },
  HELD_OUT: { name: 'Return on days that it was not made on', needs: 'more than' },
  BASELINES: { name: 'Sharpe ratio beside the best baseline', needs: 'more than' },
  TIME: { name: 'Time on paper', needs: 'at least' },
  TRADES: { name: 'Trades', needs: 'at least' },
  RETURN: { name: 'Return', needs: 'more than' },
  SHARPE: { name: 'Sharpe ratio', needs: 'more than' },
  DRAWDOWN: { name: 'Deepest fall', needs: 'less than' },
  WIN_RATE: { name: 'Trades won', needs: 'more than' },
  PSR: { name: 'Chance that the true Sharpe ratio is above zero (PSR)', needs: 'at least' },
  DSR: { name: 'The same after all that was tried (DSR)', needs: 'at least' },
  ANYTIME: { name: 'Deviations above zero, with a look every day', needs: 'at least' },
  PBO: { name: 'Chance that the choice was overfitted (PBO)', needs: 'at most' },
  PARITY: { name: 'Nights on which the backtest decided the same', needs: 'all of' },
  CRASHES: { name: 'Time since a crash', needs: 'at least' },
  PROVIDERS: { name: 'Time since a provider failed', needs: 'at least' },
  LOGGED: { name: 'Trades that are not in the log', needs: 'at most' },
}
