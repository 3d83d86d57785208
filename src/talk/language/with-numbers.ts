import type { Given } from './given.ts'
import type { IntentPredictor } from './intent-model.ts'
import type { ReadNumber } from './number-model.ts'
import type { Handler } from './registry.ts'
import type { Joined } from './with-slots.ts'
import { fractionIn } from './words.ts'

/** Commands whose numbers the reader learned. */
const readsNumbers = new Set(
  'buy sell add trim close scaleout long short stop target trail bracket move schedule'.split(' '),
)

/** The least confidence of the reader in every number of a message. */
const sure = 0.9

/** The slots that hold a number with a role. */
const ofRoles = ['quantity', 'price', 'percent', 'fraction', 'stop', 'target', 'above', 'below', 'reach'] as const

/** Slots whose numbers have no role, so that the reader is not asked about an order with them. */
const others = ['dollars', 'leave', 'chunks', 'length', 'floor', 'cap', 'stopLoss', 'takeProfit', 'part', 'number']

/**
 * The slots of a command with its numbers as the reader understood them; undefined when it is not sure of one of them, when one
 * belongs to nothing, or when a number that the command needs is missing.
 */
function withNumbers(command: string, given: Given, numbers: ReadNumber[]): Given | undefined {
  if (!readsNumbers.has(command) || numbers.length === 0 || others.some((name) => given[name] !== undefined))
    return undefined
  const own: Given = {}
  for (const number of numbers) {
    const { role, confidence, value, kind } = number
    if (confidence < sure) return undefined
    const isTimed = (given.time ?? given.deadline) !== undefined
    if (role === 'time' && isTimed) continue
    const slot = slotOf(command, number)
    if (slot === undefined || own[slot] !== undefined) return undefined
    const isPercent = kind === 'percent'
    if (slot === 'fraction') own.fraction = isPercent ? fractionIn(`${value}%`)! : value
    else if (kind === 'share') return undefined
    else own[slot] = isPercent && slot !== 'percent' ? `${value}%` : value.replace(/^[+-]/, '')
  }
  if (!isWhole(command, own)) return undefined
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !ofRoles.includes(name as never)))
  return { ...rest, ...atCondition(command, given, own) }
}

/** The slot of a role; undefined when the command has none. */
function slotOf(command: string, { role, kind }: ReadNumber): string | undefined {
  const isBracket = command === 'bracket'
  if (role === 'stop' || role === 'target') return isBracket ? role : undefined
  if (isBracket) return undefined
  if (role === 'share') return kind === 'share' || kind === 'percent' ? 'fraction' : undefined
  if (role === 'distance') return kind === 'percent' || command === 'trail' ? 'percent' : undefined
  if (role === 'quantity') return kind === 'plain' || kind === 'size' ? 'quantity' : undefined
  if (role === 'price') return kind === 'plain' || kind === 'price' ? 'price' : undefined
  return undefined
}

/** Has a command the numbers that it cannot do without, and none that it does not take? */
function isWhole(command: string, { quantity, price, percent, fraction, stop, target }: Given): boolean {
  if (quantity !== undefined && fraction !== undefined) return false
  switch (command) {
    case 'bracket':
      return stop !== undefined && target !== undefined
    case 'stop':
    case 'target':
    case 'trail':
      return (price === undefined) !== (percent === undefined) && (quantity ?? fraction) === undefined
    case 'move':
      return price !== undefined && (quantity ?? fraction) === undefined
    case 'long':
    case 'short':
      return quantity !== undefined && price !== undefined
    default:
      return percent === undefined
  }
}

/** Puts the price of an order for later where its condition had it. */
function atCondition(command: string, { above, below, reach, time, deadline }: Given, own: Given): Given {
  if (command !== 'schedule' || own.price === undefined) return own
  const { price, ...rest } = own
  const name = above !== undefined ? 'above' : below !== undefined ? 'below' : 'reach'
  const isLimit = (above ?? below ?? reach) === undefined && (time ?? deadline) !== undefined
  return isLimit ? own : { ...rest, [name]: price }
}

/** A number that was left over without words that make it something else, such as a condition on another symbol or a date. */
const plainly = /^((to|with|from|at|@|down to) )?\$?[\d.,]+[km]?%?( (shares|pieces))?$|^[a-z]+( (hundred|thousand))?$/
/** Words before a number that mean something for one command alone. */
const ofOne: Record<string, RegExp> = { trim: /^minus \d/, bracket: /^between [$\d]/ }

/**
 * Reads the numbers of an order that a model named, and takes them over where the grammar lost one of them or gave one another
 * place. It never leaves out a number that the grammar had. Returns whether it did, so that none of the numbers is lost.
 */
export async function readNumbers<Code extends Handler>(
  model: IntentPredictor,
  { understood, lost, told }: Joined<Code>,
): Promise<boolean> {
  const { name } = understood.registered
  if (!model.numbers || !readsNumbers.has(name)) return false
  const isPlain = lost.every(
    (some) => ofRoles.includes(some as never) || plainly.test(some) || ofOne[name]?.test(some) === true,
  )
  const read = isPlain ? withNumbers(name, understood.given, await model.numbers(told, name)) : undefined
  if (!read || sameNumbers(understood.given, read) || !keepsAll(understood.given, read)) return false
  understood.given = read
  return true
}

/** Has a reading every number of another one? */
function keepsAll(before: Given, after: Given): boolean {
  const numbersOf = (given: Given) =>
    ofRoles.flatMap((name) => (given[name] === undefined ? [] : [given[name].replace(/^[+-]/, '')]))
  const [had, has] = [numbersOf(before), numbersOf(after)]
  return (
    has.length >= had.length && had.every((value) => has.some((one) => one === value || Number(one) === Number(value)))
  )
}

/** Do two readings of a command have the same numbers? */
function sameNumbers(one: Given, other: Given): boolean {
  return ofRoles.every((name) => one[name] === other[name] || Number(one[name]) === Number(other[name]))
}
