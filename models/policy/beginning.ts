import { type Layer, layersBetween } from '../dense.ts'
import type { Chance } from '../random.ts'
import { type PolicySizes, policyWeights, widthsOf } from './training-graph.ts'

/**
 * Weights to begin with: orthogonal matrices (Saxe et al. 2014), scaled by √2, those of the last layers by .01 for the actor, whose choices
 * are then equally likely, and by 1 for the critic; constants are zero.
 */
export function beginning(sizes: Pick<PolicySizes, 'inputs' | 'hidden' | 'heads'>, chance: Chance): Float32Array {
  const weights = new Float32Array(policyWeights(sizes))
  const { actor, critic } = widthsOf(sizes)
  let place = 0
  for (const [widths, last] of [
    [actor, 0.01],
    [critic, 1],
  ] as const) {
    const layers = layersBetween(widths)
    for (const [at, layer] of layers.entries()) {
      weights.set(orthogonal(layer, at < layers.length - 1 ? Math.SQRT2 : last, chance), place)
      place += layer[0] * layer[1] + layer[1]
    }
  }
  return weights
}

/** A matrix whose rows, or columns if these are fewer, are at right angles and of this length (Gram and Schmidt). */
function orthogonal([from, to]: Layer, length: number, { next }: Chance): Float32Array {
  const [long, short] = [Math.max(from, to), Math.min(from, to)]
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const lines = Array.from({ length: short }, () => Float64Array.from({ length: long }, normal))
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)
  for (const [nth, line] of lines.entries()) {
    for (const other of lines.slice(0, nth)) {
      const along = product(line, other)
      for (let at = 0; at < long; at++) line[at]! -= along * other[at]!
    }
    const own = Math.sqrt(product(line, line))
    for (let at = 0; at < long; at++) line[at]! /= own
  }
  return Float32Array.from({ length: from * to }, (_, at) => {
    const [row, column] = [Math.floor(at / to), at % to]
    return length * (from <= to ? lines[row]![column]! : lines[column]![row]!)
  })
}
