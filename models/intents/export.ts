import { onnxFile } from '../onnx.ts'
import type { Network } from './network.ts'

/** The metadata that a model contains: its labels, and the symbols that it masks. */
export interface Carried {
  labels: string[]
  symbols: string[]
}

/**
 * Encodes a network as an ONNX file: the rows of the table in eight bits with a scale each, and the softmax at this
 * temperature. The inputs are `rows` and `share` (one over the root of their number); the outputs are `probabilities` and the
 * metadata.
 */
export function exportNetwork(network: Network, temperature: number, carried: Carried): Uint8Array {
  const { buckets, width, hidden, labels } = network.recipe
  const { table, scales } = inEightBits(network.table, buckets, width)
  const cooled = (weights: Float32Array) => weights.map((weight) => weight / temperature)
  return onnxFile({
    name: 'intents',
    nodes: [
      { type: 'Gather', inputs: ['table', 'rows'], outputs: ['bytes'] },
      { type: 'CastLike', inputs: ['bytes', 'scales'], outputs: ['values'] },
      { type: 'Gather', inputs: ['scales', 'rows'], outputs: ['factors'] },
      { type: 'MatMul', inputs: ['factors', 'values'], outputs: ['sum'] },
      { type: 'Mul', inputs: ['sum', 'share'], outputs: ['mean'] },
      { type: 'MatMul', inputs: ['mean', 'hidden'], outputs: ['weighed'] },
      { type: 'Add', inputs: ['weighed', 'hiddenBias'], outputs: ['raised'] },
      { type: 'Relu', inputs: ['raised'], outputs: ['active'] },
      { type: 'MatMul', inputs: ['active', 'out'], outputs: ['scored'] },
      { type: 'Add', inputs: ['scored', 'outBias'], outputs: ['scores'] },
      { type: 'Softmax', inputs: ['scores'], outputs: ['probabilities'] },
      { type: 'Identity', inputs: ['labelNames'], outputs: ['labels'] },
      { type: 'Identity', inputs: ['symbolNames'], outputs: ['symbols'] },
    ],
    constants: [
      { name: 'table', dims: [buckets, width], data: table },
      { name: 'scales', dims: [buckets], data: scales },
      { name: 'hidden', dims: [width, hidden], data: turned(network.hiddenWeights, hidden, width) },
      { name: 'hiddenBias', dims: [hidden], data: network.hiddenBias },
      { name: 'out', dims: [hidden, labels], data: turned(cooled(network.outWeights), labels, hidden) },
      { name: 'outBias', dims: [labels], data: cooled(network.outBias) },
      { name: 'labelNames', dims: [carried.labels.length], data: carried.labels },
      { name: 'symbolNames', dims: [carried.symbols.length], data: carried.symbols },
    ],
    inputs: [
      { name: 'rows', type: 'int64', dims: ['features'] },
      { name: 'share', type: 'float', dims: [1] },
    ],
    outputs: [
      { name: 'probabilities', type: 'float', dims: [labels] },
      { name: 'labels', type: 'string', dims: [carried.labels.length] },
      { name: 'symbols', type: 'string', dims: [carried.symbols.length] },
    ],
  })
}

function inEightBits(weights: Float32Array, rows: number, width: number): { table: Int8Array; scales: Float32Array } {
  const table = new Int8Array(rows * width)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const own = weights.subarray(row * width, (row + 1) * width)
    const most = own.reduce((high, weight) => Math.max(high, Math.abs(weight)), 0)
    scales[row] = most / 127
    for (let at = 0; at < width; at++) table[row * width + at] = most === 0 ? 0 : Math.round((127 * own[at]!) / most)
  }
  return { table, scales }
}

/** The transposed matrix. */
function turned(weights: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(
    { length: weights.length },
    (_, at) => weights[(at % rows) * columns + Math.floor(at / rows)]!,
  )
}
