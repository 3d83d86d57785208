import type { Command } from './command.ts'
import * as list from './list.ts'

/** The code of every command, by its name in `trade_commands.handler_function`. */
export const handlers: Record<string, Command> = { ...list }
