const longestReasoning = 300

/** What a model said, as one line that cannot look like anything else: no control characters, marks of direction or links. */
export function plainReasoning(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, '(link)')
    .trim()
  return line.length > longestReasoning ? `${line.slice(0, longestReasoning - 1).trimEnd()}…` : line
}
