import { adamIn } from '../adam.ts'
import { denseIn, type Layer, layersBetween, partSizes, weightsIn } from '../dense.ts'
import { type GraphBuilder, graphBuilder, graphOf } from '../graph-builder.ts'
import { onnxFile } from '../onnx.ts'
import { port, trainingScan } from '../training-scan.ts'
import { levels } from './score.ts'

/** The sizes of the network, and the settings of its training that are part of the graph. */
export interface NetworkSizes {
  inputs: number
  hidden: number[]
  /** Horizons: the network has two results for each, the change of ln σ and μ/σ. */
  knots: number
  /** The quantiles of moves in units of the baseline's scale, a row of 19 for each horizon. */
  quantiles: ArrayLike<number>
  /** The share by which weights shrink in a step, over the rate of learning. */
  decay: number
  /** The most that the length of a gradient may be. */
  longest: number
}

/** The layers: inputs and results of each, in their order. */
export function layersOf({ inputs, hidden, knots }: Pick<NetworkSizes, 'inputs' | 'hidden' | 'knots'>): Layer[] {
  return layersBetween([inputs, ...hidden, 2 * knots])
}

/** The number of all weights. */
export function weightCount(sizes: Pick<NetworkSizes, 'inputs' | 'hidden' | 'knots'>): number {
  return weightsIn(layersOf(sizes))
}

/**
 * The training as an ONNX file: steps of Adam in a `Scan`. The derivative is written out by hand, since the runtime only runs forward.
 */
export function trainingGraph(sizes: NetworkSizes): Uint8Array {
  return trainingScan({
    weights: weightCount(sizes),
    scanned: [
      ['x', ['batch', sizes.inputs]],
      ['y', ['batch', sizes.knots]],
      ['rate', []],
      ['lift', []],
    ],
    step: step(sizes),
    told: [['loss', 'losses']],
  })
}

/** The loss and its derivative by the weights, for a check against finite differences. */
export function gradientGraph(sizes: NetworkSizes): Uint8Array {
  const weights = weightCount(sizes)
  const built = graphBuilder()
  const { loss, gradient } = derivative(built, sizes)
  built.op('Identity', [loss], undefined, 'loss')
  built.op('Identity', [gradient], undefined, 'gradient')
  return onnxFile(
    graphOf(built, 'gradient', {
      inputs: [port('weights', [weights]), port('x', ['batch', sizes.inputs]), port('y', ['batch', sizes.knots])],
      outputs: [port('loss', []), port('gradient', [weights])],
    }),
  )
}

function step(sizes: NetworkSizes): GraphBuilder {
  const built = graphBuilder()
  const { loss, gradient } = derivative(built, sizes)
  adamIn(built, gradient, { longest: sizes.longest, least: 1e-8, decay: sizes.decay })
  built.op('Identity', [loss], undefined, 'loss')
  return built
}

function derivative(built: GraphBuilder, sizes: NetworkSizes): { loss: string; gradient: string } {
  const { op, number, numbers, whole, split } = built
  const layers = layersOf(sizes)
  const network = denseIn(built, layers, split('weights', partSizes(layers)), 'x')
  const sum = (value: string, axis: number) => op('ReduceSum', [value, whole(axis)], { keepdims: { int: 0 } })

  const { results } = network
  const { knots } = sizes
  const columns = (from: number, to: number) => op('Slice', [results, whole(from), whole(to), whole(1)])
  const stretch = op('Exp', [columns(0, knots)])
  const shift = columns(knots, 2 * knots)

  const units = numbers(sizes.quantiles, [1, knots, levels.length])
  const level = numbers(levels, [1, 1, levels.length])
  const deep = (value: string) => op('Unsqueeze', [value, whole(2)])
  const quantiles = op('Add', [deep(shift), op('Mul', [deep(stretch), units])])
  const miss = op('Sub', [deep('y'), quantiles])
  const below = op('Sub', [level, number(1)])
  const loss = op('ReduceMean', [op('Max', [op('Mul', [level, miss]), op('Mul', [below, miss])])], {
    keepdims: { int: 0 },
  })
  // The derivative by a quantile is minus its level where the outcome was above it, else one minus its level.
  const isAbove = op('Greater', [miss, number(0)])
  const each = op('Where', [isAbove, op('Neg', [level]), op('Neg', [below])])
  const count = op('Cast', [op('Size', [miss])], { to: { int: 1 } })
  const byQuantile = op('Div', [each, count])
  const byShift = sum(byQuantile, 2)
  const byStretch = op('Mul', [sum(op('Mul', [byQuantile, units]), 2), stretch])

  const gradients = network.gradients(op('Concat', [byStretch, byShift], { axis: { int: 1 } }))
  return { loss, gradient: op('Concat', gradients, { axis: { int: 0 } }) }
}
