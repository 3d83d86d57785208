/**
 * Does the result of a statement have all columns of some table, so that it changes with the table? Stars in subqueries
 * and in `with` count for nothing: what is taken of those is named outside, or starred there again.
 */
export function showsAllColumns(text: string): boolean {
  return /(?:\b(?:select|all|distinct|returning)|[.,])\s*\*/i.test(outermost(text))
}

/** The text without what stands in parentheses, quotes or comments. */
function outermost(text: string): string {
  let depth = 0
  let kept = ''
  for (const [piece] of text.matchAll(/'(?:[^']|'')*'|--[^\n]*|"[^"]*"|[()]|[^()'"-]+|-/g)) {
    if (piece === '(') depth += 1
    else if (piece === ')') depth -= 1
    else if (depth === 0 && !piece.startsWith("'") && !piece.startsWith('--')) kept += piece
  }
  return kept
}
