/** The meaning of a typed symbol: the one that is meant, those that may be meant, or none. */
export type Meant = { symbol: string } | { suggestions: { symbol: string; name: string }[] } | { none: true }

/** A text that may be a symbol; a market may know more of them than it lists. */
const shape = /^[A-Z0-9.\-/_^=]{1,32}$/

/** Reads a typed symbol, given the instruments whose symbols or names contain the text. */
export function symbolMeant(typed: string, found: readonly { symbol: string; name: string }[]): Meant {
  const text = typed.trim().toUpperCase()
  if (found.some(({ symbol }) => symbol.toUpperCase() === text)) return { symbol: text }
  if (found.length === 1) return { symbol: found[0]!.symbol }
  if (found.length > 1) return { suggestions: found.slice(0, 6) }
  return shape.test(text) ? { symbol: text } : { none: true }
}
