import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** A headline with the sign that a person gave it: bad news, none, or good news for the stock. */
export interface Headline {
  text: string
  sign: -1 | 0 | 1
}

/** The headlines of a file beside this one; undefined when it is not there. */
export function headlinesOf(file: string): Headline[] | undefined {
  const at = path.join(import.meta.dirname, file)
  if (!existsSync(at)) return undefined
  const lines = readFileSync(at, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Headline)
}
