import type { Command } from './command.ts'
import * as list from './list.ts'

/** The code of every command, by the name that `trade_commands.handler_function` has for it. */
export const handlers: Record<string, Command> = { ...list }
