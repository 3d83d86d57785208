/**
 * The effect of a command. `reads`: it shows something. `sets`: it changes the desk's messages, questions or words. `trades`: it
 * changes positions, orders or risk, or the rights and accounts for them.
 */
export type Effect = 'reads' | 'sets' | 'trades'

/** May a command move money? Such a command never runs on a guess. */
export function movesMoney({ command }: { command: { effect: Effect } }): boolean {
  return command.effect === 'trades'
}

/** Is a guess of this command repeated back before it runs? Yes if it moves money, or if viewers may not set it. */
export function changesMoney({ command }: { command: { effect: Effect; needs?: string } }): boolean {
  const { effect, needs } = command
  return effect === 'trades' || (effect === 'sets' && needs !== undefined && needs !== 'viewer')
}
