import { z } from 'zod'
import { Big } from '../../base/amounts.ts'

/**
 * The state that a flow has shown, kept between its questions: the name of the flow, and the version of its shape. Each flow
 * defines its own schema. Increase the version when the meaning of a field changes.
 */
export interface FlowState {
  flow: string
  v: number
}

/** A stored amount of a flow: a decimal string in JSON, a `Big` in code. */
export const keptAmount = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform((digits) => new Big(digits))
