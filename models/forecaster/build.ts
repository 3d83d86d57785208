import { createHash } from 'node:crypto'
import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { horizonCount, knots } from '../../src/prediction/forecaster/horizons.ts'
import { shares } from '../../src/prediction/forecaster/ranges/adaptive.ts'
import { fitBaselines } from './baselines.ts'
import type { Interval } from './bootstrap.ts'
import { exportForecaster, type ShippedNetwork } from './export.ts'
import { type Recipe, trainNetwork } from './network.ts'
import { type BarsFound, isHeldOut } from './recording.ts'
import { type FeatureSource, type Samples, samplesOf } from './samples.ts'
import { type Verdict, verdictsOf } from './ship-rule.ts'
import { lessonOf, methods, type Walk, walkForward } from './walk.ts'
import { embargo, learnable, sharedAcross } from './walk-forward.ts'

/** The settings of the shipped model's training. They were set before its first test, and no test has changed them. */
export const recipe: Omit<Recipe, 'dropped'> = {
  hidden: [128, 64],
  epochs: 3,
  batch: 256,
  rate: 5e-4,
  decay: 0.01,
  longest: 1,
  seed: 16,
}

/** Days after its last bar on which a network may still be asked. */
const networkDays = 400

const laterBy = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 24 * 60 * 60_000).toISOString().slice(0, 10)

/** The features of a training: their layout, and the blocks that may be lacking when the desk asks. */
export interface Features {
  width: number
  layout: string
  version: number | string
  blocks: (readonly [number, number])[]
  of: FeatureSource
}

/** The files of a model, by name. */
export type Built = Record<'model.onnx' | 'card.json', Uint8Array>

/** Judges and builds the model from bars, and returns its files. The same bars give the same bytes on the same kind of machine. */
export async function build(
  found: BarsFound,
  groupOf: (symbol: string) => string,
  features: Features | undefined,
  told: (share: number, text: string) => void,
  given = recipe,
): Promise<Built> {
  told(0, 'reading samples')
  const samples = samplesOf(found.bars, found.market, features)
  const held = samples.symbols.filter((symbol) => isHeldOut(symbol, groupOf))
  const torn = sharedAcross(samples.symbols, (symbol) => held.includes(symbol), groupOf)
  if (torn.length > 0) throw new Error(`classes of one share are on both sides of the hold-out: ${torn.join(', ')}`)
  const isHeld = samples.symbols.map((symbol) => held.includes(symbol))
  const full = features && { ...given, dropped: { blocks: features.blocks, share: 0.2 } }
  const walk = await walkForward(
    samples,
    (symbol) => isHeld[symbol]!,
    full,
    (share, text) => told(0.8 * share, text),
  )
  const verdicts = verdictsOf(walk)

  told(0.8, 'fitting the shipped model')
  const rows = learnable(samples, samples.calendar.length, (symbol) => isHeld[symbol]!)
  const fitted = fitBaselines(samples, rows)
  let shipped: ShippedNetwork | undefined
  if (full && verdicts.some(({ isNetworkShown }) => isNetworkShown)) {
    const network = await trainNetwork(lessonOf(samples, rows, fitted.har), full, (share, loss) =>
      told(0.8 + 0.2 * share, `the shipped network, loss ${loss.toFixed(4)}`),
    )
    shipped = { network, verdicts, layout: features.layout }
  }
  const model = exportForecaster(fitted.weights, shipped)
  const card = {
    what: 'Ranges of a stock for 1 to 100 trading days, and what was shown of them; read by src/prediction/forecaster, described in README.md',
    hash: createHash('sha256').update(model).digest('hex'),
    kind: shipped ? 'network' : 'baseline',
    inputs: baselineInputs,
    layout: shipped ? features!.layout : null,
    horizons: horizonCount,
    knots,
    shares,
    // Ranges of the baseline scale themselves by the last year; a network knows its time only.
    expires: shipped ? laterBy(found.to, networkDays) : null,
    data: {
      hash: found.hash,
      symbols: samples.symbols.length,
      bars: found.count,
      from: found.from,
      to: found.to,
      market: found.market !== undefined,
      heldOut: held,
    },
    split: {
      purge: horizonCount,
      embargo,
      folds: walk.folds.map(({ from, to, trainedBefore, learned, tested }) => ({
        labelsBefore: samples.calendar[trainedBefore],
        testFrom: samples.calendar[from],
        testTo: samples.calendar[to - 1],
        learned,
        tested,
      })),
    },
    network: full
      ? { features: { width: samples.width, layout: features.layout, version: features.version }, recipe: full }
      : 'not tried: there were no features',
    verdicts: verdicts.map((verdict, knot) => verdictOnCard(verdict, walk, knot)),
    usual: usualInputs(samples, rows),
    sizes: fitted.har.sizes.map((own) => Array.from(own, (size) => Number(size.toPrecision(6)))),
    golden: golden(samples, rows, fitted.har.scale),
  }
  told(1, 'done')
  return { 'model.onnx': model, 'card.json': Buffer.from(`${JSON.stringify(card, null, 1)}\n`) }
}

