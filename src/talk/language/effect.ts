import type { Given } from './given.ts'

/**
 * The effect of a command. `reads`: it shows something. `sets`: it changes the desk's messages, questions or words. `trades`: it
 * changes positions, orders or their protection. `governs`: it changes what trades rest on, such as accounts, rights, halts and
 * the past; people do that, and no hook.
 */
export type Effect = 'reads' | 'sets' | 'trades' | 'governs'

/** May a command move money, or what money rests on? Such a command never runs on a guess. */
export function movesMoney({ command: { effect } }: { command: { effect: Effect } }): boolean {
  return effect === 'trades' || effect === 'governs'
}

/** Is a guess of this command repeated back before it runs? Yes if it moves money, or if viewers may not set it. */
export function changesMoney({ command }: { command: { effect: Effect; needs?: string } }): boolean {
  const { effect, needs } = command
  return movesMoney({ command }) || (effect === 'sets' && needs !== undefined && needs !== 'viewer')
}

/**
 * Would a command empty an account, or close what nobody named? No misspelled word becomes such a command: `braker`, `flatt`.
 * `isShort`: one word stands for all of it.
 */
export function emptiesAccount({ name }: { name: string }, given: Given, isShort: boolean): boolean {
  if (name === 'breaker' || name === 'close all') return true
  const isNamed = (given.symbol ?? given.symbols ?? given.quantity) !== undefined
  return ['close', 'sell', 'scaleout'].includes(name) && !isNamed && (isShort || given.fraction === '1')
}
