import '../../src/infra/onnx/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { adamStep } from '../adam.ts'
import { chanceOf } from '../random.ts'
import { layersOf, type NetworkSizes, trainingGraph, weightCount } from './training-graph.ts'

/** The settings of a training. */
export interface Recipe {
  hidden: number[]
  epochs: number
  batch: number
  /** Falls to zero along the training. */
  rate: number
  decay: number
  longest: number
  seed: number
  /** Blocks of inputs, from and to, each of which is taken away from this share of the samples of a batch. */
  dropped: { blocks: (readonly [number, number])[]; share: number }
}

/** Rows to learn: inputs, and the moves to the knots in units of the baseline's scale. */
export interface Lesson {
  rows: number
  width: number
  knots: number
  /** Writes the inputs of a row. */
  inputs(row: number, into: Float32Array): void
  outcome(row: number, knot: number): number
  quantiles: Float64Array
}

/** Weights as one flat list, layer by layer: the matrix, then its constants. */
export interface Network {
  sizes: Pick<NetworkSizes, 'inputs' | 'hidden' | 'knots'>
  weights: Float32Array
}

const stepsAtOnce = 16

/**
 * Trains a network. The same lesson, recipe and machine give the same weights, bit for bit: one thread, one order. The results of a
 * network without training are zero, so that it begins as the baseline.
 */
export async function trainNetwork(
  lesson: Lesson,
  recipe: Recipe,
  told?: (share: number, loss: number) => void,
): Promise<Network> {
  const { width: inputs, knots, rows } = lesson
  const sizes: NetworkSizes = { ...recipe, inputs, knots, quantiles: lesson.quantiles }
  const chance = chanceOf(recipe.seed)
  let weights = beginning(sizes, chance.next)
  let [slopes, squares] = [new Float32Array(weights.length), new Float32Array(weights.length)]
  const batch = Math.min(recipe.batch, rows)
  const inEpoch = Math.floor(rows / batch)
  const steps = inEpoch * recipe.epochs
  const session = await InferenceSession.create(trainingGraph(sizes), { intraOpNumThreads: 1, interOpNumThreads: 1 })
  try {
    const order = Int32Array.from({ length: rows }, (_, at) => at)
    for (let step = 0; step < steps; ) {
      const many = Math.min(stepsAtOnce, steps - step)
      const xs = new Float32Array(many * batch * inputs)
      const ys = new Float32Array(many * batch * knots)
      const rates = new Float32Array(many)
      const lifts = new Float32Array(many)
      for (let one = 0; one < many; one++, step++) {
        if (step % inEpoch === 0) shuffle(order, chance.below)
        for (let at = 0; at < batch; at++) {
          const row = order[(step % inEpoch) * batch + at]!
          const place = one * batch + at
          const own = xs.subarray(place * inputs, (place + 1) * inputs)
          lesson.inputs(row, own)
          for (const [from, to] of recipe.dropped.blocks) if (chance.is(recipe.dropped.share)) own.fill(0, from, to)
          for (let knot = 0; knot < knots; knot++) ys[place * knots + knot] = lesson.outcome(row, knot)
        }
        const adam = adamStep(step + 1, recipe.rate * (1 - step / steps))
        rates[one] = adam.rate
        lifts[one] = adam.lift
      }
      const result = await session.run({
        weightsBefore: new Tensor('float32', weights, [weights.length]),
        slopesBefore: new Tensor('float32', slopes, [slopes.length]),
        squaresBefore: new Tensor('float32', squares, [squares.length]),
        xs: new Tensor('float32', xs, [many, batch, inputs]),
        ys: new Tensor('float32', ys, [many, batch, knots]),
        rates: new Tensor('float32', rates, [many]),
        lifts: new Tensor('float32', lifts, [many]),
      })
      weights = Float32Array.from(result.weightsAfter!.data as Float32Array)
      slopes = Float32Array.from(result.slopesAfter!.data as Float32Array)
      squares = Float32Array.from(result.squaresAfter!.data as Float32Array)
      const losses = result.losses!.data as Float32Array
      told?.(step / steps, losses.reduce((a, b) => a + b, 0) / losses.length)
    }
  } finally {
    await session.release()
  }
  return { sizes: { inputs, hidden: recipe.hidden, knots }, weights }
}

/** Weights of the hidden layers by Glorot and Bengio 2010; those of the last layer, and all constants, are zero. */
function beginning(sizes: NetworkSizes, next: () => number): Float32Array {
  const weights = new Float32Array(weightCount(sizes))
  const layers = layersOf(sizes)
  let place = 0
  for (const [at, [from, to]] of layers.entries()) {
    const reach = Math.sqrt(6 / (from + to))
    if (at < layers.length - 1)
      for (let one = 0; one < from * to; one++) weights[place + one] = (2 * next() - 1) * reach
    place += from * to + to
  }
  return weights
}

/** The results of a network for one row: the changes of ln σ at the knots, then μ/σ. */
export function networkResults({ sizes, weights }: Network): (inputs: ArrayLike<number>) => Float64Array {
  const layers = layersOf(sizes)
  return (inputs) => {
    let values: ArrayLike<number> = inputs
    let place = 0
    for (const [at, [from, to]] of layers.entries()) {
      const raised = new Float64Array(to)
      for (let one = 0; one < to; one++) raised[one] = weights[place + from * to + one]!
      for (let row = 0; row < from; row++) {
        const value = values[row]!
        if (value === 0) continue
        const start = place + row * to
        for (let one = 0; one < to; one++) raised[one]! += value * weights[start + one]!
      }
      values = at < layers.length - 1 ? raised.map(Math.tanh) : raised
      place += from * to + to
    }
    return values as Float64Array
  }
}

function shuffle(order: Int32Array, below: (count: number) => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = below(at + 1)
    const held = order[at]!
    order[at] = order[other]!
    order[other] = held
  }
}
