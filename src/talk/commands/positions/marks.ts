import type { Marked } from '../../../trading/positions/marked.ts'

/** A note behind a sum that leaves out positions without a price; empty when all have one. */
export function unpriced(marked: Marked[]): string {
  return marked.some(({ unrealized }) => !unrealized) ? ' (without what has no price)' : ''
}
