import type { GraphBuilder } from './graph-builder.ts'

/** A layer: its inputs and its results. */
export type Layer = readonly [from: number, to: number]

/** The layers of a network by the widths from its inputs to its results. */
export function layersBetween(widths: readonly number[]): Layer[] {
  return widths.slice(1).map((width, at) => [widths[at]!, width])
}

/** Weights of layers: a matrix and as many constants as results each. */
export const weightsIn = (layers: readonly Layer[]): number =>
  layers.reduce((sum, [from, to]) => sum + from * to + to, 0)

/** The sizes of the parts of a flat list of weights: the matrix of each layer, then its constants. */
export const partSizes = (layers: readonly Layer[]): number[] => layers.flatMap(([from, to]) => [from * to, to])

/** Layers in a graph, with tanh between them. */
export interface Dense {
  /** The results. */
  results: string
  /** The derivative by each part of the weights, flat, from that by the results. */
  gradients(byResults: string): string[]
}

/** Puts layers into a graph: `parts` are those of the flat weights, `input` has a row for each sample. */
export function denseIn(
  { op, number, whole }: GraphBuilder,
  layers: readonly Layer[],
  parts: string[],
  input: string,
): Dense {
  const matrices = layers.map(([from, to], at) => op('Reshape', [parts[2 * at]!, whole(from, to)]))
  const reached = [input]
  for (const at of layers.keys()) {
    const raised = op('Gemm', [reached.at(-1)!, matrices[at]!, parts[2 * at + 1]!])
    reached.push(at < layers.length - 1 ? op('Tanh', [raised]) : raised)
  }
  return {
    results: reached.at(-1)!,
    gradients(byResults) {
      let slope = byResults
      const found: string[] = []
      for (let at = layers.length - 1; at >= 0; at--) {
        const matrix = op('Gemm', [reached[at]!, slope], { transA: { int: 1 } })
        const constants = op('ReduceSum', [slope, whole(0)], { keepdims: { int: 0 } })
        found.unshift(op('Reshape', [matrix, whole(-1)]), constants)
        if (at === 0) break
        const back = op('Gemm', [slope, matrices[at]!], { transB: { int: 1 } })
        slope = op('Mul', [back, op('Sub', [number(1), op('Mul', [reached[at]!, reached[at]!])])])
      }
      return found
    },
  }
}
