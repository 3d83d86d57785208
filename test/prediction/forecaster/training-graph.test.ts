import '../../../src/infra/onnx/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { type Lesson, networkResults, type Recipe, trainNetwork } from '../../../models/forecaster/network.ts'
import { crps, levels } from '../../../models/forecaster/score.ts'
import { gradientGraph, type NetworkSizes, weightCount } from '../../../models/forecaster/training-graph.ts'
import { chanceOf } from '../../../models/random.ts'
import { normal } from './planted.ts'

const knots = 2
const quantiles = Float64Array.from({ length: knots * levels.length }, (_, at) => 3 * levels[at % levels.length]! - 1.4)
const sizes: NetworkSizes = { inputs: 5, hidden: [4, 3], knots, quantiles, decay: 0, longest: 1 }
const chance = chanceOf(11)
const random = (count: number, scale = 1) => Float32Array.from({ length: count }, () => scale * normal(chance.next))

/** The loss in 64 bits, by other code than the graph's. */
function lossOf(weights: Float32Array | Float64Array, x: Float32Array, y: Float32Array): number {
  const results = networkResults({ sizes, weights: weights as Float32Array })
  const rows = y.length / knots
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const own = results(x.subarray(row * sizes.inputs, (row + 1) * sizes.inputs))
    for (let knot = 0; knot < knots; knot++)
      sum += crps(
        (at) => own[knots + knot]! + Math.exp(own[knot]!) * quantiles[knot * levels.length + at]!,
        y[row * knots + knot]!,
      )
  }
  return sum / (2 * rows * knots)
}

test('the derivative in the graph is that of the loss, by finite differences in 64 bits', async () => {
  const weights = random(weightCount(sizes), 0.4)
  const [x, y] = [random(16 * sizes.inputs), random(16 * knots, 1.5)]
  const session = await InferenceSession.create(gradientGraph(sizes), { intraOpNumThreads: 1 })
  const { loss, gradient } = await session.run({
    weights: new Tensor('float32', weights, [weights.length]),
    x: new Tensor('float32', x, [16, sizes.inputs]),
    y: new Tensor('float32', y, [16, knots]),
  })
  await session.release()
  expect((loss!.data as Float32Array)[0]).toBeCloseTo(lossOf(weights, x, y), 6)
  const found = gradient!.data as Float32Array
  const step = 1e-6
  for (let at = 0; at < weights.length; at++) {
    const [more, less] = [Float64Array.from(weights), Float64Array.from(weights)]
    more[at]! += step
    less[at]! -= step
    expect(found[at]).toBeCloseTo((lossOf(more, x, y) - lossOf(less, x, y)) / (2 * step), 5)
  }
})

describe('a training', () => {
  const rows = 400
  const x = random(rows * sizes.inputs)
  const lesson: Lesson = {
    rows,
    width: sizes.inputs,
    knots,
    quantiles,
    inputs: (row, into) => into.set(x.subarray(row * sizes.inputs, (row + 1) * sizes.inputs)),
    outcome: (row, knot) => x[row * sizes.inputs + knot]! + 0.1,
  }
  const recipe: Recipe = {
    hidden: [8, 4],
    epochs: 20,
    batch: 32,
    rate: 0.01,
    decay: 0.01,
    longest: 1,
    seed: 5,
    dropped: { blocks: [[3, 5]], share: 0.2 },
  }

  test('begins as the baseline: without a step the results are zero', async () => {
    const network = await trainNetwork(lesson, { ...recipe, epochs: 0 })
    expect([...networkResults(network)(x.subarray(0, 5))]).toEqual([0, 0, 0, 0])
    expect(network.weights.some((weight) => weight !== 0)).toBe(true)
  })

  test('learns what is there to learn, and the same seed gives the same bytes', async () => {
    const losses: number[] = []
    const one = await trainNetwork(lesson, recipe, (_, loss) => losses.push(loss))
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 3)
    const again = await trainNetwork(lesson, recipe)
    expect(Buffer.from(again.weights.buffer).equals(Buffer.from(one.weights.buffer))).toBe(true)
    const other = await trainNetwork(lesson, { ...recipe, seed: 6 })
    expect(other.weights).not.toEqual(one.weights)
  })
})
