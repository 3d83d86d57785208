import { meanOf, varianceOf } from '../../../backtest/figures/returns.ts'
import { type Line, type Reading, readingOf } from './line.ts'
import { normalBelow } from './normal.ts'

/** What is known of an agent that asks to trade on paper. */
export interface BacktestEvidence {
  /** The training of its model; absent for a strategy that learns nothing. */
  training?: {
    /** The results of its episodes, in their order. */
    episodes: readonly number[]
    /** The hash of the model on its card, and of the file that would decide; SHA-256, hexadecimal. */
    cardHash?: string
    fileHash?: string
  }
  /** Backtests of the agent over days that it was not made on: the return of the whole, as a share; absent without one. */
  heldOut?: { returned: number; sharpe: number }
  /** The Sharpe ratios of its baselines on the same days, with the same costs. */
  baselines: readonly { name: string; sharpe: number }[]
}

export type ToPaperLine = 'EPISODES' | 'LEARNING' | 'CHECKPOINT' | 'HELD_OUT' | 'BASELINES'

const fewestEpisodes = 100
/** The chance by which the last quarter of the episodes has to be better than the first. */
const surely = 0.95

/** The gate from a backtest to paper. It reads nothing but the evidence. */
export function gateToPaper(evidence: BacktestEvidence): Reading<ToPaperLine> {
  return readingOf([...trainingLines(evidence), heldOutLine(evidence), baselinesLine(evidence)])
}

/** A strategy that learns nothing passes these: its backtest stands for them. */
function trainingLines({ training }: BacktestEvidence): Line<ToPaperLine>[] {
  if (!training) {
    const because = 'nothing is learned'
    return (['EPISODES', 'LEARNING', 'CHECKPOINT'] as const).map((name) => ({
      ...{ name, verdict: 'PASS', unit: 'plain', because },
    }))
  }
  const count = training.episodes.length
  const isEnough = count >= fewestEpisodes
  const chance = improvement(training.episodes)
  const hasHash = training.cardHash !== undefined && training.fileHash !== undefined
  const isSame = hasHash && training.cardHash === training.fileHash && /^[0-9a-f]{64}$/.test(training.fileHash!)
  return [
    {
      name: 'EPISODES',
      verdict: isEnough ? 'PASS' : 'NOT_YET_SHOWN',
      figure: count,
      needs: fewestEpisodes,
      unit: 'count',
    },
    {
      name: 'LEARNING',
      verdict: !isEnough || chance === undefined ? 'NOT_YET_SHOWN' : chance >= surely ? 'PASS' : 'FAIL',
      ...(chance !== undefined && { figure: chance }),
      ...{ needs: surely, unit: 'share' },
    },
    {
      name: 'CHECKPOINT',
      verdict: isSame ? 'PASS' : hasHash ? 'FAIL' : 'NOT_YET_SHOWN',
      ...{ unit: 'plain', ...(hasHash && !isSame && { because: 'the file is not the one on its card' }) },
    },
  ]
}

/** The chance that the mean of the last quarter of some results is above that of the first, by Welch's statistic; undefined with too few. */
function improvement(episodes: readonly number[]): number | undefined {
  const quarter = Math.floor(episodes.length / 4)
  if (quarter < 2) return undefined
  const [first, last] = [episodes.slice(0, quarter), episodes.slice(-quarter)]
  const error = Math.sqrt((varianceOf(first) + varianceOf(last)) / quarter)
  const gain = meanOf(last) - meanOf(first)
  return error > 0 ? normalBelow(gain / error) : gain > 0 ? 1 : 0
}

function heldOutLine({ heldOut }: BacktestEvidence): Line<ToPaperLine> {
  const more = { name: 'HELD_OUT', needs: 0, unit: 'share' } as const
  if (!heldOut) return { ...more, verdict: 'NOT_YET_SHOWN' }
  return { ...more, verdict: heldOut.returned > 0 ? 'PASS' : 'FAIL', figure: heldOut.returned }
}

function baselinesLine({ heldOut, baselines }: BacktestEvidence): Line<ToPaperLine> {
  const more = { name: 'BASELINES', unit: 'plain' } as const
  if (!heldOut || baselines.length === 0) return { ...more, verdict: 'NOT_YET_SHOWN' }
  const unknown = [{ name: 'the agent', sharpe: heldOut.sharpe }, ...baselines].find(({ sharpe }) =>
    Number.isNaN(sharpe),
  )
  if (unknown) return { ...more, verdict: 'NOT_YET_SHOWN', because: `${unknown.name} has no Sharpe ratio` }
  const best = baselines.reduce((a, b) => (b.sharpe > a.sharpe ? b : a))
  return {
    ...{ ...more, verdict: heldOut.sharpe > best.sharpe ? 'PASS' : 'FAIL' },
    ...{ figure: heldOut.sharpe, needs: best.sharpe, because: best.name },
  }
}
