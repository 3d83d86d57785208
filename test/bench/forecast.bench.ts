// The forecaster: one row, as a forecast asks for it (with its year of rows for the risk), a batch of 500, each beside a file that
// only hands its input through; a network of full size in the same file format; and steps of the training a second.
import '../../src/infra/onnx/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { recipe } from '../../models/forecaster/build.ts'
import { exportForecaster } from '../../models/forecaster/export.ts'
import { trainNetwork } from '../../models/forecaster/network.ts'
import { weightCount } from '../../models/forecaster/training-graph.ts'
import { onnxFile } from '../../models/onnx.ts'
import { chanceOf } from '../../models/random.ts'
import { featureCount } from '../../src/prediction/features/layout.ts'
import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { forecasterFolder } from '../../src/prediction/forecaster/folder.ts'
import { horizonCount, knots } from '../../src/prediction/forecaster/horizons.ts'
import { loadForecaster } from '../../src/prediction/forecaster/model.ts'
import { percentile, report } from './figures.ts'

const width = baselineInputs.length
const chance = chanceOf(1)
const random = (count: number) => Float32Array.from({ length: count }, () => chance.next() - 8)
const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 }

/** Milliseconds of each of so many calls. */
async function timesOf(calls: number, call: () => Promise<unknown>): Promise<number[]> {
  for (let at = 0; at < 50; at++) await call()
  const times: number[] = []
  for (let at = 0; at < calls; at++) {
    const began = performance.now()
    await call()
    times.push(performance.now() - began)
  }
  return times
}

const bare = await InferenceSession.create(
  onnxFile({
    name: 'bare',
    nodes: [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }],
    constants: [],
    inputs: [{ name: 'in', type: 'float', dims: ['rows', 'columns'] }],
    outputs: [{ name: 'out', type: 'float', dims: ['rows', 'columns'] }],
  }),
  threads,
)
const bareTimes = (rows: number) => {
  const values = random(rows * width)
  return timesOf(2000, () => bare.run({ in: new Tensor('float32', values, [rows, width]) }))
}

const model = await loadForecaster(forecasterFolder)
const sizes = { inputs: featureCount, hidden: recipe.hidden, knots: knots.length }
const network = { sizes, weights: Float32Array.from({ length: weightCount(sizes) }, () => chance.next() - 0.5) }
const verdicts = knots.map(() => ({ isNetworkShown: true, isDirectionShown: true }))
const weights = knots.map(() => new Float64Array(width + 1).fill(0.1))
const full = await InferenceSession.create(exportForecaster(weights, { network, verdicts, layout: 'bench' }), threads)
const floorOf = 'a file that hands its input through'

for (const rows of [1, 500]) {
  const [baseline, features] = [random(rows * width), random(rows * featureCount)]
  const floor = await bareTimes(rows)
  const shipped = await timesOf(2000, () => model.run(rows, baseline))
  const whole = await timesOf(rows === 1 ? 2000 : 200, () =>
    full.run({
      baseline: new Tensor('float32', baseline, [rows, width]),
      features: new Tensor('float32', features, [rows, featureCount]),
    }),
  )
  const text = rows === 1 ? 'one row' : `${rows} rows`
  for (const [name, times] of [
    ['shipped', shipped],
    [`${featureCount} → ${horizonCount}`, whole],
  ] as const) {
    const value = percentile(times, 0.99)
    report({
      ...{ figure: `forecast ${text}, ${name}, p99`, value, unit: 'ms', floor: percentile(floor, 0.99), floorOf },
      samples: times.length,
      ...(rows === 1 && { goal: '1 ms', holds: value <= 1 }),
    })
  }
}

const rows = 8192
const features = random(rows * featureCount).map((value) => value + 7.5)
const began = performance.now()
await trainNetwork(
  {
    ...{ rows, width: featureCount, knots: knots.length, quantiles: new Float64Array(knots.length * 19).fill(0.1) },
    inputs: (row, into) => into.set(features.subarray(row * featureCount, (row + 1) * featureCount)),
    outcome: (row, knot) => features[row * featureCount + knot]!,
  },
  { ...recipe, epochs: 4, dropped: { blocks: [], share: 0 } },
)
const steps = (4 * rows) / recipe.batch
report({
  figure: 'training steps of 256 rows',
  value: (1000 * steps) / (performance.now() - began),
  unit: '1/s',
  samples: steps,
})
await Promise.all([model.close(), full.release(), bare.release()])
