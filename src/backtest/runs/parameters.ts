import { z } from 'zod'
import { tickersUpTo } from '../../strategies/screeners/parameters.ts'
import type { BacktestStrategy } from '../engine/port.ts'
import { type NumberSetting, numberSettings } from '../settings.ts'

/** The most symbols of a run in the desk: their bars are in memory at once. */
export const mostSymbols = 100

const takes = 'a day such as 2005-01-03, a month such as 2005-01, or a year'

/** A day, or the first or last one of a month or a year. */
const day = (end: 'first' | 'last', description: string, also = '') =>
  z
    .string()
    .refine((text) => daySaid(text, end) !== undefined || (also !== '' && spanOf(text) !== undefined), 'not a day')
    .transform((text) => daySaid(text, end) ?? text)
    .optional()
    .meta({ description, takes: `${takes}${also}` })

/** The day that a text names, or the first or last one of its month or year: `2004`; undefined when it names none. */
export function daySaid(text: string, end: 'first' | 'last'): string | undefined {
  const [, year, month, own] = /^((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text.trim()) ?? []
  if (year === undefined) return undefined
  const inMonth = month ?? (end === 'first' ? '01' : '12')
  // Day 0 of the next month is the last of this one.
  const lastOfMonth = new Date(Date.UTC(Number(year), Number(inMonth), 0)).getUTCDate()
  const inDay = own ?? (end === 'first' ? '01' : String(lastOfMonth).padStart(2, '0'))
  const isDay = Number(inMonth) >= 1 && Number(inMonth) <= 12 && Number(inDay) >= 1 && Number(inDay) <= lastOfMonth
  return isDay ? `${year}-${inMonth}-${inDay}` : undefined
}

/** A span before the last day: `3y`, `18m`, `90d`; undefined for other texts. */
export function spanOf(text: string): { count: number; unit: 'y' | 'm' | 'd' } | undefined {
  const [, count, unit] = /^(\d{1,4})([ymd])$/.exec(text.trim()) ?? []
  return unit === undefined || Number(count) === 0 ? undefined : { count: Number(count), unit: unit as 'y' | 'm' | 'd' }
}

/** The first day of a run that ends on a day; `from` is a day or a span before that. */
export function firstDay(from: string | undefined, last: string): string | undefined {
  const span = from === undefined ? undefined : spanOf(from)
  if (!span) return from
  const { count, unit } = span
  const at = new Date(`${last}T00:00:00Z`)
  if (unit === 'd') at.setUTCDate(at.getUTCDate() - count)
  else {
    const date = at.getUTCDate()
    at.setUTCDate(1)
    at.setUTCMonth(at.getUTCMonth() - (unit === 'y' ? 12 * count : count))
    const lastOfMonth = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    at.setUTCDate(Math.min(date, lastOfMonth))
  }
  return at.toISOString().slice(0, 10)
}

const names = Object.keys(numberSettings) as NumberSetting[]

/** The name of a setting among the parameters of a run: `max_order`. */
const parameterOf = (name: NumberSetting) => name.replace('-', '_')

const numbers = Object.fromEntries(
  names.map((name) => {
    const { help, value, number } = numberSettings[name]
    const description = `${help}, in ${value.toLowerCase()}`
    return [
      parameterOf(name),
      z.number().min(number.least).max(number.most).default(number.usual).meta({ description }),
    ]
  }),
)

/** All parameters of a run of a strategy: its own, its symbols, its days, its money and its costs. */
export function runParameters({ parameters }: Pick<BacktestStrategy, 'parameters'>): z.ZodObject {
  return z.object({
    tickers: tickersUpTo(mostSymbols).meta({ description: `Symbols, at most ${mostSymbols}` }),
    ...parameters.shape,
    from: day(
      'first',
      'The first day; earlier bars only feed the averages',
      ', or a span before the last day such as 3y',
    ),
    to: day('last', 'The last day'),
    ...numbers,
  })
}

/** The parameters of a run, as its row has them, by whom they are for. */
export function partsOf(
  { parameters: { shape } }: Pick<BacktestStrategy, 'parameters'>,
  given: Record<string, unknown>,
) {
  const own = Object.fromEntries(Object.keys(shape).map((name) => [name, given[name]]))
  const settings = names.map((name) => [name, Number(given[parameterOf(name)] ?? numberSettings[name].number.usual)])
  return {
    own,
    numbers: Object.fromEntries(settings) as Record<NumberSetting, number>,
    from: given.from as string | undefined,
    to: given.to as string | undefined,
  }
}
