import { type GraphBuilder, graphOf } from './graph-builder.ts'
import { onnxFile, type Port } from './onnx.ts'

/** A training that is one graph. */
export interface TrainingScan {
  weights: number
  /** The inputs of a step beside the weights: `x` of the step is `xs` of the file, with a dimension of steps before its own. */
  scanned: readonly (readonly [name: string, dims: Port['dims']])[]
  /** One step: it gives `weightsNext`, `slopesNext`, `squaresNext`, and what it tells. */
  step: GraphBuilder
  /** Numbers that each step tells: `loss` of the step is `losses` of the file, by these two names. */
  told: readonly (readonly [one: string, all: string])[]
}

/** An input or output of floats. */
export const port = (name: string, dims: Port['dims']): Port => ({ name, type: 'float', dims })

/**
 * A training as an ONNX file: as many steps as its inputs have, one after the other in a `Scan`. Weights, slopes and squares are flat lists,
 * with `Before` in the names of the inputs and `After` in those of the outputs.
 */
export function trainingScan({ weights, scanned, step, told }: TrainingScan): Uint8Array {
  const state = (suffix: string) => ['weights', 'slopes', 'squares'].map((name) => port(`${name}${suffix}`, [weights]))
  const body = graphOf(step, 'step', {
    inputs: [...state(''), ...scanned.map(([name, dims]) => port(name, dims))],
    outputs: [...state('Next'), ...told.map(([one]) => port(one, []))],
  })
  const inputs = [...state('Before'), ...scanned.map(([name, dims]) => port(`${name}s`, ['steps', ...dims]))]
  const outputs = [...state('After'), ...told.map(([, all]) => port(all, ['steps']))]
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
