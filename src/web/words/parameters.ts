import type { Strategy } from '../../api/contract/strategies.ts'

/** A parameter of a screener, as a field of a form. */
export interface Parameter {
  name: string
  /** `Min score`. */
  label: string
  description: string
  kind: 'number' | 'integer' | 'string' | 'boolean' | 'array'
  /** The values of a choice. */
  choices?: string[]
  least?: number
  most?: number
  /** The values in words, where type and bounds do not say them. */
  takes?: string
  /** Its value unless one is given, as text. */
  usual?: string
}

/** The parts of JSON Schema that parameters have. */
interface Schema {
  type?: string
  enum?: unknown[]
  minimum?: number
  maximum?: number
  default?: unknown
  description?: string
  /** The values in words. */
  takes?: string
}

/** The parameters of a screener, in the order of its schema. */
export function parametersOf({ parameters }: Pick<Strategy, 'parameters'>): Parameter[] {
  const properties = (parameters.properties ?? {}) as Record<string, Schema>
  return Object.entries(properties).map(([name, { type = 'string', enum: choices, ...schema }]) => ({
    name,
    label: labelOf(name),
    description: (schema.description ?? '').replaceAll('`', ''),
    kind: type as Parameter['kind'],
    choices: type === 'boolean' ? ['true', 'false'] : choices?.map(String),
    // A schema of whole numbers names the largest safe ones as its bounds.
    least: isSaid(schema.minimum) ? schema.minimum : undefined,
    most: isSaid(schema.maximum) ? schema.maximum : undefined,
    takes: schema.takes,
    usual: schema.default === undefined ? undefined : String(schema.default),
  }))
}

const isSaid = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER

/** `min_score` as `Min score`. */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** The values that a parameter takes, in words; empty where any text may be typed. */
export function rangeOf({ kind, least, most, takes }: Parameter): string {
  if (takes !== undefined) return takes
  if (kind === 'array') return 'with commas between them'
  if (kind !== 'number' && kind !== 'integer') return ''
  const number = kind === 'integer' ? 'a whole number' : 'a number'
  if (least !== undefined && most !== undefined) return `${number} from ${least} to ${most}`
  if (least !== undefined) return `${number} of at least ${least}`
  return most === undefined ? number : `${number} of at most ${most}`
}
