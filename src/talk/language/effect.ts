/**
 * The effect of a command. `reads`: it shows something. `sets`: it changes what the desk tells and asks, and how it is spoken
 * to. `trades`: it changes what is held, ordered or risked, or who may do that and with which account.
 */
export type Effect = 'reads' | 'sets' | 'trades'

/** Says whether a command may move money, so that it is never carried out on a guess. */
export function movesMoney({ command }: { command: { effect: Effect } }): boolean {
  return command.effect === 'trades'
}

/** Says whether a command is repeated back before a guess of it is carried out: it moves money, or no viewer may set it. */
export function changesMoney({ command }: { command: { effect: Effect; needs?: string } }): boolean {
  const { effect, needs } = command
  return effect === 'trades' || (effect === 'sets' && needs !== undefined && needs !== 'viewer')
}
