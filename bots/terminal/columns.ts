import { aligned, partedAtColumns } from '../../src/talk/chat/columns.ts'
import type { Reply } from '../../src/talk/chat/reply.ts'

/** An output with a width in characters; a pipe or a file reports none. */
export interface Sized {
  columns?: number
}

/** The text of a reply with its list in columns, where they fit. */
export function inColumns(reply: Pick<Reply, 'text' | 'columns'>, output: Sized): string {
  const parted = partedAtColumns(reply)
  const lines = parted && aligned(parted.columns, output.columns ?? Number.POSITIVE_INFINITY)
  if (!lines) return reply.text
  return [parted.above, ...lines, parted.below].filter((part) => part !== '').join('\n')
}
