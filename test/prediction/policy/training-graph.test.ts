import '../../../src/infra/onnx/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import {
  actorWeights,
  type PolicySizes,
  policyGradientGraph,
  policyWeights,
  widthsOf,
} from '../../../models/policy/training-graph.ts'
import { chanceOf } from '../../../models/random.ts'
import { logChances, networkOf } from '../../../src/prediction/policy/network.ts'
import { normal } from '../forecaster/planted.ts'

const sizes: PolicySizes = {
  ...{ inputs: 7, hidden: [8, 6], heads: [3, 5], clip: 0.2, entropy: 0.01, value: 0.5, longest: 0.5 },
}
const rows = 32
const chance = chanceOf(7)
const random = (count: number, scale = 1) => Float32Array.from({ length: count }, () => scale * normal(chance.next))
const choices = 8
const weights = random(policyWeights(sizes), 0.5)
const x = random(rows * sizes.inputs)
const made = Array.from({ length: rows }, () => [chance.below(3), 3 + chance.below(5)])
const chosen = new Float32Array(rows * choices)
for (const [row, places] of made.entries()) for (const place of places) chosen[row * choices + place] = 1
const [advantage, returns] = [random(rows), random(rows)]
const before = Array.from({ length: rows }, (_, row) => forward(weights, row))
const oldLog = Float32Array.from(before, ({ log }) => log + 0.3 * normal(chance.next))
const oldValue = Float32Array.from(before, ({ value }) => value + 0.3 * normal(chance.next))

/** The log odds of a row's choices, its entropy and value, in 64 bits. */
function forward(own: ArrayLike<number>, row: number): { log: number; entropy: number; value: number } {
  const input = x.subarray(row * sizes.inputs, (row + 1) * sizes.inputs)
  const { actor, critic } = widthsOf(sizes)
  const results = networkOf(actor, own)(input)
  logChances(results, 0, 3)
  logChances(results, 3, choices)
  return {
    log: made[row]!.reduce((sum, place) => sum + results[place]!, 0),
    entropy: -results.reduce((sum, log) => sum + log * Math.exp(log), 0),
    value: networkOf(critic, own, actorWeights(sizes))(input)[0]!,
  }
}

/** The loss in 64 bits, by other code than the graph's. */
function lossOf(own: ArrayLike<number>): number {
  const mean = advantage.reduce((sum, one) => sum + one, 0) / rows
  const deviation = Math.sqrt(advantage.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (rows - 1))
  const clip = (value: number, middle: number) => Math.min(middle + sizes.clip, Math.max(middle - sizes.clip, value))
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const { log, entropy, value } = forward(own, row)
    const ratio = Math.exp(log - oldLog[row]!)
    const worth = (advantage[row]! - mean) / (deviation + 1e-8)
    const miss = Math.max((value - returns[row]!) ** 2, (clip(value, oldValue[row]!) - returns[row]!) ** 2)
    sum += Math.max(-worth * ratio, -worth * clip(ratio, 1)) - sizes.entropy * entropy + (sizes.value / 2) * miss
  }
  return sum / rows
}

test('the derivative in the graph is that of the loss, by finite differences in 64 bits', async () => {
  const session = await InferenceSession.create(policyGradientGraph(sizes), { intraOpNumThreads: 1 })
  const list = (values: Float32Array, ...more: number[]) =>
    new Tensor('float32', values, [values.length / (more[0] ?? 1), ...more])
  const { loss, gradient } = await session.run({
    ...{ weights: list(weights), x: list(x, sizes.inputs), chosen: list(chosen, choices), oldLog: list(oldLog) },
    ...{ advantage: list(advantage), return: list(returns), oldValue: list(oldValue) },
  })
  await session.release()
  expect((loss!.data as Float32Array)[0]).toBeCloseTo(lossOf(weights), 5)
  const found = gradient!.data as Float32Array
  const step = 1e-6
  let [squares, missed] = [0, 0]
  for (let at = 0; at < weights.length; at++) {
    const [more, less] = [Float64Array.from(weights), Float64Array.from(weights)]
    more[at]! += step
    less[at]! -= step
    const slope = (lossOf(more) - lossOf(less)) / (2 * step)
    squares += slope ** 2
    missed += (slope - found[at]!) ** 2
  }
  expect(Math.sqrt(missed / squares)).toBeLessThan(1e-5)
})
