import type { Attribute, Graph, Node, Tensor } from './onnx.ts'

/** Builds the operations of a graph one by one; each gives the name of its result. */
export interface GraphBuilder {
  nodes: Node[]
  constants: Tensor[]
  /** An operation with one result, under a name of its own or a given one. */
  op(type: string, inputs: string[], attributes?: Record<string, Attribute>, output?: string): string
  /** A number without dimensions. */
  number(value: number): string
  /** Numbers in a shape. */
  numbers(values: ArrayLike<number>, dims: number[]): string
  /** Whole numbers, such as axes and shapes. */
  whole(...values: number[]): string
  /** Cuts a flat list of weights into parts of these sizes. */
  split(input: string, sizes: number[]): string[]
}

/** An empty graph. */
export function graphBuilder(): GraphBuilder {
  const nodes: Node[] = []
  const constants: Tensor[] = []
  let made = 0
  const named = (kind: string) => `${kind}${made++}`
  const constant = (data: Tensor['data'], dims: number[]) => {
    const name = named('constant')
    constants.push({ name, dims, data })
    return name
  }
  const whole = (...values: number[]) => constant(BigInt64Array.from(values, BigInt), [values.length])
  return {
    nodes,
    constants,
    op(type, inputs, attributes, output = named('value')) {
      nodes.push({ type, inputs, outputs: [output], ...(attributes && { attributes }) })
      return output
    },
    number: (value) => constant(Float32Array.of(value), []),
    numbers: (values, dims) => constant(Float32Array.from(values), dims),
    whole,
    split(input, sizes) {
      const outputs = sizes.map(() => named('part'))
      nodes.push({ type: 'Split', inputs: [input, whole(...sizes)], outputs, attributes: { axis: { int: 0 } } })
      return outputs
    },
  }
}

/** The graph of what was built. */
export function graphOf(
  { nodes, constants }: GraphBuilder,
  name: string,
  ports: Pick<Graph, 'inputs' | 'outputs'>,
): Graph {
  return { name, nodes, constants, ...ports }
}
