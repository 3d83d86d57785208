import { Refusal } from '../../../base/refusal.ts'
import type { Runnable } from '../../../strategies/runs/kind.ts'
import { rangeOf, readParameters } from '../../../strategies/runs/parameters.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, enter } from '../command.ts'

/** Words that were read whole; the parameters are still as typed. */
export interface Asked {
  strategy: Pick<Runnable, 'name' | 'parameters' | 'refuses'>
  typed: Record<string, unknown>
  /** The words, for the next question of the flow. */
  text: string
}

/** Parameters that were read by their schema, defaults filled in. */
export interface Parameters {
  values: Record<string, unknown>
}

/**
 * The parameters of a screen, with the answers so far. A value out of its range is asked for again, and the answer goes on with the
 * rest as typed.
 */
export function parametersOf(read: Asked, given: Given): Parameters | Ask | Refusal {
  const corrected = correctionsIn(given)
  const values = readParameters(read.strategy, { ...read.typed, ...corrected })
  if (!(values instanceof Refusal)) return { values }
  return askFor(read, values, corrected) ?? values
}

/** Asks for another value of the parameter that a refusal is about; undefined when it is about none. */
export function askFor(read: Asked, refusal: Refusal, corrected: Record<string, string>): Ask | undefined {
  const { field } = refusal
  const range = field === undefined ? undefined : rangeOf(read.strategy, field)
  // An empty watchlist is no wrong word.
  if (field === undefined || range === undefined || refusal.code === 'EMPTY_UNIVERSE') return undefined
  const why = refusal.text.split('\n')[0]!.replace(' Nothing was started.', '')
  // A list is known by its name alone, so its names are the range.
  const takes = refusal.code === 'NO_SUCH_LIST' && refusal.instead !== undefined ? refusal.instead : `It takes ${range}`
  const text = `${why}\n❓ Which \`${field}\`? ${takes}.\n💡 Reply with a value, or \`never mind\``
  const kept = { rest: read.text, field, corrected: JSON.stringify(corrected) }
  return enter('value', /^a (whole )?number/.test(range) ? 'number' : 'text', `Which ${field}?`, text, kept)
}

/** The values that were answered, by parameter: earlier ones, and the last. */
export function correctionsIn({ field, value, corrected }: Given): Record<string, string> {
  const before = corrected === undefined ? {} : (JSON.parse(corrected) as Record<string, string>)
  return field === undefined || value === undefined ? before : { ...before, [field]: value.trim().replace(/^=\s*/, '') }
}
