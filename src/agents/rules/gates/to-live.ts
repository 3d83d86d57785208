import { deviationOf, empyrical } from '../../../backtest/figures/returns.ts'
import { boundOn, daysToBound, everChance } from './anytime.ts'
import { calendarDays, type Line, type Reading, readingOf, type Verdict } from './line.ts'
import { overfitting } from './overfitting.ts'
import { cautious, daysToShow, deviationsAbove, expectedBest, probabilisticSharpe, shapeOf } from './sharpe.ts'

/** What is known of an agent that has traded on paper, and asks for real money. */
export interface PaperEvidence {
  /** Whole days of the calendar on paper. */
  days: number
  /** The return of each session on paper after all costs, oldest first (0.01 is one percent). Sessions without a position count. */
  returns: readonly number[]
  /** Finished trades, those of them with a profit after costs, and those that are not in the log whole. */
  trades: { count: number; won: number; notLogged: number }
  trials: Trials
  /** Nights on which the day's decisions were made again by the backtest from the recorded inputs. */
  parity: { nights: number; firstDifference?: string; daysSinceBreak?: number }
  /** Days of the calendar since the last crash, and since the last failure of a provider; absent when there was none. */
  daysSinceCrash?: number
  daysSinceFailure?: number
}

/** Everything that was tried on the way to the agent: backtests, sweeps, trainings, and other agents on paper. */
export interface Trials {
  /** All that are logged, the agent's own among them. */
  count: number
  /** The Sharpe ratios of a day of those that have one. */
  sharpes: readonly number[]
  /** Their returns on the same days, for each trial that has them. */
  returns: readonly (readonly number[])[]
}

export type ToLiveLine =
  | 'TIME'
  | 'TRADES'
  | 'RETURN'
  | 'SHARPE'
  | 'DRAWDOWN'
  | 'WIN_RATE'
  | 'PSR'
  | 'DSR'
  | 'ANYTIME'
  | 'PBO'
  | 'PARITY'
  | 'CRASHES'
  | 'PROVIDERS'
  | 'LOGGED'

/** The lines. The four criteria are necessary, and beside the others a coin: four in ten agents without an edge pass them in a fortnight. */
export const lines = {
  ...{ days: 14, sessions: 10, trades: 50 },
  ...{ returned: 0, sharpe: 0.5, drawdown: 0.15, winRate: 0.45 },
  ...{ chance: 0.95, overfitting: 0.5 },
}

/** The gate from paper to real money. It reads nothing but the evidence. */
export function gateToLive(evidence: PaperEvidence): Reading<ToLiveLine> {
  const time = timeLine(evidence)
  return readingOf([
    time,
    tradesLine(evidence),
    ...criteria(evidence, time),
    ...sharpeLines(evidence, time),
    overfittingLine(evidence),
    parityLine(evidence),
    ...(
      [
        ['CRASHES', evidence.daysSinceCrash],
        ['PROVIDERS', evidence.daysSinceFailure],
      ] as const
    ).map(([name, since]) => ({ name, ...quietFor(since) })),
    loggedLine(evidence),
  ])
}

function timeLine({ days, returns }: PaperEvidence): Line<'TIME'> {
  const missing = Math.max(lines.days - days, missingSessions(returns.length, lines.sessions))
  return {
    ...{ name: 'TIME', figure: days, needs: lines.days, unit: 'days' },
    ...(missing > 0 ? { verdict: 'NOT_YET_SHOWN', daysToGo: missing } : { verdict: 'PASS' }),
  }
}

const missingSessions = (present: number, needed: number) => (present >= needed ? 0 : calendarDays(needed - present))

function tradesLine({ trades: { count }, returns }: PaperEvidence): Line<'TRADES'> {
  const more = { name: 'TRADES', figure: count, needs: lines.trades, unit: 'count' } as const
  if (count >= lines.trades) return { ...more, verdict: 'PASS' }
  const sessions = Math.ceil(((lines.trades - count) * returns.length) / count)
  return {
    ...more,
    verdict: 'NOT_YET_SHOWN',
    ...(sessions > 0 && Number.isFinite(sessions) && { daysToGo: calendarDays(sessions) }),
  }
}

/** The four criteria. Until the time is over nothing is shown, but a fall that is too deep, which no time makes good. */
function criteria({ returns, trades }: PaperEvidence, time: Line): Line<ToLiveLine>[] {
  const { sharpe, maxDrawdown } = empyrical(returns)
  const returned = returns.reduce((whole, one) => whole * (1 + one), 1) - 1
  const winRate = trades.count > 0 ? trades.won / trades.count : undefined
  const fall = -maxDrawdown
  const inTime = (passes: boolean | undefined) => verdictInTime(time, passes)
  return [
    { name: 'RETURN', figure: returned, needs: lines.returned, unit: 'share', ...inTime(returned > lines.returned) },
    {
      ...{ name: 'SHARPE', needs: lines.sharpe, unit: 'plain', ...(sharpe !== undefined && { figure: sharpe }) },
      ...inTime(sharpe === undefined ? undefined : sharpe > lines.sharpe),
    },
    {
      ...{ name: 'DRAWDOWN', figure: fall, needs: lines.drawdown, unit: 'share' },
      ...(fall < lines.drawdown ? inTime(true) : { verdict: 'FAIL' }),
    },
    {
      ...{ name: 'WIN_RATE', needs: lines.winRate, unit: 'share', ...(winRate !== undefined && { figure: winRate }) },
      ...inTime(winRate === undefined ? undefined : winRate > lines.winRate),
    },
  ]
}

