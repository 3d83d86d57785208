import { z } from 'zod'

/** The states of a run. */
export const state = z.enum([
  'queued',
  'starting',
  'running',
  'completing',
  'completed',
  'cancelling',
  'cancelled',
  'error',
])

/** Where else the end of a run is told. */
export const notifyOnCompletion = z
  .union([
    z.boolean(),
    z.strictObject({
      dm: z.boolean().optional(),
      webhook: z.url().max(500).optional(),
      email: z.boolean().optional(),
    }),
  ])
  .meta({
    description:
      'true: a direct message. A webhook gets a signed POST, and the confirmed address of the member a mail, where the operator allows it',
  })
/** The name of a screener, or one of its aliases. */
export const code = z.string().min(1).max(40)
/** Parameters by their names. */
export const given = z.record(z.string().max(40), z.unknown())
