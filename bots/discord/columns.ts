import { aligned, type Columns } from '../../src/talk/chat/columns.ts'
import { limits } from './limits.ts'
import { sendable } from './literal.ts'
import { split } from './split.ts'

const [opening, closing] = ['```\n', '\n```']

/**
 * A list as code blocks with aligned columns, each within a message. They have the words of the lines, so that notifications,
 * search and screen readers lose nothing. Undefined when the columns do not fit, or would end the block.
 */
export function codeBlocks(columns: Columns): string[] | undefined {
  const text = aligned(columns, limits.columnsWidth)?.map(sendable).join('\n')
  if (text === undefined || text.includes('`')) return undefined
  const most = limits.content - opening.length - closing.length
  return split(text, most, (part) => part.length).map((part) => `${opening}${part.trimEnd()}${closing}`)
}
