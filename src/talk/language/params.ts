import { nearestSpeed } from '../../trading/scaleouts/rules/own-plan.ts'
import type { Classification } from './classify.ts'
import { acts } from './classify.ts'
import { lengthMsIn } from './scaleout-terms.ts'
import type { Given } from './slots.ts'
import { takenBy } from './understand.ts'

/** One output line of `npm run -s classify`. */
export interface Line {
  text: string
  layer: Classification['layer']
  /** The name of the command with `-` for spaces, or `none`. */
  command: string
  /** The slots that were found. Numbers are plain decimals. */
  params: Record<string, string>
  /** From 0 to 1. */
  confidence: number
  /** Would it run without a question? */
  acts: boolean
}

/** Converts the classification of a message into an output line. */
export function lineOf(text: string, classified: Classification): Line {
  const { layer, understood, confidence } = classified
  if (!understood || classified.verdict === 'nothing')
    return { text, layer: 'none', command: 'none', params: {}, confidence: rounded(confidence), acts: false }
  const { registered, given } = understood
  const command = registered.name.replaceAll(' ', '-')
  const taken = takenBy(registered)
  const fitting = Object.fromEntries(Object.entries(given).filter(([name]) => taken.has(name)))
  const params = paramsOf(registered.name, fitting)
  return { text, layer, command, params, confidence: rounded(confidence), acts: acts(classified) }
}

const rounded = (share: number) => Math.round(share * 10_000) / 10_000

const names =
  'symbol symbols quantity dollars leave except fraction price percent speed side deadline time stop target length chunks floor cap'.split(
    ' ',
  )
/** The slots of levels that an order brings along, by the name that they are shown under. */
const brought: Record<string, string> = { stop: 'stopLoss', target: 'takeProfit' }
/** Commands whose number is an order, a task or a count, and no size. */
const counting = new Set(['move', 'cancel', 'task', 'watch', 'history', 'guardian', 'confirm'])
const sides: Record<string, string> = { trim: 'sell', add: 'buy', 'close all': 'close' }

function paramsOf(command: string, given: Given): Record<string, string> {
  const { rest: _, above, below, reach, ...said } = given
  const params: Record<string, string> = {}
  const price = said.price ?? above ?? below ?? reach
  for (const name of names) {
    const value = name === 'price' ? price : (said[name] ?? said[brought[name] ?? ''])
    if (value !== undefined) params[name] = plainly(name, value)
  }
  // Readers that know no lengths read the nearest speed.
  if (params.length !== undefined) params.speed ??= nearestSpeed(lengthMsIn(params.length))
  if (command === 'price-alert' && params.price === undefined && params.quantity !== undefined)
    params.price = params.quantity
  if (counting.has(command) || command === 'price-alert') delete params.quantity
  if (counting.has(command) || command === 'close all') delete params.fraction
  // A close without a share is one of everything.
  const isClose = command === 'close' || (command === 'schedule' && params.side === 'close')
  if (isClose && params.fraction === '1') delete params.fraction
  return params
}

function plainly(name: string, value: string): string {
  if (name === 'fraction') return decimalOf(value)
  if (name === 'side') return sides[value] ?? value
  if (name === 'stop' || name === 'target') return value.replace('%', '')
  // The slot may also contain a day and a zone.
  if (name === 'time' || name === 'deadline')
    return /\d\d:\d\d/.exec(value)?.[0] ?? value.replace(/^\w+day |^tomorrow /, '')
  return value
}

/** `1/3` is 0.3333. */
function decimalOf(fraction: string): string {
  const [over = '', under = '1'] = fraction.split('/')
  return String(Math.round((Number(over) / Number(under)) * 10_000) / 10_000)
}
