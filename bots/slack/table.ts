import type { types } from '@slack/bolt'
import { type Columns, linesIn, type Parted } from '../../src/talk/chat/columns.ts'
import { limits } from './limits.ts'
import { escapeText, sendable, splitText } from './text.ts'

/** A piece of a message: plain text, with its table when it is a list in columns. */
export interface Piece {
  text: string
  table?: types.TableBlock
}

/**
 * The pieces of a text with a list in columns, put together to messages within Slack's limits: no more than one table in each, whose
 * lines are the piece's text.
 */
export function messagesOf({ above, columns, below }: Parted): Piece[][] {
  const texts = (text: string) =>
    text === '' ? [] : splitText(text, limits.sectionText).map((part) => ({ text: part }))
  const messages: Piece[][] = []
  for (const piece of [...texts(above), ...tablesOf(columns), ...texts(below)]) {
    const last = messages.at(-1)
    if (last && fits([...last, piece])) last.push(piece)
    else messages.push([piece])
  }
  return messages
}

/** The text of a message. */
export const textOf = (pieces: Piece[]) => pieces.map(({ text }) => text).join('\n')

function fits(pieces: Piece[]): boolean {
  const tables = pieces.filter(({ table }) => table)
  return tables.length <= 1 && escapeText(textOf(pieces)).length <= limits.sectionText
}

function tablesOf(columns: Columns): Piece[] {
  const slices: Columns[] = []
  for (const row of columns.rows) {
    const last = slices.at(-1)
    const longer = last && { ...last, rows: [...last.rows, row] }
    if (longer && longer.rows.length < limits.tableRows && fits([{ text: linesIn(longer).join('\n') }]))
      slices.splice(-1, 1, longer)
    else slices.push({ ...columns, rows: [row] })
  }
  return slices.map((slice) => ({ text: linesIn(slice).join('\n'), table: tableOf(slice) }))
}

/** A table below its heads. Slack shows `raw_text` as it is, and takes no empty cell. */
function tableOf({ columns, rows }: Columns): types.TableBlock {
  const cellOf = (text: string) => ({ type: 'raw_text' as const, text: text === '' ? ' ' : sendable(text) })
  return {
    type: 'table',
    column_settings: columns.map(({ isAmount }) => ({ align: isAmount ? ('right' as const) : ('left' as const) })),
    rows: [columns.map(({ head }) => cellOf(head)), ...rows.map((row) => row.map(({ value }) => cellOf(value)))],
  }
}
