import type { CommandSpec } from '../chat/door.ts'
import type { Category, Command } from '../commands/command.ts'
import { commonestFirst } from '../commands/commonest.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import { privateOption } from './private-answer.ts'

/** Categories that platforms show apart. Discord has room for only so many descriptions below one command. */
const families: Category[] = ['Indicators', 'Screeners', 'Models', 'Agents', 'Brokers', 'Accounts', 'Alerts']

/** The commands for registration with a platform, the commonest first; each that reads may be answered in private. */
export function commandSpecs(commands: RegisteredCommand<Command>[]): CommandSpec[] {
  return commonestFirst(commands).map(({ name, description, category, command }) => {
    const family = families.find((one) => one === category)?.toLowerCase()
    return {
      name,
      description,
      options: command.effect === 'reads' ? [...command.options, privateOption] : command.options,
      ...(family && { family }),
    }
  })
}
