import { parse } from 'csv-parse/sync'

/** The trimmed cells of a CSV, line by line; an empty line is one empty cell. Reads any text, well-formed or not. */
export function readCells(text: string): string[][] {
  const options = { bom: true, relax_column_count: true, relax_quotes: true, trim: true }
  try {
    return parse(text, options)
  } catch {
    // A quote that is never closed swallows the rest of the file. Without quoting it spoils only its own line.
    return parse(text, { ...options, quote: false })
  }
}
