import type { CommandOption } from '../chat/door.ts'
import type { Db } from '../db/client.ts'
import { plain, slips } from './words.ts'

/** Nobody types a command of more characters than this. */
const longestCommand = 500

/** What understanding a text needs of the code of a command. */
export interface Handler {
  options: CommandOption[]
}

/** A row of `trade_commands` with its aliases and the code that it names. */
export interface RegisteredCommand<Code extends Handler = Handler> {
  name: string
  description: string
  category: string
  aliases: string[]
  command: Code
}

/** The commands people can type. */
export interface Registry<Code extends Handler = Handler> {
  commands: RegisteredCommand<Code>[]
  /** Rows that name no handler of ours. */
  orphans: { command: string; handler: string }[]
  byName(name: string): RegisteredCommand<Code> | undefined
  /** The command that a text begins with, and the words after it; the longest name or alias wins. */
  match(text: string): { registered: RegisteredCommand<Code>; rest: string } | undefined
  /** The command that the first words of a text look most like; undefined when none is near. */
  nearest(text: string): string | undefined
}

/** Reads the commands from the database and joins them with their handlers. */
export async function loadRegistry<Code extends Handler>(
  db: Db,
  handlers: Record<string, Code>,
): Promise<Registry<Code>> {
  const rows = await db
    .selectFrom('trade_commands')
    .selectAll()
    .where('is_implemented', '=', true)
    .orderBy('position')
    .execute()
  const aliases = await db.selectFrom('trade_command_aliases').selectAll().orderBy('alias').execute()
  const commands: RegisteredCommand<Code>[] = []
  const orphans: Registry['orphans'] = []
  for (const row of rows) {
    const command = Object.hasOwn(handlers, row.handler_function) ? handlers[row.handler_function] : undefined
    if (!command) {
      orphans.push({ command: row.command, handler: row.handler_function })
      continue
    }
    const own = aliases.filter((alias) => alias.command === row.command).map((alias) => alias.alias)
    commands.push({ name: row.command, description: row.description, category: row.category, aliases: own, command })
  }
  const byWords = new Map(
    commands.flatMap((one) => [one.name, ...one.aliases].map((words) => [plain(words), one] as const)),
  )
  const longest = Math.max(1, ...[...byWords.keys()].map((words) => words.split(' ').length))

  return {
    commands,
    orphans,
    byName: (name) => commands.find((one) => one.name === name),
    match(text) {
      if (text.length > longestCommand) return undefined
      const words = plain(text)
        .replace(/^[/!]\s*/, '')
        .split(' ')
      for (let count = Math.min(longest, words.length); count > 0; count--) {
        const said = words
          .slice(0, count)
          .join(' ')
          .replace(/[.!,;:]+$/, '')
        const registered = byWords.get(said)
        if (registered) return { registered, rest: words.slice(count).join(' ') }
      }
      return undefined
    },
    nearest(text) {
      if (text.length > longestCommand) return undefined
      const words = plain(text).split(' ')
      let best: { name: string; away: number } | undefined
      for (const [known, registered] of byWords) {
        if (known.length < 3) continue
        const said = words.slice(0, known.split(' ').length).join(' ')
        // A short word is near too many others: `well` is no slip of `sell`.
        if (known.length < 5 && said[0] !== known[0]) continue
        const away = slips(said, known)
        if (away <= Math.max(1, Math.floor(known.length / 3)) && said.length > 1 && (!best || away < best.away)) {
          best = { name: registered.name, away }
        }
      }
      return best?.name
    },
  }
}
