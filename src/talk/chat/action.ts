/**
 * A button below a message that gives a command of the desk. A press is the same as the typed command, and counts only from the
 * member of the account.
 */
export interface Action {
  label: string
  /** The name of the command, and the typed values of its options. */
  command: string
  options: Record<string, string>
  /** The account that the message is about. */
  account: number
  /** The command may end a position or an order. */
  ends?: true
}

/** The command of a pressed action. */
export type PressedAction = Pick<Action, 'command' | 'options' | 'account'>

/** The id of an action's button, such as `do:12:close?symbol=BYND`. Doors leave out a button with a longer id than they take. */
export function actionId({ account, command, options }: PressedAction): string {
  return `do:${account}:${command}?${new URLSearchParams(options)}`
}

/** Reads the id of a pressed action; undefined when it is none. */
export function readActionId(id: string): PressedAction | undefined {
  const [, account, command, options] = /^do:(\d{1,15}):([^?]{1,40})\?(.*)$/su.exec(id) ?? []
  if (account === undefined || command === undefined) return undefined
  return { account: Number(account), command, options: Object.fromEntries(new URLSearchParams(options)) }
}
