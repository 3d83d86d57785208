/**
 * Does a statement return all columns of some table, so that its result changes with the table? Stars in subqueries and in
 * `with` do not count: the outer statement names their columns, or has a star of its own.
 */
export function showsAllColumns(text: string): boolean {
  return /(?:\b(?:select|all|distinct|returning)|[.,])\s*\*/i.test(outermost(text))
}

/** The text without parentheses, quotes and comments. */
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
