import type { Given } from './given.ts'
import { droppable } from './registry.ts'
import type { Said, Token } from './tokens.ts'

/** Are there numbers on both sides of the command? */
export function isAround({ tokens }: Said, rest: Token[]): boolean {
  const at = tokens.findIndex((token) => !rest.includes(token) && !droppable.has(token.word))
  const has = (some: Token[]) => some.some(({ word }) => /\d/.test(word))
  return at > 0 && has(tokens.slice(0, at)) && has(tokens.slice(at + 1))
}

const moving = new Set('raise lower tighten loosen widen bump nudge up down higher'.split(' '))

/** Is it unclear whether a level moves by or to a number, as in `raise the stop 5 cents`? */
export function movesBy({ tokens }: Said, command: string): boolean {
  if (!['stop', 'target', 'move'].includes(command)) return false
  const words = tokens.map(({ word }) => word)
  return words.some((word) => moving.has(word)) && !words.some((word) => ['to', 'at', '@'].includes(word))
}

/** Is the text an everyday phrase, as in `so fast` or `tell me why`? */
export function isByTheWay({ tokens }: Said, command: string, named: boolean, given: Given): boolean {
  if (named || given.quantity !== undefined || given.fraction !== undefined) return false
  const [first] = tokens
  return (command === 'why' && tokens.length > 1) || (command === 'scaleout' && first?.word === 'so')
}