/** A figure that is known counts when the time is over; one that is not known is not shown, in no known number of days. */
function verdictInTime(time: Line, passes: boolean | undefined): Pick<Line, 'verdict' | 'daysToGo'> {
  if (time.verdict !== 'PASS') return { verdict: 'NOT_YET_SHOWN', daysToGo: time.daysToGo! }
  if (passes === undefined) return { verdict: 'NOT_YET_SHOWN' }
  return { verdict: passes ? 'PASS' : 'FAIL' }
}

/** Whether the Sharpe ratio is above zero, above the best of so many trials without an edge, and above zero however often one looks. */
function sharpeLines({ returns, trials }: PaperEvidence, time: Line): Line<ToLiveLine>[] {
  const measured = shapeOf(returns)
  const shape = measured && cautious(measured)
  const best = bestOfTrials(trials)
  const missing = { verdict: 'NOT_YET_SHOWN', unit: 'share', needs: lines.chance } as const
  const showing = (name: 'PSR' | 'DSR', above: number | undefined): Line<ToLiveLine> => {
    if (!shape || above === undefined) return { name, ...missing }
    const figure = probabilisticSharpe(shape, above)
    const needed = daysToShow(shape, lines.chance, above)
    return { ...missing, name, figure, ...towards(time, figure >= lines.chance, needed - returns.length) }
  }
  const anytime = { name: 'ANYTIME', unit: 'plain' } as const
  return [
    showing('PSR', 0),
    showing('DSR', best),
    !shape
      ? { ...anytime, verdict: 'NOT_YET_SHOWN' }
      : {
          ...{ ...anytime, figure: deviationsAbove(shape), needs: boundOn(returns.length) },
          ...towards(time, deviationsAbove(shape) >= boundOn(returns.length), daysToBound(shape) - returns.length),
        },
  ]
}

/** The Sharpe ratio that the best trial would have without an edge; undefined while the trials have too few figures. */
function bestOfTrials({ count, sharpes }: Trials): number | undefined {
  if (count < 2) return 0
  const known = sharpes.filter((one) => Number.isFinite(one))
  return known.length < 2 ? undefined : expectedBest(Math.max(count, known.length), deviationOf(known))
}

/** A figure that grows with the sessions: not shown yet while it grows, and failed when no number of sessions leads to the line. */
function towards(time: Line, passes: boolean, sessions: number): Pick<Line, 'verdict' | 'daysToGo'> {
  if (time.verdict === 'PASS' && passes) return { verdict: 'PASS' }
  if (Number.isFinite(sessions))
    return {
      verdict: 'NOT_YET_SHOWN',
      daysToGo: Math.max(time.daysToGo ?? 0, passes ? 0 : calendarDays(Math.ceil(sessions))),
    }
  return time.verdict === 'PASS' ? { verdict: 'FAIL' } : { verdict: 'NOT_YET_SHOWN' }
}

/** A single trial was not chosen among others, so there is nothing to overfit. */
function overfittingLine({ trials }: PaperEvidence): Line<'PBO'> {
  const more = { name: 'PBO', needs: lines.overfitting, unit: 'share' } as const
  if (trials.count < 2) return { ...more, verdict: 'PASS', because: 'nothing was chosen' }
  const figure = overfitting(trials.returns)
  if (figure === undefined)
    return { ...more, verdict: 'NOT_YET_SHOWN', because: 'too few trials have returns of the same days' }
  return { ...more, figure, verdict: figure > lines.overfitting ? 'FAIL' : 'PASS' }
}

/** Every night has to be checked. A difference is named, and after it the decisions have to be the same for the time on paper again. */
function parityLine({ parity: { nights, firstDifference, daysSinceBreak }, returns }: PaperEvidence): Line<'PARITY'> {
  const more = { name: 'PARITY', figure: nights, needs: returns.length, unit: 'count' } as const
  if (firstDifference !== undefined) return { ...more, verdict: 'FAIL', because: firstDifference }
  if (nights < returns.length) return { ...more, verdict: 'NOT_YET_SHOWN', daysToGo: 1 }
  return { ...more, verdict: quietFor(daysSinceBreak).verdict, ...daysOf(quietFor(daysSinceBreak)) }
}

/** Nothing went wrong, or it is as long ago as the time on paper. */
function quietFor(since: number | undefined): Omit<Line, 'name'> & { verdict: Verdict } {
  const more = { needs: lines.days, unit: 'days', ...(since !== undefined && { figure: since }) } as const
  if (since === undefined || since >= lines.days) return { ...more, verdict: 'PASS' }
  return { ...more, verdict: 'NOT_YET_SHOWN', daysToGo: lines.days - since }
}

const daysOf = ({ daysToGo }: Pick<Line, 'daysToGo'>) => (daysToGo === undefined ? {} : { daysToGo })

function loggedLine({ trades: { notLogged } }: PaperEvidence): Line<'LOGGED'> {
  return { name: 'LOGGED', verdict: notLogged > 0 ? 'FAIL' : 'PASS', figure: notLogged, needs: 0, unit: 'count' }
}

/**
 * The stated error of the gate: the chance at most that an agent without an edge passes it, ever, while its owner looks every day. At one
 * look after a fortnight it is far less: the line ANYTIME asks for four deviations then.
 */
export const statedError = everChance
