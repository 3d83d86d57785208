/** A constant of an ONNX file. */
export interface OnnxConstant {
  dims: number[]
  data: Float32Array | string[]
}

/** The data types that are read: floats and texts. */
const types = { float: 1, string: 8 }

/**
 * The constants of an ONNX file by their names (protobuf, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): those of floats as raw
 * data and of texts. Constants of other types are left out. Throws when the bytes are no protobuf.
 */
export function onnxConstants(file: Uint8Array): Map<string, OnnxConstant> {
  const found = new Map<string, OnnxConstant>()
  for (const graph of fieldsOf(file, 7))
    for (const tensor of fieldsOf(graph, 5)) {
      const [name, constant] = constantOf(tensor)
      if (constant) found.set(name, constant)
    }
  return found
}

function constantOf(tensor: Uint8Array): [string, OnnxConstant | undefined] {
  const dims: number[] = []
  const texts: string[] = []
  let [type, name] = [0, '']
  let raw: Uint8Array | undefined
  for (const { field, number, bytes } of read(tensor)) {
    if (field === 1) dims.push(number!)
    if (field === 2) type = number!
    if (field === 6) texts.push(Buffer.from(bytes!).toString('utf8'))
    if (field === 8) name = Buffer.from(bytes!).toString('utf8')
    if (field === 9) raw = bytes
  }
  if (type === types.string) return [name, { dims, data: texts }]
  // A copy, because floats need an address that is a multiple of four.
  return [name, type === types.float && raw ? { dims, data: new Float32Array(Uint8Array.from(raw).buffer) } : undefined]
}

const fieldsOf = (message: Uint8Array, wanted: number) =>
  [...read(message)].flatMap(({ field, bytes }) => (field === wanted && bytes ? [bytes] : []))

function* read(message: Uint8Array): Generator<{ field: number; number?: number; bytes?: Uint8Array }> {
  let at = 0
  const varint = () => {
    let value = 0
    for (let power = 1; ; power *= 128) {
      const byte = message[at++]
      if (byte === undefined) throw new Error('an ONNX file ends in the middle of a number')
      value += (byte & 127) * power
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const [field, wire] = [Math.floor(tag / 8), tag % 8]
    if (wire === 0) yield { field, number: varint() }
    else if (wire === 2) {
      const length = varint()
      if (at + length > message.length) throw new Error('an ONNX file ends in the middle of a field')
      yield { field, bytes: message.subarray(at, at + length) }
      at += length
    } else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else throw new Error(`an ONNX file has a field of the kind ${wire}`)
  }
}
