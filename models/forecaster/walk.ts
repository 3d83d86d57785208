import { knots } from '../../src/prediction/forecaster/horizons.ts'
import { sizeOf } from '../../src/prediction/forecaster/ranges/sizes.ts'
import { type Fitted, fitBaselines, type Scaled } from './baselines.ts'
import { coverageWalk, type Held } from './coverage.ts'
import { type DailyMeans, dailyMeans } from './daily-means.ts'
import { type Lesson, type Network, networkResults, type Recipe, trainNetwork } from './network.ts'
import type { Samples } from './samples.ts'
import { crps, levels, rankCorrelation } from './score.ts'
import { expandingFolds, type Fold, leaksIn, learnable, tested } from './walk-forward.ts'

/**
 * The forecasts that are compared. `zero` is a point without a move; `drift` and `har-drift` lean as the moves of their training did, the others
 * are symmetric around zero. `har` is shipped when the network shows no edge.
 */
export const methods = ['zero', 'drift', 'constant', 'ewma', 'har', 'har-drift', 'network'] as const
export type Method = (typeof methods)[number]

/** The findings of a walk forward: scores by days, so that intervals can be drawn from them. */
export interface Walk {
  folds: (Fold & { learned: number; tested: number })[]
  /** CRPS by method and knot. Without a network there is none of it. */
  scores: Record<Method, DailyMeans[]>
  /** The same, of the symbols that are held out. */
  heldOut: Record<Method, DailyMeans[]>
  /** Rank correlation of the network's direction with the moves by knots, one value a day. */
  direction: DailyMeans[]
  coverage: { all: Held; heldOut: Held }
}

/** The fewest symbols of a day whose ranks are compared. */
const fewestRanked = 10

/** Tests all methods on days after those that they learned from, fold by fold. `recipe` is absent to judge the baselines alone. */
export async function walkForward(
  samples: Samples,
  isHeldOut: (symbol: number) => boolean,
  recipe: Recipe | undefined,
  told: (share: number, text: string) => void = () => {},
): Promise<Walk> {
  const folds = expandingFolds(samples)
  const empty = () => knots.map(() => dailyMeans(samples.calendar.length))
  const byMethod = () => Object.fromEntries(methods.map((method) => [method, empty()])) as Walk['scores']
  const coverage = coverageWalk(samples, isHeldOut)
  const found: Pick<Walk, 'folds' | 'scores' | 'heldOut' | 'direction'> = {
    folds: [],
    scores: byMethod(),
    heldOut: byMethod(),
    direction: empty(),
  }
  for (const [at, fold] of folds.entries()) {
    const rows = learnable(samples, fold.trainedBefore, isHeldOut)
    const test = tested(samples, fold)
    const leaks = leaksIn(samples, rows, test)
    if (leaks.length > 0) throw new Error(`the training knows its test: ${leaks.join('; ')}`)
    const fitted = fitBaselines(samples, rows)
    const name = `fold ${at + 1} of ${folds.length}`
    told(at / folds.length, name)
    const network =
      recipe &&
      (await trainNetwork(lessonOf(samples, rows, fitted.har), recipe, (share, loss) =>
        told((at + share) / folds.length, `${name}, loss ${loss.toFixed(4)}`),
      ))
    score(samples, test, fitted, network, found, isHeldOut)
    coverage.over(test, fold.from, fold.to, fitted.har)
    found.folds.push({ ...fold, learned: rows.length, tested: test.length })
  }
  return {
    ...found,
    coverage: { all: coverage.held('all'), heldOut: coverage.held('heldOut') },
  }
}

/** The rows of a training as the network learns them. */
export function lessonOf(samples: Samples, rows: Int32Array, har: Scaled): Lesson {
  const { width, features, moves } = samples
  return {
    rows: rows.length,
    width,
    knots: knots.length,
    inputs: (at, into) => into.set(features.subarray(rows[at]! * width, (rows[at]! + 1) * width)),
    outcome: (at, knot) => moves[rows[at]! * knots.length + knot]! / har.scale(rows[at]!, knot),
    quantiles: Float64Array.from(har.quantiles.flatMap((own) => [...own])),
  }
}

function score(
  samples: Samples,
  rows: Int32Array,
  { har, constant, ewma }: Fitted,
  network: Network | undefined,
  found: Pick<Walk, 'scores' | 'heldOut' | 'direction'>,
  isHeldOut: (symbol: number) => boolean,
): void {
  const results = network && networkResults(network)
  const symmetric = [constant, ewma, har].map((scaled) => scaled.sizes.map(symmetricQuantiles))
  const ranked = knots.map(() => new Map<number, { said: number[]; was: number[] }>())
  for (const row of rows) {
    const day = samples.day[row]!
    const targets = isHeldOut(samples.symbol[row]!) ? [found.scores, found.heldOut] : [found.scores]
    const own = results?.(samples.features.subarray(row * samples.width, (row + 1) * samples.width))
    for (let knot = 0; knot < knots.length; knot++) {
      const move = samples.moves[row * knots.length + knot]!
      if (Number.isNaN(move)) continue
      const [still, fast, scale] = [constant.scale(row, knot), ewma.scale(row, knot), har.scale(row, knot)]
      const add = (method: Method, quantile: (level: number) => number) => {
        const value = crps(quantile, move)
        for (const target of targets) target[method][knot]!.add(day, value)
      }
      add('zero', () => 0)
      add('drift', (at) => still * constant.quantiles[knot]![at]!)
      add('constant', (at) => still * symmetric[0]![knot]![at]!)
      add('ewma', (at) => fast * symmetric[1]![knot]![at]!)
      add('har', (at) => scale * symmetric[2]![knot]![at]!)
      add('har-drift', (at) => scale * har.quantiles[knot]![at]!)
      if (!own) continue
      const [stretch, shift] = [Math.exp(own[knot]!), own[knots.length + knot]!]
      add('network', (at) => scale * (shift + stretch * har.quantiles[knot]![at]!))
      const list = ranked[knot]!.get(day) ?? { said: [], was: [] }
      list.said.push(shift * scale)
      list.was.push(move)
      ranked[knot]!.set(day, list)
    }
  }
  for (const [knot, days] of ranked.entries())
    for (const [day, { said, was }] of days)
      if (said.length >= fewestRanked) found.direction[knot]!.add(day, rankCorrelation(said, was))
}

/** The quantiles of moves without a direction, from those of their sizes. */
function symmetricQuantiles(sizes: Float64Array): Float64Array {
  return Float64Array.from(levels, (level) => Math.sign(level - 0.5) * sizeOf(sizes, Math.abs(2 * level - 1)))
}
