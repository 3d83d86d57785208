/** One value of a line in columns, with the signs beside it: `@ ` before a price, `(` and `)` around a share. */
export interface Cell {
  /** Empty when the line has nothing there. */
  value: string
  before?: string
  after?: string
}

/** A column; amounts stand at its right edge. */
export interface Column {
  head: string
  isAmount?: true
}

/**
 * The lines of a list, cell by cell. The text of its reply has the same lines (`linesIn`), so nothing is lost where people see no
 * columns.
 */
export interface Columns {
  columns: Column[]
  /** A cell for each column. */
  rows: Cell[][]
}

/** A cell; empty without a value. */
export function cell(value: string | undefined, before = '', after = ''): Cell {
  return { value: value ?? '', ...(before && { before }), ...(after && { after }) }
}

/** The lines as plain text. */
export function linesIn({ rows }: Columns): string[] {
  return rows.map(lineOf)
}

/** A text around the lines of its columns. A part is empty when nothing stands there. */
export interface Parted {
  above: string
  columns: Columns
  below: string
}

/**
 * Parts the text of a reply at its columns. Undefined when it has none, or a single line, for which columns say nothing more; and
 * when the text does not have the lines.
 */
export function partedAtColumns({ text, columns }: { text: string; columns?: Columns }): Parted | undefined {
  if (!columns || columns.rows.length < 2) return undefined
  const lines = linesIn(columns).join('\n')
  const at = `\n${text}\n`.indexOf(`\n${lines}\n`)
  if (at < 0) return undefined
  return { above: text.slice(0, Math.max(0, at - 1)), columns: used(columns), below: text.slice(at + lines.length + 1) }
}

/** Without the columns in which no line has anything. */
function used({ columns, rows }: Columns): Columns {
  const isUsed = columns.map((_, at) => rows.some((row) => row[at]?.value))
  return {
    columns: columns.filter((_, at) => isUsed[at]),
    rows: rows.map((row) => row.filter((_, at) => isUsed[at])),
  }
}

/** The fewest columns beside each other that are worth it. */
const fewest = 3

/**
 * The lines for a monospaced font, with the same words in the same order: only spaces are added. A line that is longer than
 * `width` characters goes on in an indented one, in all rows from the same column on. Undefined when few columns would be left.
 */
export function aligned({ columns, rows }: Columns, width: number): string[] | undefined {
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => lengthOf(textOf(row[at]!)))))
  const ends = widths.map((_, at) => widths.slice(0, at + 1).reduce((sum, one) => sum + one + 1, -1))
  const beside = ends.filter((end) => end <= width).length
  if (beside < Math.min(fewest, columns.length)) return undefined
  return rows.map((row) => {
    const line = row.slice(0, beside).map((one, at) => padded(one, widths[at]!, columns[at]!.isAmount))
    const rest = lineOf(row.slice(beside))
    return [line.join(' ').trimEnd(), ...(rest ? [`    ${rest}`] : [])].join('\n')
  })
}

function lineOf(row: Cell[]): string {
  return row
    .map(textOf)
    .filter((text) => text !== '')
    .join(' ')
}

function textOf({ value, before = '', after = '' }: Cell): string {
  return value === '' ? '' : `${before}${value}${after}`
}

/** Spaces stand behind a word, and before an amount with the bracket around it. */
function padded(one: Cell, width: number, isAmount: true | undefined): string {
  const text = textOf(one)
  const spaces = ' '.repeat(width - lengthOf(text))
  if (!isAmount || text === '') return text + spaces
  const words = (one.before ?? '').lastIndexOf(' ') + 1
  return text.slice(0, words) + spaces + text.slice(words)
}

const lengthOf = (text: string) => [...text].length
