import { z } from 'zod'
import { Big } from '../../base/amounts.ts'

/** A number as a text, or as JSON wrote it. */
export const amount = z.string().transform((text, context) => {
  try {
    return new Big(text.replaceAll(',', ''))
  } catch {
    context.addIssue({ code: 'custom', message: 'is not an amount' })
    return z.NEVER
  }
})

/** A field that may be absent or null; then it is undefined. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined)

/** A moment in the text of a date. */
export const time = z.string().transform((text, context) => {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  context.addIssue({ code: 'custom', message: 'is not a time' })
  return z.NEVER
})

/** A text that may be absent, null or empty; then it is undefined. */
export const blankIsNone = maybe(z.string()).transform((text) => (text === '' ? undefined : text))
