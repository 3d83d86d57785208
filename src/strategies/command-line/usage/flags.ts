import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

/** The flags and the other words of a command line. A flag without a value has an empty one. */
export interface FlagsAndWords {
  flags: Map<string, string>
  words: string[]
}

/**
 * Splits a command line. `own` are the program's flags, of which those with a `value` take one; `parameters` are flags of strategies,
 * which all do. Throws `UsageError`, for a flag that is not there with the sentence of `unknown`.
 */
export function splitFlags(
  args: readonly string[],
  own: Record<string, object>,
  parameters: readonly string[],
  unknown: (typed: string, names: readonly string[]) => string,
): FlagsAndWords {
  const takesValue = (name: string) => !(name in own) || 'value' in own[name]!
  const names = [...new Set([...Object.keys(own), ...parameters])]
  const { tokens } = parseArgs({
    args: args.map((arg) => (arg === '-h' ? '--help' : arg)),
    options: Object.fromEntries(
      names.map((name) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
    ),
    ...{ strict: false, allowPositionals: true, tokens: true },
  })
  const flags = new Map<string, string>()
  const words: string[] = []
  for (const token of tokens ?? []) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (!names.includes(name)) throw new UsageError(unknown(token.rawName, names))
    if (takesValue(name) && (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--')))) {
      throw new UsageError(`--${name} needs a value.`)
    }
    if (!takesValue(name) && value !== undefined) throw new UsageError(`--${name} takes no value.`)
    if (flags.has(name) && takesValue(name)) throw new UsageError(`--${name} is given twice. Give one value.`)
    flags.set(name, value ?? '')
  }
  return { flags, words }
}

/** Reads the day of a flag; undefined without one. Throws `UsageError`. */
export function dayOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
  if (!isDay) throw new UsageError(`--${flag} takes a day such as 2014-01-10. ${isNotThat(text)}`)
  return text
}

/** The end of a sentence about a wrong value. */
export const isNotThat = (value: string) => `“${value}” is not that.`
