import type { PolicyCard } from '../../src/prediction/policy/card.ts'
import { blockInterval, type Interval } from '../forecaster/bootstrap.ts'
import { deviationOf, figuresOf, type Joined, sharpeOf } from './judge.ts'

/** Days of a block of the bootstrap: a month, as long as most positions last. */
const blockDays = 21
/** The fewest blocks of days from which an interval is believed. */
const fewestBlocks = 3
/** The share of random policies that have to be beaten. */
const mostRandom = 0.95

/** All tests of a policy and of what it has to beat, each over the same days. */
export interface Tests {
  /** By seeds, and the same on symbols that were never learned from. */
  seeds: Joined[]
  heldOut: Joined[]
  hold: Joined
  target: Joined
  /** Random policies with the habits of the median seed. */
  random: Joined[]
}

/** The place of the seed whose ratio of return and volatility is the median; the lower of two. */
export function medianSeed(seeds: readonly Joined[]): number {
  const order = seeds.map((_, at) => at).sort((a, b) => sharpeOf(seeds[a]!.series) - sharpeOf(seeds[b]!.series))
  return order[Math.floor((seeds.length - 1) / 2)]!
}

/**
 * The verdict: the median seed has to beat cash, holding, and volatility-targeted holding, each at the policy's own volatility, by intervals that
 * leave out zero, and 95% of random policies that trade as much. All four have to hold, so none of them needs a correction for the others.
 */
export function verdictOf({ seeds, heldOut, hold, target, random }: Tests): PolicyCard['verdict'] {
  const median = medianSeed(seeds)
  const own = seeds[median]!
  const ratios = seeds.map(({ series }) => sharpeOf(series)).sort((a, b) => a - b)
  const against = {
    cash: blockInterval(own.series, blockDays),
    hold: lessOf(own.series, hold.series),
    target: lessOf(own.series, target.series),
  }
  const ratio = sharpeOf(own.series)
  const theirs = random.map(({ series }) => sharpeOf(series)).sort((a, b) => a - b)
  const beaten = theirs.filter((one) => one < ratio).length / Math.max(1, random.length)
  const isAbove = ({ low, blocks }: Interval) => low > 0 && blocks >= fewestBlocks
  const rounded = (value: number, digits = 4) => Number(value.toFixed(digits))
  const shown = ({ mean, low, high, blocks }: Interval) => ({
    ...{ mean: rounded(mean, 7), low: rounded(low, 7), high: rounded(high, 7), blocks },
  })
  const trades = random.reduce((sum, one) => sum + figuresOf(one).trades, 0) / Math.max(1, random.length)
  return {
    isShown: Object.values(against).every(isAbove) && beaten >= mostRandom,
    sharpe: { median: rounded(ratio), least: rounded(ratios[0]!), most: rounded(ratios.at(-1)!) },
    median: figuresOf(own),
    against: { cash: shown(against.cash), hold: shown(against.hold), target: shown(against.target) },
    random: {
      policies: random.length,
      ratio: rounded(theirs[Math.floor(random.length / 2)] ?? 0),
      beaten: rounded(beaten),
      trades: rounded(trades),
    },
    heldOut: figuresOf(heldOut[median]!),
    others: { hold: figuresOf(hold), target: figuresOf(target) },
  }
}

/** Daily returns less those of another way, which is made as large as to have the same volatility. */
function lessOf(own: Float64Array, other: Float64Array): Interval {
  const scale = deviationOf(own) / deviationOf(other)
  return blockInterval(
    own.map((value, day) => value - scale * other[day]!),
    blockDays,
  )
}
