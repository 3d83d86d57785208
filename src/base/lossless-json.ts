/** The third argument of a reviver of `JSON.parse`: the text of a value as it was written. */
type Revive = (key: string, value: unknown, context: { source?: string }) => unknown

const keepDigits: Revive = (_, value, { source }) => (typeof value === 'number' ? (source ?? String(value)) : value)

/** Parses JSON with every number as the text in which it was written, so that 18 digits stay 18 digits. Throws as `JSON.parse` does. */
export function parseLossless(text: string): unknown {
  return (JSON.parse as (text: string, revive: Revive) => unknown)(text, keepDigits)
}
