import { type GraphBuilder, graphBuilder, graphOf } from '../graph-builder.ts'
import { type Graph, onnxFile, type Port } from '../onnx.ts'
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

const memory = { slopes: 0.9, squares: 0.999 }

/** The layers: inputs and results of each, in their order. */
export function layersOf({
  inputs,
  hidden,
  knots,
}: Pick<NetworkSizes, 'inputs' | 'hidden' | 'knots'>): [number, number][] {
  const widths = [inputs, ...hidden, 2 * knots]
  return widths.slice(1).map((width, at) => [widths[at]!, width])
}

/** The number of all weights. */
export function weightCount(sizes: Pick<NetworkSizes, 'inputs' | 'hidden' | 'knots'>): number {
  return layersOf(sizes).reduce((sum, [from, to]) => sum + from * to + to, 0)
}

/**
 * The training as an ONNX file: as many steps of Adam (Kingma and Ba 2014, with the decay of Loshchilov and Hutter 2017) as the
 * inputs have batches, one after the other in a `Scan`. The derivative is written out by hand, since the runtime only runs
 * forward. Weights, slopes and squares are flat lists; `rate` and `lift` are the step's own, with Adam's corrections in them.
 */
export function trainingGraph(sizes: NetworkSizes): Uint8Array {
  const weights = weightCount(sizes)
  const state = (suffix: string) => ['weights', 'slopes', 'squares'].map((name) => port(`${name}${suffix}`, [weights]))
  const scanned: [string, (number | string)[]][] = [
    ['x', ['batch', sizes.inputs]],
    ['y', ['batch', sizes.knots]],
    ['rate', []],
    ['lift', []],
  ]
  const body: Graph = graphOf(step(sizes), 'step', {
    inputs: [...state(''), ...scanned.map(([name, dims]) => port(name, dims))],
    outputs: [...state('Next'), port('loss', [])],
  })
  const inputs = [...state('Before'), ...scanned.map(([name, dims]) => port(`${name}s`, ['steps', ...dims]))]
  const outputs = [...state('After'), port('losses', ['steps'])]
  return onnxFile({
    name: 'training',
    nodes: [
      {
        type: 'Scan',
        inputs: inputs.map(({ name }) => name),
        outputs: outputs.map(({ name }) => name),
        attributes: { body: { graph: body }, num_scan_inputs: { int: scanned.length } },
      },
    ],
    constants: [],
    inputs,
    outputs,
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

const port = (name: string, dims: Port['dims']): Port => ({ name, type: 'float', dims })

function step(sizes: NetworkSizes): GraphBuilder {
  const built = graphBuilder()
  const { op, number, whole } = built
  const { loss, gradient } = derivative(built, sizes)
  const length = op('Sqrt', [op('ReduceSum', [op('Mul', [gradient, gradient]), whole(0)], { keepdims: { int: 0 } })])
  const share = op('Min', [number(1), op('Div', [number(sizes.longest), op('Add', [length, number(1e-6)])])])
  const slope = op('Mul', [gradient, share])
  const kept = (name: string, by: number, value: string, output: string) =>
    op('Add', [op('Mul', [name, number(by)]), op('Mul', [value, number(1 - by)])], undefined, output)
  const slopes = kept('slopes', memory.slopes, slope, 'slopesNext')
  const squares = kept('squares', memory.squares, op('Mul', [slope, slope]), 'squaresNext')
  const size = op('Add', [op('Mul', [op('Sqrt', [squares]), 'lift']), number(1e-8)])
  const decay = op('Mul', ['weights', number(sizes.decay)])
  const change = op('Add', [op('Div', [slopes, size]), decay])
  op('Sub', ['weights', op('Mul', ['rate', change])], undefined, 'weightsNext')
  op('Identity', [loss], undefined, 'loss')
  return built
}

/** The rate and the lift of a step of Adam, counted from 1: corrections for averages that begin at zero. */
export function adamStep(count: number, rate: number): { rate: number; lift: number } {
  return { rate: rate / (1 - memory.slopes ** count), lift: 1 / Math.sqrt(1 - memory.squares ** count) }
}

function derivative(built: GraphBuilder, sizes: NetworkSizes): { loss: string; gradient: string } {
  const { op, number, numbers, whole, split } = built
  const layers = layersOf(sizes)
  const parts = split(
    'weights',
    layers.flatMap(([from, to]) => [from * to, to]),
  )
  const matrices = layers.map(([from, to], at) => op('Reshape', [parts[2 * at]!, whole(from, to)]))
  const sum = (value: string, axis: number) => op('ReduceSum', [value, whole(axis)], { keepdims: { int: 0 } })

  const reached = ['x']
  for (const [at] of layers.entries()) {
    const raised = op('Gemm', [reached.at(-1)!, matrices[at]!, parts[2 * at + 1]!])
    reached.push(at < layers.length - 1 ? op('Tanh', [raised]) : raised)
  }
  const results = reached.at(-1)!
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

  let slope = op('Concat', [byStretch, byShift], { axis: { int: 1 } })
  const gradients: string[] = []
  for (let at = layers.length - 1; at >= 0; at--) {
    const matrix = op('Gemm', [reached[at]!, slope], { transA: { int: 1 } })
    gradients.unshift(op('Reshape', [matrix, whole(-1)]), sum(slope, 0))
    if (at === 0) break
    const back = op('Gemm', [slope, matrices[at]!], { transB: { int: 1 } })
    slope = op('Mul', [back, op('Sub', [number(1), op('Mul', [reached[at]!, reached[at]!])])])
  }
  return { loss, gradient: op('Concat', gradients, { axis: { int: 0 } }) }
}
