import type { CommandOption } from '../chat/door.ts'
import type { Classification } from './classification.ts'
import { changesMoney } from './effect.ts'
import type { RegisteredCommand } from './registry.ts'
import { contradicts, type Given } from './slots.ts'

/** Does the command ask a question first, independent of open positions? */
export function asksFirst(registered: RegisteredCommand, given: Given): boolean {
  const { command } = registered
  const isSaid = ({ name, type }: CommandOption) =>
    given[name] !== undefined || (type === 'text' && given.rest !== undefined)
  if (command.asks) return command.asks(given)
  return changesMoney(registered) && command.options.some((option) => option.required === true && !isSaid(option))
}

/** Does a classified message run without a question? */
export function acts({ verdict, understood }: Classification): boolean {
  if (verdict !== 'acts' || !understood) return false
  return !asksFirst(understood.registered, understood.given) && !contradicts(understood.given)
}
