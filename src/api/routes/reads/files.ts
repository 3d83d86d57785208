import { WithHeaders } from '../context.ts'

/** An answer that browsers keep as a file. */
export function asFile(name: string, text: string): WithHeaders<string> {
  return new WithHeaders(text, { 'content-disposition': `attachment; filename="${name}"` })
}

/** JSON lines. */
export const linesOf = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')
