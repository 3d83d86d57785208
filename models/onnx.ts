/** A constant of a model. */
export interface Tensor {
  name: string
  dims: number[]
  data: Float32Array | Int8Array | BigInt64Array | string[]
}

/** An attribute of an operation: a whole number, a fraction, or a graph that it runs, as `Scan` does with each step. */
export type Attribute = { int: number } | { float: number } | { graph: Graph }

/** An operation of the standard ONNX operator set. */
export interface Node {
  type: string
  inputs: string[]
  outputs: string[]
  attributes?: Record<string, Attribute>
}

/** An input or output. A dimension is a size, or a name when it differs from call to call. */
export interface Port {
  name: string
  type: keyof typeof types
  dims: (number | string)[]
}

/** A model: the parts of ONNX that it needs. */
export interface Graph {
  name: string
  nodes: Node[]
  constants: Tensor[]
  inputs: Port[]
  outputs: Port[]
}

const types = { float: 1, int8: 3, int64: 7, string: 8 }
const attributeTypes = { float: 1, int: 2, graph: 5 }
const opset = 18
const irVersion = 9

/**
 * The bytes of an ONNX file (protobuf, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto); the same graph gives the same
 * bytes.
 */
export function onnxFile(graph: Graph): Uint8Array {
  return Buffer.concat([
    number(1, irVersion),
    text(2, 'deskhand'),
    message(7, graphFields(graph)),
    message(8, [number(2, opset)]),
  ])
}

function graphFields({ name, nodes, constants, inputs, outputs }: Graph): Uint8Array[] {
  return [
    ...nodes.map(({ type, inputs, outputs, attributes = {} }) =>
      message(1, [
        ...inputs.map((one) => text(1, one)),
        ...outputs.map((one) => text(2, one)),
        text(4, type),
        ...Object.entries(attributes).map(([name, value]) => message(5, attributeFields(name, value))),
      ]),
    ),
    text(2, name),
    ...constants.map((tensor) => message(5, tensorFields(tensor))),
    ...inputs.map((port) => message(11, portFields(port))),
    ...outputs.map((port) => message(12, portFields(port))),
  ]
}

function attributeFields(name: string, value: Attribute): Uint8Array[] {
  if ('int' in value) return [text(1, name), number(3, value.int), number(20, attributeTypes.int)]
  if ('graph' in value) return [text(1, name), message(6, graphFields(value.graph)), number(20, attributeTypes.graph)]
  const fraction = Buffer.alloc(4)
  fraction.writeFloatLE(value.float)
  return [text(1, name), Buffer.concat([varint(2 * 8 + 5), fraction]), number(20, attributeTypes.float)]
}

function tensorFields({ name, dims, data }: Tensor): Uint8Array[] {
  const shape = dims.map((dim) => number(1, dim))
  if (Array.isArray(data)) return [...shape, number(2, types.string), ...data.map((one) => text(6, one)), text(8, name)]
  const type = data instanceof Int8Array ? types.int8 : data instanceof BigInt64Array ? types.int64 : types.float
  return [
    ...shape,
    number(2, type),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]
}

function portFields({ name, type, dims }: Port): Uint8Array[] {
  const shape = dims.map((dim) => message(1, [typeof dim === 'number' ? number(1, dim) : text(2, dim)]))
  return [text(1, name), message(2, [message(1, [number(1, types[type]), message(2, shape)])])]
}

function varint(value: number): Uint8Array {
  const out: number[] = []
  let rest = value
  while (rest > 127) {
    out.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Uint8Array.from([...out, rest])
}

const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field: number, value: Uint8Array) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value])
const text = (field: number, value: string) => bytes(field, Buffer.from(value, 'utf8'))
const message = (field: number, parts: Uint8Array[]) => bytes(field, Buffer.concat(parts))
