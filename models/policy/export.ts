import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { knots } from '../../src/prediction/forecaster/horizons.ts'
import { heads } from '../../src/prediction/policy/action.ts'
import { stateCount, stateHash } from '../../src/prediction/policy/layout.ts'
import type { CarriedBaseline } from '../../src/prediction/policy/state/baseline.ts'
import { denseIn, layersBetween, partSizes } from '../dense.ts'
import { graphBuilder, graphOf } from '../graph-builder.ts'
import { onnxFile, type Port } from '../onnx.ts'
import { actorWeights, widthsOf } from './training-graph.ts'

/**
 * The policy as an ONNX file: rows of states to the results of both heads. It carries the baseline forecaster of its states, the hash
 * of their layout and the names of the baseline's inputs, as constants that it also gives as outputs.
 */
export function exportPolicy(hidden: readonly number[], weights: Float32Array, baseline: CarriedBaseline): Uint8Array {
  const sizes = { inputs: stateCount, hidden, heads }
  const { actor } = widthsOf(sizes)
  const layers = layersBetween(actor)
  const built = graphBuilder()
  const carried: [name: string, data: Float32Array | string[], dims: number[]][] = [
    ['actor', weights.slice(0, actorWeights(sizes)), [actorWeights(sizes)]],
    ['widths', Float32Array.from(actor), [actor.length]],
    ['baseline', baseline.weights, [knots.length, baselineInputs.length + 1]],
    ['usual', baseline.usual, [baselineInputs.length]],
    ['size90', Float32Array.of(baseline.size90), [1]],
    ['layout', [stateHash], [1]],
    ['inputs', [...baselineInputs], [baselineInputs.length]],
  ]
  for (const [name, data, dims] of carried) built.constants.push({ name, dims, data })
  const { results } = denseIn(built, layers, built.split('actor', partSizes(layers)), 'state')
  built.op('Identity', [results], undefined, 'results')
  const outputs = carried.map(([name, data, dims]): Port => {
    built.op('Identity', [name], undefined, `${name}Carried`)
    return { name: `${name}Carried`, type: data instanceof Float32Array ? 'float' : 'string', dims }
  })
  return onnxFile(
    graphOf(built, 'policy', {
      inputs: [{ name: 'state', type: 'float', dims: ['rows', stateCount] }],
      outputs: [{ name: 'results', type: 'float', dims: ['rows', actor.at(-1)!] }, ...outputs],
    }),
  )
}
