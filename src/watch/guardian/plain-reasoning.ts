const longestReasoning = 300

/** Reduces a model's text to one plain line without control characters, direction marks or links, 300 characters at most. */
export function plainReasoning(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, '(link)')
    .trim()
  return line.length > longestReasoning ? `${line.slice(0, longestReasoning - 1).trimEnd()}…` : line
}
