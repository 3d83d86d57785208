import type { Given } from './slots.ts'
import type { RegisteredCommand } from './wording.ts'

const fractions: Record<string, string> = {
  '0.5': 'half',
  '1/3': 'a third',
  '2/3': 'two thirds',
  '0.25': 'a quarter',
  '0.75': 'three quarters',
  '1': 'all',
}

/** The special words of a command's restatement. */
export interface Manner {
  /** The words between the verb and the symbol. The default is a space. */
  joint?: string
  /** The word before a price. The default is `@`. */
  price?: 'at' | 'by' | '@'
  /** The subject, in place of a size and a symbol. */
  about?: string
}

const known = new Set(
  'symbol symbols quantity dollars leave how type fraction price percent speed length chunks floor cap now time deadline above below reach stop target stopLoss takeProfit side except part scope rest'.split(
    ' ',
  ),
)

/** Puts a command with all its slots in words: `scale out half of BYND, medium`. */
export function restate({ name, command }: RegisteredCommand, given: Given): string {
  return command.restate?.(given) ?? restated(name, given)
}

/** Puts a verb and the slots of a command in words. */
export function restated(verb: string, given: Given, { joint = ' ', price: before = '@', about }: Manner = {}): string {
  const { symbol, symbols, quantity, dollars, fraction, price, percent, speed } = given
  const { leave, how, type, now, time, deadline, above, below, reach, stop, target } = given
  const { length, chunks, floor, cap, part, scope } = given
  const what = symbols?.split(' ').join(' and ') ?? symbol
  const size = quantity ?? (dollars ? `$${dollars}` : fraction && shareText(fraction))
  const subject =
    size && what ? ` ${size}${quantity ? ' ' : ' of '}${what}` : size ? ` ${size}` : what ? `${joint}${what}` : ''
  const details = [
    leave && `to ${leave}`,
    how && 'with a limit',
    type && `as a ${type}`,
    price && `${before} $${price}`,
    percent && `${percent}%`,
    part && `for ${part}`,
    scope && 'on everything',
    (stop ?? given.stopLoss) && `stop ${levelText(stop ?? given.stopLoss!)}`,
    (target ?? given.takeProfit) && `target ${levelText(target ?? given.takeProfit!)}`,
    above && `if it goes above $${above}`,
    below && `if it goes below $${below}`,
    reach && `if the price gets to $${reach}`,
    time && `at ${time}`,
    deadline && `by ${deadline}`,
    now && 'at the market',
    speed,
    length && `over ${length}`,
    chunks && `in ${chunks} chunks`,
    floor && `floor $${floor}`,
    cap && `cap $${cap}`,
    ...Object.entries(given).flatMap(([name, value]) => (known.has(name) ? [] : [`${name} ${value}`])),
  ].filter((detail) => detail !== undefined && detail !== '')
  return [`${verb}${about ? ` ${about}` : subject}`, ...details].join(', ').replace(/, @ /, ' @ ')
}

const levelText = (level: string) => (level.endsWith('%') ? level : `$${level}`)

function shareText(fraction: string): string {
  const named = fractions[fraction]
  if (named !== undefined) return named
  return /^[\d.]+$/.test(fraction) ? `${Number((Number(fraction) * 100).toFixed(4))}%` : fraction
}