const rounded = (value: number) => Number(value.toFixed(4))

const interval = ({ mean, low, high, blocks }: Interval) => ({
  mean: rounded(mean),
  low: rounded(low),
  high: rounded(high),
  blocks,
})

function verdictOnCard(verdict: Verdict, { scores, heldOut, coverage, direction }: Walk, knot: number) {
  const { horizon, isRangeShown, isNetworkShown, isDirectionShown, range, network, direction: rank } = verdict
  const perMethod = (of: Walk['scores']) =>
    Object.fromEntries(
      methods
        .filter((method) => of[method][knot]!.count() > 0)
        .map((method) => [method, Number(of[method][knot]!.mean().toPrecision(5))]),
    )
  return {
    horizon,
    isRangeShown,
    isNetworkShown,
    isDirectionShown,
    labels: scores.har[knot]!.count(),
    days: scores.har[knot]!.series().length,
    crps: perMethod(scores),
    crpsOfHeldOut: perMethod(heldOut),
    rangeAgainstConstant: interval(range),
    ...(network && {
      networkAgainst: Object.fromEntries(Object.entries(network).map(([other, own]) => [other, interval(own)])),
      // Ranks of a few symbols say nothing, and are not compared.
      ...(rank!.blocks > 0 && { rankCorrelation: { ...interval(rank!), days: direction[knot]!.series().length } }),
    }),
    coverage: {
      adaptive: coverage.all.adaptive[knot]!.map(rounded),
      fixed: coverage.all.fixed[knot]!.map(rounded),
      heldOut: coverage.heldOut.adaptive[knot]!.map(rounded),
    },
  }
}

/** The mean and the deviation of each input among the samples learned from: inputs far from them are unlike anything seen. */
function usualInputs({ inputs }: Samples, rows: Int32Array) {
  const width = baselineInputs.length
  return baselineInputs.map((_, at) => {
    let [sum, squares] = [0, 0]
    for (const row of rows) sum += inputs[row * width + at]!
    const mean = sum / rows.length
    for (const row of rows) squares += (inputs[row * width + at]! - mean) ** 2
    return { mean: rounded(mean), deviation: rounded(Math.sqrt(squares / rows.length)) }
  })
}

/** Inputs of a few samples and the standard moves that belong to them: what the file must give wherever it runs. */
function golden(samples: Samples, rows: Int32Array, scale: (sample: number, knot: number) => number) {
  const width = baselineInputs.length
  return [0, 1, 2].map((part) => {
    const row = rows[Math.floor(((2 * part + 1) * rows.length) / 6)]!
    return {
      inputs: Array.from(samples.inputs.subarray(row * width, (row + 1) * width), (value) =>
        Number(value.toPrecision(9)),
      ),
      sigma: knots.map((_, knot) => Number(scale(row, knot).toPrecision(7))),
    }
  })
}
