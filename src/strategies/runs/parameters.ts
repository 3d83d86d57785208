import { z } from 'zod'
import { Refusal } from '../../base/refusal.ts'
import type { Runnable } from './kind.ts'

/** The longest part of a value that a sentence repeats. */
const longestShown = 40

/**
 * Reads the parameters of a strategy by its schema, and fills in the defaults. Values may come as words from chat: `60`, `AMD,NVDA`.
 * Names are taken in any letter case, with `-` for `_`. The refusal names the first wrong one and its range, and has the others beside it.
 */
export function readParameters(
  strategy: Pick<Runnable, 'name' | 'parameters' | 'refuses'>,
  given: Record<string, unknown>,
): Record<string, unknown> | Refusal {
  const kinds = kindsOf(strategy)
  const read: Record<string, unknown> = {}
  const wrong: Refusal[] = []
  for (const [typed, value] of Object.entries(given)) {
    const name = parameterNamed(typed)
    const kind = kinds.get(name)
    if (!kind) wrong.push(unknownParameter(strategy.name, typed, [...kinds.keys()]))
    else if (value !== undefined && value !== null)
      read[name] = typeof value === 'string' ? fromWords(value, kind) : value
  }
  const parsed = strategy.parameters.strict().safeParse(read)
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')))
    wrong.push(...[...names].map((name) => wrongValue(name, read[name], kinds.get(name))))
  }
  if (!parsed.success || wrong.length > 0) return together(wrong)
  const refused = strategy.refuses?.(parsed.data)
  if (refused !== undefined) return new Refusal('WRONG_PARAMETER', `${refused} Nothing was started.`)
  return withSourceOfFile(parsed.data, read.universe_source)
}

/** The name of a parameter as it was typed: `Min-Score` is `min_score`. */
export const parameterNamed = (typed: string): string => typed.toLowerCase().replaceAll('-', '_')

/** One refusal of all that is wrong: the first, with the others beside it. */
export function together([first, ...also]: readonly Refusal[]): Refusal {
  const { code, sentence, instead, field } = first!
  return new Refusal(code, sentence, instead, { field, also })
}

function unknownParameter(strategy: string, typed: string, known: string[]): Refusal {
  const sentence = `${strategy} has no parameter \`${shown(typed)}\`. Nothing was started.`
  return new Refusal('WRONG_PARAMETER', sentence, `It has ${known.join(', ')}`, { field: shown(typed) })
}

/** A list that is named is the universe, and no other may be named beside it. Tickers go before all sources. */
function withSourceOfFile(values: Record<string, unknown>, source: unknown): Record<string, unknown> | Refusal {
  if (values.file === undefined || values.tickers !== undefined || source === 'file') return values
  if (source === undefined) return { ...values, universe_source: 'file' }
  const sentence = `\`file\` names a list, and \`universe_source\` is ${shown(source)}. Nothing was started.`
  return new Refusal('WRONG_PARAMETER', sentence, 'Say one of them', { field: 'file' })
}

/** The values that a parameter takes, in words: `a number from 0 to 100`; undefined when there is no such parameter. */
export function rangeOf(strategy: Pick<Runnable, 'parameters'>, name: string): string | undefined {
  const kind = kindsOf(strategy).get(name)
  return kind && rangeText(kind)
}

function wrongValue(name: string, value: unknown, kind: Kind | undefined): Refusal {
  const range = kind && rangeText(kind)
  const text = value === undefined ? '' : shown(value)
  const said = text === '' ? ' There was no value.' : ` \`${text}\` is not that.`
  const sentence = `\`${name}\` takes ${range ?? 'another value'}.${said} Nothing was started.`
  return new Refusal('WRONG_PARAMETER', sentence, kind?.description, { field: name })
}

/** A parameter as JSON Schema describes it. */
interface Kind {
  type?: string
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  maxLength?: number
  enum?: unknown[]
  description?: string
  /** The values in words, where type and bounds do not say them. */
  takes?: string
}

function kindsOf({ parameters }: Pick<Runnable, 'parameters'>): Map<string, Kind> {
  const schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Kind>
  }
  return new Map(Object.entries(schema.properties ?? {}))
}

function fromWords(text: string, { type, enum: choices }: Kind): unknown {
  const plain = text.trim()
  if (type === 'number' || type === 'integer') return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : plain
  if (type === 'boolean') return /^(yes|true|on)$/i.test(plain) || (/^(no|false|off)$/i.test(plain) ? false : plain)
  if (type === 'array') return plain.split(/[\s,;]+/).filter(Boolean)
  return choices?.find((choice) => String(choice).toLowerCase() === plain.toLowerCase()) ?? plain
}

function rangeText({ takes, type, minimum, maximum, enum: choices, minItems, maxItems }: Kind): string {
  if (takes !== undefined) return takes
  if (choices) return `one of ${choices.join(', ')}`
  if (type === 'array') return `${minItems ?? 0} to ${maxItems ?? 'any number of'} symbols, such as \`AMD,NVDA\``
  if (type === 'boolean') return 'yes or no'
  if (type !== 'number' && type !== 'integer') return 'a name'
  const number = type === 'integer' ? 'a whole number' : 'a number'
  // A schema of whole numbers names the largest safe ones as its bounds.
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  if (least !== undefined && most !== undefined) return `${number} from ${least} to ${most}`
  if (least !== undefined) return `${number} of at least ${least}`
  return most !== undefined ? `${number} of at most ${most}` : number
}

function shown(value: unknown): string {
  const text = (
    Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)
  )
    .replace(/[`\p{Cc}]+/gu, ' ')
    .trim()
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
