import { z } from 'zod'
import { Big } from '../../base/amounts.ts'

/**
 * What a flow has shown, kept between its questions: whose it is, and the version of its shape. Each flow defines its own
 * schema; the version goes up when the meaning of a field changes.
 */
export interface FlowState {
  flow: string
  v: number
}

/** An amount that a flow keeps: a decimal string in JSON, a `Big` in code. */
export const keptAmount = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform((digits) => new Big(digits))
