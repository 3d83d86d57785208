import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { horizonCount, knots, knotWeights } from '../../src/prediction/forecaster/horizons.ts'
import { graphBuilder, graphOf } from '../graph-builder.ts'
import { onnxFile, type Port } from '../onnx.ts'
import type { Network } from './network.ts'
import type { Verdict } from './ship-rule.ts'
import { layersOf } from './training-graph.ts'

/** A network and what of it was shown: results of other horizons are cut off. */
export interface ShippedNetwork {
  network: Network
  verdicts: Pick<Verdict, 'isNetworkShown' | 'isDirectionShown'>[]
  /** The hash of the layout of its features. */
  layout: string
}

/**
 * The model as an ONNX file: rows of the baseline's inputs, and of features when it has a network, to the logarithm of the return
 * (`mu`) and its standard move (`sigma`) at the horizons 1 to 100. It carries the names of its inputs and the hash of the features' layout.
 */
export function exportForecaster(weights: Float64Array[], shipped?: ShippedNetwork): Uint8Array {
  const built = graphBuilder()
  const { op, number, numbers } = built
  const width = baselineInputs.length
  const wide = numbers(knotWeights, [knots.length, horizonCount])
  const roots = Float64Array.from({ length: horizonCount }, (_, at) => Math.sqrt(at + 1))
  const matrix = Float64Array.from(
    { length: width * knots.length },
    (_, at) => weights[at % knots.length]![Math.floor(at / knots.length)]!,
  )
  const constants = weights.map((own) => own[width]!)
  const variances = op('Add', [
    op('MatMul', ['baseline', numbers(matrix, [width, knots.length])]),
    numbers(constants, [knots.length]),
  ])
  const perDay = op('Exp', [op('Mul', [op('MatMul', [variances, wide]), number(0.5)])])
  const standard = op('Mul', [perDay, numbers(roots, [horizonCount])])
  if (shipped) {
    const results = networkOf(built, shipped)
    const stretch = op('Exp', [op('MatMul', [results.stretch, wide])])
    op('Mul', [standard, stretch], undefined, 'sigma')
    op('Mul', [standard, op('MatMul', [results.shift, wide])], undefined, 'mu')
  } else {
    op('Identity', [standard], undefined, 'sigma')
    op('Mul', [standard, number(0)], undefined, 'mu')
  }
  const names = [...baselineInputs]
  built.constants.push(
    { name: 'inputNames', dims: [names.length], data: names },
    { name: 'layoutHash', dims: [1], data: [shipped?.layout ?? ''] },
  )
  op('Identity', ['inputNames'], undefined, 'inputs')
  op('Identity', ['layoutHash'], undefined, 'layout')
  const port = (name: string, columns: number): Port => ({ name, type: 'float', dims: ['rows', columns] })
  return onnxFile(
    graphOf(built, 'forecaster', {
      inputs: [port('baseline', width), ...(shipped ? [port('features', shipped.network.sizes.inputs)] : [])],
      outputs: [
        port('mu', horizonCount),
        port('sigma', horizonCount),
        { name: 'inputs', type: 'string', dims: [names.length] },
        { name: 'layout', type: 'string', dims: [1] },
      ],
    }),
  )
}

function networkOf({ op, numbers, whole }: ReturnType<typeof graphBuilder>, { network, verdicts }: ShippedNetwork) {
  const layers = layersOf(network.sizes)
  let value = 'features'
  let place = 0
  for (const [at, [from, to]] of layers.entries()) {
    const matrix = numbers(network.weights.subarray(place, place + from * to), [from, to])
    const constants = numbers(network.weights.subarray(place + from * to, place + from * to + to), [to])
    const raised = op('Gemm', [value, matrix, constants])
    value = at < layers.length - 1 ? op('Tanh', [raised]) : raised
    place += from * to + to
  }
  const gate = (isOpen: (verdict: ShippedNetwork['verdicts'][number]) => boolean) =>
    numbers(
      verdicts.map((verdict) => (isOpen(verdict) ? 1 : 0)),
      [verdicts.length],
    )
  const columns = (from: number, to: number) => op('Slice', [value, whole(from), whole(to), whole(1)])
  return {
    stretch: op('Mul', [columns(0, knots.length), gate(({ isNetworkShown }) => isNetworkShown)]),
    shift: op('Mul', [columns(knots.length, 2 * knots.length), gate(({ isDirectionShown }) => isDirectionShown)]),
  }
}
