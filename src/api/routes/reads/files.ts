import { WithHeaders } from '../context.ts'

/** An answer that browsers keep as a file. */
export function asFile(name: string, text: string): WithHeaders<string> {
  return new WithHeaders(text, { 'content-disposition': `attachment; filename="${name}"` })
}

/** JSON lines. */
export const linesOf = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')

/** A table with commas, with the names of its columns in the first line. */
export function tableOf(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [names, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/** A cell of a table. Programs would take a text that begins like a formula for one, so it gets an apostrophe; a number stays. */
function cell(value: unknown): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text)
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
